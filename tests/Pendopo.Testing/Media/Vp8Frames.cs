using System.Buffers.Binary;

namespace Pendopo.Testing.Media;

/// <summary>
/// The inside of a synthetic VP8 packet: payload descriptor (RFC 7741 §4.2) with long picture id, TL0PICIDX and temporal layer;
/// the frame header (RFC 6386 §9.1) in the first packet; then a stamp and bytes that follow from it, so that a receiver can
/// tell a packet that was mixed up or damaged on its way.
/// </summary>
internal static class Vp8Frames
{
    public const int DescriptorLength = 6;
    public const int KeyHeaderLength = 10;
    public const int DeltaHeaderLength = 3;
    public const int StampLength = 7;

    public static void WriteDescriptor(Span<byte> payload, bool start, ushort pictureId, byte tl0PicIdx, int layer, bool isSync, bool isNonReference)
    {
        payload[0] = (byte)(0x80 | (isNonReference ? 0x20 : 0) | (start ? 0x10 : 0));
        payload[1] = 0xe0;
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], (ushort)(0x8000 | pictureId));
        payload[4] = tl0PicIdx;
        payload[5] = (byte)(layer << 6 | (isSync ? 0x20 : 0));
    }

    public static int WriteHeader(Span<byte> payload, bool isKey, int width, int height, int partitionLength)
    {
        // Frame tag, little endian: inverse key frame flag, version 0, shown, size of the first partition.
        var tag = (isKey ? 0 : 1) | 1 << 4 | Math.Min(partitionLength, 0x7_ffff) << 5;
        payload[0] = (byte)tag;
        payload[1] = (byte)(tag >> 8);
        payload[2] = (byte)(tag >> 16);
        if (!isKey) return DeltaHeaderLength;
        (payload[3], payload[4], payload[5]) = (0x9d, 0x01, 0x2a);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[6..], (ushort)width);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[8..], (ushort)height);
        return KeyHeaderLength;
    }

    public static void WriteBody(Span<byte> body, byte layer, byte index, byte count, uint frame)
    {
        (body[0], body[1], body[2]) = (layer, index, count);
        BinaryPrimitives.WriteUInt32BigEndian(body[3..], frame);
        for (var i = StampLength; i < body.Length; i++) body[i] = Filler(layer, index, frame, i);
    }

    public static bool TryReadBody(ReadOnlySpan<byte> body, out byte layer, out byte index, out byte count, out uint frame)
    {
        (layer, index, count, frame) = (0, 0, 0, 0);
        if (body.Length < StampLength) return false;
        (layer, index, count) = (body[0], body[1], body[2]);
        frame = BinaryPrimitives.ReadUInt32BigEndian(body[3..]);
        for (var i = StampLength; i < body.Length; i++)
        {
            if (body[i] != Filler(layer, index, frame, i)) return false;
        }

        return true;
    }

    private static byte Filler(byte layer, byte index, uint frame, int position) =>
        (byte)(frame * 31 + index * 7u + layer * 3u + (uint)position);
}
