namespace Pendopo.Client.Sframe;

/// <summary>
/// Encrypted AV1 travels as one OBU of type 1 with a size: what packetizers carry without looking inside. Others are dropped by some, or
/// need the Dependency Descriptor to be decoded again.
/// </summary>
internal static class Av1Obu
{
    private const byte Header = 0x0a;

    /// <summary>Bits of a size in one byte (AV1 specification §4.10.5, leb128).</summary>
    private const int SizeBits = 7;

    private const int LongestSize = 5;

    /// <summary>Bytes before the content of an OBU that long.</summary>
    public static int PrefixLength(int length)
    {
        var bytes = 2;
        for (var rest = (uint)length >> SizeBits; rest > 0; rest >>= SizeBits) bytes++;
        return bytes;
    }

    public static void WritePrefix(Span<byte> destination, int length)
    {
        destination[0] = Header;
        var offset = 1;
        var rest = (uint)length;
        for (; rest >= 0x80; rest >>= SizeBits) destination[offset++] = (byte)(0x80 | (rest & 0x7f));
        destination[offset] = (byte)rest;
    }

    /// <summary>False if the frame is not exactly one such OBU with the size in its shortest form.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (frame.IsEmpty || frame[0] != Header) return false;
        ulong length = 0;
        for (var i = 0; i < LongestSize; i++)
        {
            if (frame.Length <= 1 + i) return false;
            length |= (ulong)(frame[1 + i] & 0x7f) << (SizeBits * i);
            if ((frame[1 + i] & 0x80) != 0) continue;
            var start = 2 + i;
            if ((ulong)frame.Length != (ulong)start + length || PrefixLength((int)length) != start) return false;
            content = frame[start..];
            return true;
        }

        return false;
    }
}
