namespace Pendopo.Rtc.Tests.Rtp;

/// <summary>Puts bits together from the most significant one on.</summary>
internal sealed class BitWriter
{
    private readonly List<bool> _bits = [];

    public BitWriter Bits(uint value, int count)
    {
        for (var i = count - 1; i >= 0; i--) _bits.Add((value >> i & 1) != 0);
        return this;
    }

    public BitWriter Flag(bool value) => Bits(value ? 1u : 0u, 1);

    /// <summary>ns(n) of the AV1 specification: a value below <paramref name="bound"/>.</summary>
    public BitWriter NonSymmetric(uint value, uint bound)
    {
        var width = 0;
        for (var rest = bound; rest != 0; rest >>= 1) width++;
        var shortValues = (1u << width) - bound;
        return value < shortValues ? Bits(value, width - 1) : Bits(value + shortValues, width);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[(_bits.Count + 7) / 8];
        for (var i = 0; i < _bits.Count; i++)
        {
            if (_bits[i]) bytes[i / 8] |= (byte)(0x80 >> (i % 8));
        }

        return bytes;
    }
}
