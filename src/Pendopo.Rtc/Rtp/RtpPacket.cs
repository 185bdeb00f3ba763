namespace Pendopo.Rtc.Rtp;

/// <summary>A view over an RTP packet (RFC 3550 §5.1) with one- or two-byte header extensions (RFC 8285). Copies nothing.</summary>
public readonly ref struct RtpPacket
{
    /// <summary>Checks version, CSRC list, extension block and padding; afterwards every property is safe to read.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out RtpPacket packet, out DropReason reason) => throw new NotSupportedException("not built yet");

    public bool Marker => throw new NotSupportedException();

    public byte PayloadType => throw new NotSupportedException();

    public ushort SequenceNumber => throw new NotSupportedException();

    public uint Timestamp => throw new NotSupportedException();

    public uint Ssrc => throw new NotSupportedException();

    /// <summary>Bytes before the payload: fixed header, CSRCs and extension block.</summary>
    public int HeaderLength => throw new NotSupportedException();

    /// <summary>Padding bytes at the end, the count byte included.</summary>
    public int PaddingLength => throw new NotSupportedException();

    /// <summary>The payload without padding; empty for padding-only packets.</summary>
    public ReadOnlySpan<byte> Payload => throw new NotSupportedException();

    /// <summary>The value of the extension with that id; ids 1–14 (one-byte form) or 1–255 (two-byte form).</summary>
    public bool TryGetExtension(byte id, out ReadOnlySpan<byte> value) => throw new NotSupportedException();

    /// <summary>All extension elements in order.</summary>
    public RtpExtensionEnumerator Extensions => throw new NotSupportedException();
}

/// <summary>Walks the extension elements of a packet: <c>while (e.MoveNext()) { e.Id; e.Value; }</c>.</summary>
public ref struct RtpExtensionEnumerator
{
    public readonly byte Id => throw new NotSupportedException();

    public readonly ReadOnlySpan<byte> Value => throw new NotSupportedException();

    public bool MoveNext() => throw new NotSupportedException();
}
