using System.Buffers.Binary;
using Pendopo.Rtc;
using Pendopo.Rtc.Rtcp;
using Pendopo.Rtc.Rtp;
using Pendopo.Testing.Media;

namespace Pendopo.Load.Clients;

/// <summary>One SSRC that a client receives, judged by its headers: continuity and, once matched, latency.</summary>
internal sealed class ReceivedStream(uint ssrc, bool isVideo)
{
    private SequenceUnwrapper _unwrapper;
    private OutgoingTrack? _origin;
    private ushort _offset;
    private long _reportedExpected;
    private long _reportedReceived;
    private long _first = -1;
    private long _highest = -1;
    private ulong _seen;
    private uint _lastReport;
    private long _lastReportAt;

    public uint Ssrc { get; } = ssrc;

    public bool IsVideo { get; } = isVideo;

    /// <summary>Distinct packets.</summary>
    public long Received { get; private set; }

    public long Duplicates { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Numbers from the first to the highest; those that were not received are lost.</summary>
    public long Expected => _first < 0 ? 0 : _highest - _first + 1;

    /// <summary>The next packet shall be decrypted and compared with what was sent.</summary>
    public bool WantsMatch { get; set; }

    /// <summary>Times that a later match showed another origin: the server switched or renumbered in between.</summary>
    public int Rematches { get; private set; }

    /// <summary>The judge of pictures, for the few streams that are decrypted whole.</summary>
    public FrameAssembler? Pictures { get; set; }

    /// <summary>Decrypted packets that are no packet that was sent.</summary>
    public long Corrupt { get; set; }

    public long Verified { get; set; }

    /// <summary>Takes a header; false for a duplicate.</summary>
    public bool OnHeader(ReadOnlySpan<byte> packet)
    {
        var sequence = _unwrapper.Unwrap(BinaryPrimitives.ReadUInt16BigEndian(packet[2..]));
        if (_first < 0) (_first, _highest) = (sequence, sequence - 1);
        if (sequence > _highest)
        {
            var step = sequence - _highest;
            _seen = step >= 64 ? 1 : (_seen << (int)step) | 1;
            _highest = sequence;
        }
        else
        {
            var age = _highest - sequence;
            if (age >= 64 || (_seen & (1UL << (int)age)) != 0)
            {
                Duplicates++;
                return false;
            }

            _seen |= 1UL << (int)age;
        }

        Received++;
        Bytes += packet.Length;
        return true;
    }

    /// <summary>Nanoseconds from the sender to the arrival; false until the stream is matched.</summary>
    public bool TryGetLatency(ReadOnlySpan<byte> packet, long arrivedAt, out long latency)
    {
        latency = 0;
        if (_origin is null) return false;
        latency = arrivedAt - _origin.SentAt((ushort)(BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) - _offset));
        return true;
    }

    /// <summary>
    /// Finds out which packet of whom this decrypted one is. Two senders may have made the same one at different times, so the
    /// latest counts: packets take milliseconds, and senders' frame numbers differ by more.
    /// </summary>
    public void Match(in RtpPacket packet, IReadOnlyList<OutgoingTrack> tracks)
    {
        var identity = PacketIdentity.Of(IsVideo, packet.Payload);
        OutgoingTrack? origin = null;
        ushort number = 0;
        foreach (var track in tracks)
        {
            if (track.IsVideo != IsVideo || !track.TryFind(identity, out var sequence)) continue;
            if (origin is null || track.SentAt(sequence) > origin.SentAt(number)) (origin, number) = (track, sequence);
        }

        if (origin is null) return;
        var offset = (ushort)(packet.SequenceNumber - number);
        if (_origin is not null && (!ReferenceEquals(_origin, origin) || _offset != offset)) Rematches++;
        (_origin, _offset) = (origin, offset);
        WantsMatch = false;
    }

    public void OnSenderReport(long now, in SenderInfo report)
    {
        _lastReport = (uint)(report.NtpTimestamp >> 16);
        _lastReportAt = now;
    }

    /// <summary>What a receiver report says of this stream.</summary>
    public ReportBlock TakeReport(long now)
    {
        var expected = Expected - _reportedExpected;
        var lost = Math.Max(0, expected - (Received - _reportedReceived));
        (_reportedExpected, _reportedReceived) = (Expected, Received);
        var delay = _lastReport == 0 ? 0 : (uint)((now - _lastReportAt) * 65536 / 1_000_000_000);
        return new(Ssrc, (byte)(expected > 0 ? Math.Min(255, lost * 256 / expected) : 0), (int)(Expected - Received), (uint)_highest, 0, _lastReport, delay);
    }

    /// <summary>Judges a decrypted packet of a sampled stream.</summary>
    public void Verify(Instant now, ReadOnlySpan<byte> bytes, IReadOnlyList<OutgoingTrack> tracks)
    {
        if (!RtpPacket.TryParse(bytes, out var packet, out _))
        {
            Corrupt++;
            return;
        }

        Verified++;
        Pictures?.Add(now, bytes);
        if (IsVideo || packet.Payload.IsEmpty) return;
        var identity = PacketIdentity.Of(false, packet.Payload);
        foreach (var track in tracks)
        {
            if (!track.IsVideo && track.TryFind(identity, out _)) return;
        }

        Corrupt++;
    }
}
