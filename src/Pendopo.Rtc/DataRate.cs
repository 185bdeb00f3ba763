namespace Pendopo.Rtc;

/// <summary>An amount of data per time, in bits per second.</summary>
public readonly record struct DataRate(long BitsPerSecond) : IComparable<DataRate>
{
    public static DataRate Zero => default;

    public static DataRate FromKilobits(double kilobitsPerSecond) => new((long)(kilobitsPerSecond * 1000));

    public double Kilobits => BitsPerSecond / 1000.0;

    /// <summary>The rate that carries <paramref name="bytes"/> in <paramref name="time"/>; zero for an empty time.</summary>
    public static DataRate Of(long bytes, TimeSpan time) =>
        time <= TimeSpan.Zero ? Zero : new((long)(bytes * 8.0 / time.TotalSeconds));

    /// <summary>How many bytes flow in <paramref name="time"/>.</summary>
    public long BytesIn(TimeSpan time) => (long)(BitsPerSecond / 8.0 * time.TotalSeconds);

    public static DataRate Min(DataRate left, DataRate right) => left.BitsPerSecond <= right.BitsPerSecond ? left : right;

    public static DataRate Max(DataRate left, DataRate right) => left.BitsPerSecond >= right.BitsPerSecond ? left : right;

    public int CompareTo(DataRate other) => BitsPerSecond.CompareTo(other.BitsPerSecond);

    public static DataRate operator *(DataRate rate, double factor) => new((long)(rate.BitsPerSecond * factor));

    public static DataRate operator +(DataRate left, DataRate right) => new(left.BitsPerSecond + right.BitsPerSecond);

    public static DataRate operator -(DataRate left, DataRate right) => new(left.BitsPerSecond - right.BitsPerSecond);

    public static bool operator <(DataRate left, DataRate right) => left.BitsPerSecond < right.BitsPerSecond;

    public static bool operator >(DataRate left, DataRate right) => left.BitsPerSecond > right.BitsPerSecond;

    public static bool operator <=(DataRate left, DataRate right) => left.BitsPerSecond <= right.BitsPerSecond;

    public static bool operator >=(DataRate left, DataRate right) => left.BitsPerSecond >= right.BitsPerSecond;

    public override string ToString() => $"{Kilobits:0.#} kb/s";
}
