using Pendopo.Load.Network;
using Pendopo.Rtc.Rtcp;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Load.Clients;

/// <summary>
/// One SSRC that a client sends: when each of the last packets left, and what tells its payload from others, so that a
/// receiver whose server renumbers packets can find out which one it holds.
/// </summary>
internal sealed class OutgoingTrack(uint ssrc, bool isVideo, int clockRate)
{
    /// <summary>Packets remembered, a power of two; about half a minute of video.</summary>
    private const int Window = 8192;

    /// <summary>How far back a match is looked for: half a second of the fastest stream, while packets take milliseconds.</summary>
    private const int SearchWindow = 256;

    private readonly long[] _sentAt = new long[Window];
    private readonly ulong[] _identities = new ulong[Window];
    private uint _timestamp;
    private uint _octets;

    public uint Ssrc { get; } = ssrc;

    public bool IsVideo { get; } = isVideo;

    public long Packets { get; private set; }

    public ushort Newest { get; private set; }

    /// <summary>Tells that a packet is about to leave.</summary>
    public void OnSending(in RtpPacket packet)
    {
        Packets++;
        Newest = packet.SequenceNumber;
        _octets += (uint)packet.Payload.Length;
        _timestamp = packet.Timestamp;
        _identities[packet.SequenceNumber & (Window - 1)] = PacketIdentity.Of(IsVideo, packet.Payload);
    }

    public void OnSent(ushort sequence, long nanoseconds) => _sentAt[sequence & (Window - 1)] = nanoseconds;

    /// <summary>Nanoseconds since 1970.</summary>
    public long SentAt(ushort sequence) => _sentAt[sequence & (Window - 1)];

    public bool TryFind(ulong identity, out ushort sequence)
    {
        for (var age = 0; age < SearchWindow && age < Packets; age++)
        {
            sequence = (ushort)(Newest - age);
            if (_identities[sequence & (Window - 1)] == identity) return true;
        }

        sequence = 0;
        return false;
    }

    /// <summary>A sender report for the packet that left last.</summary>
    public bool TryReport(long now, out SenderInfo report)
    {
        var elapsed = now - SentAt(Newest);
        var timestamp = _timestamp + (uint)(elapsed * clockRate / 1_000_000_000);
        report = new(Ssrc, Clock.ToNtp(now), timestamp, (uint)Packets, _octets);
        return Packets > 0;
    }
}

/// <summary>A number that tells the payloads of synthetic packets apart.</summary>
internal static class PacketIdentity
{
    /// <summary>The synthetic VP8 descriptor, whose numbers a server rewrites.</summary>
    private const int Vp8DescriptorLength = 6;

    private const int Length = 32;

    /// <summary>FNV-1a over the first bytes, in which the generators put what is unique to a packet.</summary>
    public static ulong Of(bool isVideo, ReadOnlySpan<byte> payload)
    {
        if (isVideo) payload = payload.Length > Vp8DescriptorLength ? payload[Vp8DescriptorLength..] : default;
        if (payload.Length > Length) payload = payload[..Length];
        var hash = 14695981039346656037UL;
        foreach (var value in payload) hash = (hash ^ value) * 1099511628211UL;
        return hash;
    }
}
