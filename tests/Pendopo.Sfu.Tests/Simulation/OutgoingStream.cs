using Pendopo.Rtc;
using Pendopo.Rtc.Congestion;
using Pendopo.Rtc.Rtcp;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>One SSRC that the client sends: what it needs to answer a NACK and to report.</summary>
internal sealed class OutgoingStream(uint ssrc, uint rtxSsrc, string rid, int clockRate)
{
    private readonly RetransmissionCache _cache = new(1024, 1500);
    private SequenceUnwrapper _sequences;
    private long _newest;
    private ushort _rtxSequence = 1;
    private uint _packets;
    private uint _octets;
    private uint _timestamp;
    private Instant _capturedAt;

    public uint Ssrc { get; } = ssrc;

    public uint RtxSsrc { get; } = rtxSsrc;

    public string Rid { get; } = rid;

    public uint Packets => _packets;

    public long Retransmissions { get; private set; }

    public void OnSent(Instant capturedAt, ReadOnlySpan<byte> packet)
    {
        if (!RtpPacket.TryParse(packet, out var rtp, out _)) return;
        _newest = _sequences.Unwrap(rtp.SequenceNumber);
        _cache.Store(capturedAt, _newest, packet);
        (_packets, _octets) = (_packets + 1, _octets + (uint)rtp.Payload.Length);
        (_timestamp, _capturedAt) = (rtp.Timestamp, capturedAt);
    }

    /// <summary>
    /// The retransmission of a packet. It carries the MID of its m-line and the repaired RID on the first ones, and a transport
    /// sequence number of its own. Without a payload type it is the one behind the packet's, as those of pictures stand in offers.
    /// </summary>
    public bool TryRetransmit(Instant now, ushort sequence, byte? payloadType, string mid, Func<ushort>? transportSequence, Span<byte> destination, out int length)
    {
        length = 0;
        var extended = _newest + (short)(sequence - (ushort)_newest);
        if (!_cache.TryFind(now, extended, TimeSpan.FromSeconds(1), out var bytes) || !RtpPacket.TryParse(bytes, out var original, out _)) return false;
        var map = ClientOffer.Extensions;
        var writer = new RtpHeaderWriter(destination, payloadType ?? (byte)(original.PayloadType + 1), original.Marker, _rtxSequence++, original.Timestamp, RtxSsrc);
        if (transportSequence is not null && writer.TryReserve(map.Id(RtpExtensionKind.TransportWideCc), 2, out var value)) TransportSequence.Write(value, transportSequence());
        if (original.TryGetExtension(map.Id(RtpExtensionKind.AudioLevel), out var level)) writer.TryAdd(map.Id(RtpExtensionKind.AudioLevel), level);
        if (Retransmissions++ < 30)
        {
            writer.TryAdd(map.Id(RtpExtensionKind.Mid), System.Text.Encoding.ASCII.GetBytes(mid));
            if (Rid.Length > 0) writer.TryAdd(map.Id(RtpExtensionKind.RepairedRid), System.Text.Encoding.ASCII.GetBytes(Rid));
        }

        length = writer.Complete();
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(destination[length..], sequence);
        original.Payload.CopyTo(destination[(length + 2)..]);
        length += 2 + original.Payload.Length;
        return true;
    }

    public bool TryReport(Instant now, ulong ntp, out SenderInfo report)
    {
        report = default;
        if (_packets == 0) return false;
        var timestamp = _timestamp + (uint)(int)((now - _capturedAt).TotalSeconds * clockRate);
        report = new(Ssrc, ntp, timestamp, _packets, _octets);
        return true;
    }
}
