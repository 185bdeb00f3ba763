using Pendopo.Rtc;

namespace Pendopo.Sfu.Limits;

/// <summary>
/// What one peer has used of its limits. RTP and RTCP are judged after SRTP has authenticated them: a stranger who writes the
/// peer's address as source must not use up the peer's share, and finding that out costs 0.2 µs. Owned by the worker.
/// </summary>
internal sealed class PeerLimits
{
    private const int Kinds = (int)LimitKind.Dtls + 1;

    private readonly long[] _refused = new long[Kinds];
    private readonly DropCounters _drops;
    private readonly RateLimit _packets;
    private readonly RateLimit _bytes;
    private readonly RateLimit _rtcp;
    private readonly RateLimit _feedback;
    private readonly RateLimit _checks;
    private readonly RateLimit _dtls;
    private long _packetsFull;
    private long _bytesFull;
    private long _rtcpFull;
    private long _feedbackFull;
    private long _checksFull;
    private long _dtlsFull;

    /// <param name="limits">Of the media server.</param>
    /// <param name="drops">Where refused packets are counted beside their kind.</param>
    public PeerLimits(IngressLimits limits, DropCounters drops)
    {
        _drops = drops;
        var burst = limits.Burst.TotalSeconds;
        _packets = new(limits.PacketsPerSecond, limits.PacketsPerSecond * burst);
        _bytes = new(limits.BitsPerSecond / 8.0, limits.BitsPerSecond / 8.0 * burst);
        _rtcp = new(limits.RtcpPerSecond, limits.RtcpPerSecond * burst);

        // A single feedback may tell of a second's packets after an outage.
        _feedback = new(limits.FeedbackPerSecond, limits.FeedbackPerSecond);
        _checks = new(limits.ChecksPerSecond, limits.ChecksPerSecond);
        _dtls = new(limits.DtlsPerSecond, limits.DtlsPerSecond);
    }

    /// <summary>RTP packets that authenticated and were let through.</summary>
    public long ReceivedPackets { get; private set; }

    /// <summary>Bytes of <see cref="ReceivedPackets"/> with RTP headers, without SRTP's trailer.</summary>
    public long ReceivedBytes { get; private set; }

    /// <summary>True once the address of this peer was charged for its handshake.</summary>
    public bool HandshakeBegun { get; set; }

    /// <summary>Packets (for <see cref="LimitKind.Feedback"/>: RTCP packets) that a limit dropped.</summary>
    public long Refused(LimitKind kind) => _refused[(int)kind];

    public bool TryTakeRtp(Instant now, int bytes)
    {
        if (!_bytes.HasRoom(_bytesFull, now) || !_packets.TryTake(ref _packetsFull, now, 1)) return Refuse(LimitKind.Rtp);
        _bytes.TryTake(ref _bytesFull, now, bytes);
        ReceivedPackets++;
        ReceivedBytes += bytes;
        return true;
    }

    public bool TryTakeRtcp(Instant now) => _rtcp.TryTake(ref _rtcpFull, now, 1) || Refuse(LimitKind.Rtcp);

    /// <param name="units">Numbers that an RTCP packet makes us look up.</param>
    public bool TryTakeFeedback(Instant now, int units) => _feedback.TryTake(ref _feedbackFull, now, units) || Refuse(LimitKind.Feedback);

    public bool TryTakeCheck(Instant now) => _checks.TryTake(ref _checksFull, now, 1) || Refuse(LimitKind.Stun);

    public bool TryTakeDtls(Instant now) => _dtls.TryTake(ref _dtlsFull, now, 1) || Refuse(LimitKind.Dtls);

    /// <summary>Counts what was dropped; false, for the caller to return.</summary>
    public bool Refuse(LimitKind kind)
    {
        _refused[(int)kind]++;
        _drops.Add(DropReason.RateLimited);
        return false;
    }
}
