namespace Pendopo.Rtc.Rtp;

/// <summary>
/// Reads bits from the most significant one on. Past the end it gives zeros and remembers it, so that a parser may check
/// <see cref="Failed"/> once per section instead of at every field.
/// </summary>
internal ref struct BitReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;

    public BitReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Bits read so far.</summary>
    public readonly int Position => _position;

    /// <summary>More bits were asked for than there are.</summary>
    public bool Failed { get; private set; }

    public bool ReadFlag() => ReadBits(1) != 0;

    /// <param name="count">0–32.</param>
    public uint ReadBits(int count)
    {
        if (Failed || count > _bytes.Length * 8 - _position)
        {
            Failed = true;
            return 0;
        }

        ulong value = 0;
        while (count > 0)
        {
            var available = 8 - (_position & 7);
            var take = Math.Min(available, count);
            var bits = (_bytes[_position >> 3] >> (available - take)) & ((1 << take) - 1);
            value = (value << take) | (uint)bits;
            _position += take;
            count -= take;
        }

        return (uint)value;
    }

    /// <summary>A value below <paramref name="bound"/> in the shortest of two lengths: ns(n) of the AV1 specification, §4.10.7.</summary>
    public uint ReadNonSymmetric(uint bound)
    {
        var width = 32 - System.Numerics.BitOperations.LeadingZeroCount(bound);
        if (width == 0) return 0;
        var shortValues = (1u << width) - bound;
        var value = ReadBits(width - 1);
        return value < shortValues ? value : (value << 1) - shortValues + ReadBits(1);
    }

    public void Skip(int count)
    {
        if (Failed || count > _bytes.Length * 8 - _position) Failed = true;
        else _position += count;
    }
}
