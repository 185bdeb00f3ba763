using System.Buffers.Binary;
using Pendopo.Rtc;
using Pendopo.Rtc.Congestion;
using Pendopo.Rtc.Rtcp;
using Pendopo.Rtc.Rtp;
using Pendopo.Testing.Media;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>One packet of sound as it was received, with what tells it apart from every other.</summary>
internal readonly record struct ReceivedSound(Instant At, uint Timestamp, ulong Id);

/// <summary>One receive slot at the client: repairs, judges, and remembers reports.</summary>
internal sealed class IncomingStream(string mid, bool isVideo, uint ssrc, uint rtxSsrc, bool asks)
{
    private SequenceUnwrapper _unwrapper;
    private long _arrived;
    private long _reportedArrived;
    private long _reportedMaximum;
    private readonly SortedSet<long> _sequences = [];

    public string Mid { get; } = mid;

    public bool IsVideo { get; } = isVideo;

    public uint Ssrc { get; } = ssrc;

    public uint RtxSsrc { get; } = rtxSsrc;

    public int ClockRate => IsVideo ? Vp8SimulcastGenerator.ClockRate : OpusGenerator.ClockRate;

    public NackTracker? Nack { get; } = asks ? new NackTracker() : null;

    public AudioReceiver Audio { get; } = new();

    public FrameAssembler Video { get; } = new();

    /// <summary>Judges the picture in place of <see cref="Video"/> where it is scalable.</summary>
    public SvcAssembler? Svc { get; init; }

    public List<ReceivedSound> Sounds { get; } = [];

    public List<(Instant At, SenderInfo Report)> Reports { get; } = [];

    public long Packets { get; private set; }

    /// <summary>All that have come, repaired ones as they were.</summary>
    public HashSet<byte> PayloadTypes { get; } = [];

    /// <summary>Payload type of H.264 where it was offered.</summary>
    public byte? H264 { get; init; }

    public long RedPackets { get; private set; }

    public long Recovered { get; private set; }

    public Instant LastPictureLoss { get; set; }

    /// <summary>Numbers between the first and the last received one that never came.</summary>
    public long MissingSequences => _sequences.Count == 0 ? 0 : _sequences.Max - _sequences.Min + 1 - _sequences.Count;

    public uint HighestSequence => _sequences.Count == 0 ? 0 : (uint)(_sequences.Max - 0x10000);

    /// <summary>The decoded frames from a moment on.</summary>
    public IEnumerable<DecodedFrame> FramesSince(Instant from) => Video.Decoded.Where(frame => frame.At >= from);

    public void Receive(Instant now, Span<byte> packet, bool isRtx)
    {
        if (isRtx)
        {
            var h264 = (packet[1] & 0x7f) == H264 + 1 ? H264 : null;
            if (!Rtx.TryRestore(packet, !IsVideo ? ClientOffer.Opus : h264 ?? ClientOffer.Vp8, Ssrc, out packet)) return;
            Recovered++;
        }

        if (!RtpPacket.TryParse(packet, out var rtp, out _)) return;
        if (!isRtx) _arrived++;
        Packets++;
        PayloadTypes.Add(rtp.PayloadType);
        Nack?.Add(now, rtp.SequenceNumber);
        var isNew = _sequences.Add(_unwrapper.Unwrap(rtp.SequenceNumber));
        if (IsVideo)
        {
            if (rtp.PayloadType == H264 && rtp.Payload.Length > 0)
            {
                // What its maker put around the packet of VP8 comes off again.
                rtp.Payload[1..].CopyTo(packet[rtp.HeaderLength..]);
                packet = packet[..^1];
            }

            if (isNew && Svc is not null) Svc.Add(now, packet);
            else if (isNew) Video.Add(now, packet);
            return;
        }

        Audio.Add(now, packet);
        var sound = rtp.Payload;
        if (rtp.PayloadType == ClientOffer.Red)
        {
            if (!RedPayload.TryParse(sound, out var red)) return;
            RedPackets++;
            sound = red.Primary;
        }

        if (isNew && sound.Length >= 8) Sounds.Add(new(now, rtp.Timestamp, BinaryPrimitives.ReadUInt64BigEndian(sound)));
    }

    /// <summary>What a receiver report says of the stream since the last one; false while it is not known.</summary>
    public bool TryReport(Instant now, out ReportBlock block)
    {
        block = default;
        if (_sequences.Count == 0 || Reports.Count == 0) return false;
        var expected = _sequences.Max - Math.Max(_reportedMaximum, _sequences.Min - 1);
        var lost = Math.Clamp(expected - (_arrived - _reportedArrived), 0, expected);
        (_reportedMaximum, _reportedArrived) = (_sequences.Max, _arrived);
        var (at, report) = Reports[^1];
        block = new(
            Ssrc, (byte)(expected == 0 ? 0 : Math.Min(255, lost * 256 / expected)), 0, HighestSequence, 0, (uint)(report.NtpTimestamp >> 16),
            (uint)((now - at).TotalSeconds * 65_536));
        return true;
    }

    public void OnSenderReport(Instant now, in SenderInfo report) => Reports.Add((now, report));

    /// <summary>When a timestamp was captured on the server's NTP clock, in seconds, by the report that was the newest at a moment.</summary>
    public double? CapturedAt(uint timestamp, Instant by)
    {
        var index = Reports.FindLastIndex(report => report.At <= by);
        if (index < 0) return null;
        var report = Reports[index].Report;
        return (report.NtpTimestamp / 4294967296.0) + ((int)(timestamp - report.RtpTimestamp) / (double)ClockRate);
    }
}
