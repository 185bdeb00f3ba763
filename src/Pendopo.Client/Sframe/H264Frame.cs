namespace Pendopo.Client.Sframe;

/// <summary>What H.264 needs so that encrypted frames pass packetizers: a clear part up to the first slice, and no start code behind it.</summary>
internal static class H264Frame
{
    /// <summary>Bytes of the first slice that stay clear: the header of its NAL unit, and two in which receivers read its parameter set.</summary>
    private const int ClearSliceBytes = 3;

    /// <summary>NAL unit types 1 to 5 are slices (ITU-T H.264 table 7-1).</summary>
    private const int LastSliceType = 5;

    private const byte Escape = 3;

    /// <summary>A stop bit, as at the end of every raw byte sequence payload (ITU-T H.264 §7.3.2.11).</summary>
    private const byte EndByte = 0x80;

    private static ReadOnlySpan<byte> StartCode => [0, 0, 0, 1];

    /// <summary>
    /// Divides an access unit in Annex B form at its first slice. The clear part is written with start codes of four bytes each, as receivers
    /// get them, for RTP carries none. False where there is no whole beginning of a slice, or no room.
    /// </summary>
    /// <param name="clear">Room for the clear part: twice the frame is always enough.</param>
    /// <param name="restStart">Where in the frame the rest begins.</param>
    public static bool TrySplit(ReadOnlySpan<byte> frame, Span<byte> clear, out int clearLength, out int restStart)
    {
        clearLength = restStart = 0;
        if (!TryFindUnit(frame, 0, out var codeStart, out var start) || frame[..codeStart].ContainsAnyExcept((byte)0)) return false;
        while (true)
        {
            var isSlice = (frame[start] & 0x1f) is >= 1 and <= LastSliceType;
            var end = start + ClearSliceBytes;
            var next = 0;
            if (!isSlice)
            {
                if (!TryFindUnit(frame, start, out codeStart, out next)) return false;
                end = frame[..codeStart].LastIndexOfAnyExcept((byte)0) + 1;
            }

            if (end <= start || end > frame.Length || clear.Length < clearLength + StartCode.Length + end - start) return false;
            StartCode.CopyTo(clear[clearLength..]);
            frame[start..end].CopyTo(clear[(clearLength + StartCode.Length)..]);
            clearLength += StartCode.Length + end - start;
            if (isSlice)
            {
                restStart = end;
                return true;
            }

            start = next;
        }
    }

    /// <summary>
    /// Writes bytes so that no start code can be read into them (ITU-T H.264 §7.4.1.1), and an end byte that is not zero. Returns the length
    /// written; −1 where there is no room.
    /// </summary>
    /// <param name="before">What stands in front.</param>
    public static int EscapeStartCodes(ReadOnlySpan<byte> before, ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        var written = 0;
        var zeros = TrailingZeros(before);
        while (!bytes.IsEmpty)
        {
            if (zeros == 0)
            {
                // Ciphertext has a zero in 256 bytes: what is between goes over in one piece.
                var run = bytes.IndexOf((byte)0);
                if (run < 0) run = bytes.Length;
                if (destination.Length < written + run) return -1;
                bytes[..run].CopyTo(destination[written..]);
                written += run;
                bytes = bytes[run..];
                if (bytes.IsEmpty) break;
            }

            var value = bytes[0];
            bytes = bytes[1..];
            if (destination.Length < written + 2) return -1;
            if (zeros >= 2 && value <= Escape)
            {
                destination[written++] = Escape;
                zeros = 0;
            }

            destination[written++] = value;
            zeros = value == 0 ? zeros + 1 : 0;
        }

        if (destination.Length < written + 1) return -1;
        destination[written++] = EndByte;
        return written;
    }

    /// <summary>Undoes <see cref="EscapeStartCodes"/>; −1 for bytes that it never writes, or where there is no room.</summary>
    public static int UnescapeStartCodes(ReadOnlySpan<byte> before, ReadOnlySpan<byte> escaped, Span<byte> destination)
    {
        if (escaped.IsEmpty || escaped[^1] != EndByte || destination.Length < escaped.Length - 1) return -1;
        escaped = escaped[..^1];
        var written = 0;
        var zeros = TrailingZeros(before);
        while (!escaped.IsEmpty)
        {
            if (zeros == 0)
            {
                var run = escaped.IndexOf((byte)0);
                if (run < 0) run = escaped.Length;
                escaped[..run].CopyTo(destination[written..]);
                written += run;
                escaped = escaped[run..];
                if (escaped.IsEmpty) break;
            }

            var value = escaped[0];
            escaped = escaped[1..];
            if (zeros >= 2 && value <= Escape)
            {
                if (value != Escape || escaped.IsEmpty || escaped[0] > Escape) return -1;
                zeros = 0;
                continue;
            }

            destination[written++] = value;
            zeros = value == 0 ? zeros + 1 : 0;
        }

        return written;
    }

    /// <summary>The next start code at or after an offset, with at least one byte of a NAL unit behind it.</summary>
    private static bool TryFindUnit(ReadOnlySpan<byte> frame, int offset, out int codeStart, out int start)
    {
        var found = frame[offset..].IndexOf(StartCode[1..]);
        codeStart = offset + found;
        start = codeStart + StartCode.Length - 1;
        return found >= 0 && start < frame.Length;
    }

    private static int TrailingZeros(ReadOnlySpan<byte> bytes)
    {
        var zeros = 0;
        while (zeros < 2 && bytes.Length > zeros && bytes[^(zeros + 1)] == 0) zeros++;
        return zeros;
    }
}
