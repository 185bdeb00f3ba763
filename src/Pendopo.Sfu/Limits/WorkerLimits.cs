using Pendopo.Rtc;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu.Forwarding;

namespace Pendopo.Sfu.Limits;

/// <summary>
/// What strangers and addresses may ask of one worker. Memory does not grow with the number of addresses, nothing is allocated, and
/// each question costs the same.
/// </summary>
/// <remarks>
/// The order matters. A check is charged to everybody's budget only after it has named a peer by a fragment that strangers do not
/// know, and after that peer's own budget; so neither a stranger nor a member can use up what others need to join.
/// </remarks>
internal sealed class WorkerLimits(IngressLimits limits, Random random)
{
    private readonly SourceLimiter _strangers = new(new(limits.StrangersPerSecond, limits.StrangersPerSecond), random);
    private readonly SourceLimiter _handshakes = new(new(limits.HandshakesPerSecond, limits.HandshakesPerSecond * 10), random);
    private readonly RateLimit _checks = new(limits.WorkerChecksPerSecond, limits.WorkerChecksPerSecond);
    private long _checksFull;

    /// <summary>STUN from an address without a known path: may it be looked at?</summary>
    public bool AdmitStranger(Instant now, TransportAddress from) => _strangers.TryTake(now, from);

    /// <summary>A check that names a peer: may it be verified and answered?</summary>
    public bool AdmitCheck(Instant now, MediaPeer peer) =>
        peer.Limits.TryTakeCheck(now) && (_checks.TryTake(ref _checksFull, now, 1) || peer.Limits.Refuse(LimitKind.Stun));

    /// <summary>What came on a known path: false for DTLS that exceeds the peer's limit or its address's limit of handshakes.</summary>
    public bool AdmitKnown(Instant now, TransportAddress from, MediaPeer peer, ReadOnlySpan<byte> datagram)
    {
        // RFC 7983: 20 to 63 is DTLS. Media, by far the most, is judged after it has authenticated.
        if (datagram.Length == 0 || datagram[0] is < 20 or > 63) return true;
        if (!peer.Limits.TryTakeDtls(now)) return false;
        if (peer.Limits.HandshakeBegun) return true;
        peer.Limits.HandshakeBegun = _handshakes.TryTake(now, from);
        return peer.Limits.HandshakeBegun || peer.Limits.Refuse(LimitKind.Dtls);
    }
}
