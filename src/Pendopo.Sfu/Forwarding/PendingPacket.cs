using Pendopo.Rtc.Rtp;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// A received packet, decrypted and read once, in memory of its own from which it is encrypted for each subscriber. Made once, filled
/// again and again. Owned by the worker.
/// </summary>
internal sealed unsafe class PendingPacket
{
    /// <summary>Bytes of a slot: the largest packet, room to align the payload, and slack that vector code may read.</summary>
    public const int SlotBytes = 2048;

    /// <summary>Padding that makes a frame's packets equally long; sizes within a frame differ by a byte or two.</summary>
    public const int MaximumPadding = 3;

    /// <summary>Where the payload begins unless the header is longer: on a cache line.</summary>
    private const int PayloadStart = 448;

    private readonly byte* _slot;
    private CodecNumbers _numbers;
    private int _headerLength;
    private int _payloadStart;

    /// <param name="slot"><see cref="SlotBytes"/> bytes on a cache line, zeroed.</param>
    public PendingPacket(byte* slot) => _slot = slot;

    public PublishedLayer Layer { get; private set; } = null!;

    public MediaCodec Codec { get; private set; }

    /// <summary>Extended number in the source's own count.</summary>
    public long Sequence { get; private set; }

    public uint Timestamp { get; private set; }

    public bool Marker { get; private set; }

    public ref readonly CodecNumbers Numbers => ref _numbers;

    /// <summary>Bytes of the payload, without padding.</summary>
    public int PayloadLength { get; private set; }

    /// <summary>Bytes of padding that were added here, the count byte included.</summary>
    public int PaddingLength { get; private set; }

    /// <summary>Bytes with the source's header and padding: about what each receiver gets.</summary>
    public int Length => _headerLength + PayloadLength + PaddingLength;

    /// <summary>The header as one kind of receiver gets it, but for its numbers; made by the first receiver of that kind.</summary>
    public HeaderTemplate Header { get; } = new();

    /// <summary>The source's header, for its extensions. Says nothing of padding.</summary>
    public ReadOnlySpan<byte> SourceHeader => new(_slot, _headerLength);

    /// <summary>The payload, which may be rewritten: every receiver writes the same fields before it encrypts.</summary>
    public Span<byte> Payload => new(_slot + _payloadStart, PayloadLength);

    public ReadOnlySpan<byte> PaddedPayload => new(_slot + _payloadStart, PayloadLength + PaddingLength);

    /// <summary>False for a packet longer than a slot takes.</summary>
    public bool TryLoad(PublishedLayer layer, in RtpPacket packet, MediaCodec codec, long sequence, in CodecNumbers numbers)
    {
        var payload = packet.Payload;
        var header = packet.HeaderLength;
        var start = header <= PayloadStart ? PayloadStart : header;
        if (start + payload.Length > SlotBytes - 64) return false;
        packet.Bytes[..header].CopyTo(new Span<byte>(_slot, header));
        payload.CopyTo(new Span<byte>(_slot + start, payload.Length));
        _slot[0] &= 0xdf;
        _headerLength = header;
        _payloadStart = start;
        Layer = layer;
        Codec = codec;
        Sequence = sequence;
        Timestamp = packet.Timestamp;
        Marker = packet.Marker;
        _numbers = numbers;
        PayloadLength = payload.Length;
        PaddingLength = 0;
        Header.Clear();
        return true;
    }

    /// <summary>RTP padding (RFC 3550 §5.1) up to a length that others of its frame have.</summary>
    public void Pad(int bytes)
    {
        var end = new Span<byte>(_slot + _payloadStart + PayloadLength, bytes);
        end.Clear();
        if (bytes > 0) end[^1] = (byte)bytes;
        PaddingLength = bytes;
    }
}
