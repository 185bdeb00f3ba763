using System.Buffers.Binary;

namespace Pendopo.Rtc.Rtp;

/// <summary>The picture id of VP8 and VP9: a bit that tells the form, then 7 or 15 bits.</summary>
internal static class PictureIdField
{
    /// <summary>Reads at <paramref name="offset"/> and moves it past the field.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, ref int offset, out bool isLong, out ushort pictureId)
    {
        isLong = false;
        pictureId = 0;
        if (payload.Length <= offset) return false;
        isLong = (payload[offset] & 0x80) != 0;
        if (!isLong)
        {
            pictureId = payload[offset++];
            return true;
        }

        if (payload.Length < offset + 2) return false;
        pictureId = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(payload[offset..]) & 0x7FFF);
        offset += 2;
        return true;
    }

    /// <summary>Returns the bytes written.</summary>
    public static int Write(Span<byte> field, bool isLong, ushort pictureId)
    {
        if (!isLong)
        {
            field[0] = (byte)(pictureId & 0x7F);
            return 1;
        }

        BinaryPrimitives.WriteUInt16BigEndian(field, (ushort)(0x8000 | pictureId));
        return 2;
    }
}
