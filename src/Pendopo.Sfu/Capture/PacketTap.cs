using System.Buffers.Binary;
using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;
using Pendopo.Sfu.Forwarding;

namespace Pendopo.Sfu.Capture;

/// <summary>
/// The worker's end of a capture: takes the headers of one peer's packets. Of RTP the payload is never copied; of RTCP reports and
/// feedback stay, and whatever may bear text (SDES, APP, unknown types) is blanked. Allocates nothing per packet.
/// </summary>
internal sealed class PacketTap(CaptureLimits limits, Instant start, NtpClock clock)
{
    /// <summary>Seconds from 1900 to 1970.</summary>
    private const ulong NtpToUnix = 2_208_988_800;

    /// <summary>A tenth of a second of 10 000 packets; the reader comes more often.</summary>
    private const int RingBytes = 1 << 18;

    private const byte SenderReport = 200;
    private const byte ReceiverReport = 201;
    private const byte SourceDescription = 202;
    private const byte TransportFeedback = 205;
    private const byte PayloadFeedback = 206;

    private readonly byte[] _block = new byte[PcapngFormat.LongestBlock];
    private readonly byte[] _rtcp = new byte[2048];
    private readonly Instant _end = start + limits.Duration;
    private long _bytes = PcapngFormat.Begin().Length + PcapngFormat.End(0, 0).Length;
    private long _packets;
    private long _dropped;
    private volatile bool _isOver;

    public CaptureRing Ring { get; } = new(RingBytes);

    /// <summary>Nothing more will come; from any thread.</summary>
    public bool IsOver => _isOver;

    /// <summary>Packets written; from any thread.</summary>
    public long Packets => Volatile.Read(ref _packets);

    /// <summary>Packets that found the ring full; from any thread.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>The peer is gone.</summary>
    public void Close() => _isOver = true;

    public void OnRtp(Instant now, ReadOnlySpan<byte> packet, bool isSent)
    {
        if (RtpPacket.TryParse(packet, out var parsed, out _)) OnRtp(now, packet[..parsed.HeaderLength], packet.Length, isSent);
    }

    /// <param name="now">When it passes.</param>
    /// <param name="header">Fixed header, CSRCs and extensions.</param>
    /// <param name="length">Of the whole packet, without SRTP's trailer.</param>
    /// <param name="isSent">From the server to the peer.</param>
    public void OnRtp(Instant now, ReadOnlySpan<byte> header, int length, bool isSent) => Write(now, header, length, isSent);

    public void OnRtcp(Instant now, ReadOnlySpan<byte> compound, bool isSent)
    {
        if (compound.Length > _rtcp.Length) return;
        var copy = _rtcp.AsSpan(0, compound.Length);
        compound.CopyTo(copy);
        Blank(copy);
        Write(now, copy, compound.Length, isSent);
    }

    /// <summary>Leaves each packet's header and sender, and blanks what is no number of ours to see.</summary>
    private static void Blank(Span<byte> compound)
    {
        while (compound.Length >= 4)
        {
            var length = Math.Min(compound.Length, 4 * (BinaryPrimitives.ReadUInt16BigEndian(compound[2..]) + 1));
            if (compound[1] == SourceDescription) BlankItems(compound[4..length]);
            else if (compound[1] is not (SenderReport or ReceiverReport or TransportFeedback or PayloadFeedback) && length > 8) compound[8..length].Clear();
            compound = compound[length..];
        }

        compound.Clear();
    }

    /// <summary>Overwrites the text of each item (RFC 3550 §6.5) and leaves its type and length, so that readers find their way.</summary>
    private static void BlankItems(Span<byte> chunks)
    {
        for (var at = 4; at < chunks.Length;)
        {
            if (chunks[at] == 0)
            {
                // The end of a chunk, filled up to a whole word; the next one begins with its source.
                at = (at | 3) + 1 + 4;
                continue;
            }

            var end = at + 2 + (at + 1 < chunks.Length ? chunks[at + 1] : chunks.Length);
            if (end > chunks.Length)
            {
                chunks[at..].Clear();
                return;
            }

            chunks[(at + 2)..end].Fill((byte)'-');
            at = end;
        }
    }

    private void Write(Instant now, ReadOnlySpan<byte> kept, int length, bool isSent)
    {
        if (_isOver) return;
        var block = PcapngFormat.WritePacket(_block, UnixMicroseconds(now), kept, length, isSent);
        if (now >= _end || _bytes + block > limits.Bytes)
        {
            _isOver = true;
            return;
        }

        if (!Ring.TryWrite(_block.AsSpan(0, block)))
        {
            Volatile.Write(ref _dropped, _dropped + 1);
            return;
        }

        _bytes += block;
        Volatile.Write(ref _packets, _packets + 1);
    }

    private ulong UnixMicroseconds(Instant now)
    {
        var ntp = clock.At(now);
        return (((ntp >> 32) - NtpToUnix) * 1_000_000) + (((ntp & 0xffff_ffff) * 1_000_000) >> 32);
    }
}
