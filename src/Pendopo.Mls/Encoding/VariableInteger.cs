namespace Pendopo.Mls.Encoding;

/// <summary>The variable-size length of RFC 9420 section 2.1.2: two bits tell its size, the rest is the value, in the shortest form.</summary>
public static class VariableInteger
{
    /// <summary>The largest value: 30 bits.</summary>
    public const int Maximum = (1 << 30) - 1;

    /// <summary>1, 2 or 4 bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or above <see cref="Maximum"/>.</exception>
    public static int SizeOf(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Maximum);
        return value < 1 << 6 ? 1 : value < 1 << 14 ? 2 : 4;
    }
}
