namespace Pendopo.Client.Sframe;

/// <summary>The key id of a meeting's frames: context(8) ‖ leaf(16) ‖ epoch(8) (RFC 9605 §5.2 with E = 8 and S = 16).</summary>
/// <param name="Context">Chosen by the sender.</param>
/// <param name="Leaf">Leaf index of the sender in the group.</param>
/// <param name="EpochBits">The low bits of the epoch.</param>
public readonly record struct FrameKeyId(byte Context, ushort Leaf, byte EpochBits)
{
    public ulong Value => ((ulong)Context << 24) | ((ulong)Leaf << 8) | EpochBits;

    public static FrameKeyId Of(byte context, ushort leaf, ulong epoch) => new(context, leaf, (byte)epoch);

    /// <summary>False for a key id that has more than 32 bits, as none of a meeting has.</summary>
    public static bool TryParse(ulong value, out FrameKeyId keyId)
    {
        keyId = new((byte)(value >> 24), (ushort)(value >> 8), (byte)value);
        return value <= uint.MaxValue;
    }
}
