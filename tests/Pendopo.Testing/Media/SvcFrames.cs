using System.Buffers.Binary;

namespace Pendopo.Testing.Media;

/// <summary>What a packet of a scalable generator says about itself: the frame, its part of it, and the frames that it needs.</summary>
public readonly record struct SvcStamp(uint Frame, byte Spatial, byte Temporal, bool IsKey, byte Index, byte Count, uint FirstReference, uint SecondReference)
{
    /// <summary>No frame; frames are counted from 1.</summary>
    public const uint None = 0;

    public bool Needs(uint frame) => frame != None && (FirstReference == frame || SecondReference == frame);
}

/// <summary>
/// The inside of a synthetic packet of a scalable stream, behind what the codec puts first: a stamp and bytes that follow from it, so
/// that damage shows.
/// </summary>
public static class SvcFrames
{
    public const int StampLength = 17;

    public static void WriteBody(Span<byte> body, in SvcStamp stamp)
    {
        BinaryPrimitives.WriteUInt32BigEndian(body, stamp.Frame);
        (body[4], body[5], body[6], body[7], body[8]) = (stamp.Spatial, stamp.Temporal, (byte)(stamp.IsKey ? 1 : 0), stamp.Index, stamp.Count);
        BinaryPrimitives.WriteUInt32BigEndian(body[9..], stamp.FirstReference);
        BinaryPrimitives.WriteUInt32BigEndian(body[13..], stamp.SecondReference);
        for (var i = StampLength; i < body.Length; i++) body[i] = Filler(stamp, i);
    }

    public static bool TryReadBody(ReadOnlySpan<byte> body, out SvcStamp stamp)
    {
        stamp = default;
        if (body.Length < StampLength) return false;
        stamp = new(
            BinaryPrimitives.ReadUInt32BigEndian(body), body[4], body[5], body[6] != 0, body[7], body[8],
            BinaryPrimitives.ReadUInt32BigEndian(body[9..]), BinaryPrimitives.ReadUInt32BigEndian(body[13..]));
        for (var i = StampLength; i < body.Length; i++)
        {
            if (body[i] != Filler(stamp, i)) return false;
        }

        return true;
    }

    private static byte Filler(in SvcStamp stamp, int position) => (byte)((stamp.Frame * 31) + (stamp.Index * 7u) + (uint)position);
}
