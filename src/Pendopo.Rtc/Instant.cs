namespace Pendopo.Rtc;

/// <summary>
/// A moment on a monotonic clock, in ticks of 100 ns since an arbitrary start. Protocol code receives it; only the
/// socket loop reads a clock.
/// </summary>
public readonly record struct Instant(long Ticks) : IComparable<Instant>
{
    /// <summary>The start of the clock.</summary>
    public static Instant Zero => default;

    /// <summary>A moment that never comes.</summary>
    public static Instant Never => new(long.MaxValue);

    public static Instant FromMilliseconds(double milliseconds) => new((long)(milliseconds * TimeSpan.TicksPerMillisecond));

    public double Milliseconds => (double)Ticks / TimeSpan.TicksPerMillisecond;

    public long Microseconds => Ticks / TimeSpan.TicksPerMicrosecond;

    public static Instant Min(Instant left, Instant right) => left.Ticks <= right.Ticks ? left : right;

    public int CompareTo(Instant other) => Ticks.CompareTo(other.Ticks);

    public static Instant operator +(Instant instant, TimeSpan span) =>
        instant.Ticks > long.MaxValue - Math.Max(0, span.Ticks) ? Never : new(instant.Ticks + span.Ticks);

    public static Instant operator -(Instant instant, TimeSpan span) => new(instant.Ticks - span.Ticks);

    public static TimeSpan operator -(Instant left, Instant right) => new(left.Ticks - right.Ticks);

    public static bool operator <(Instant left, Instant right) => left.Ticks < right.Ticks;

    public static bool operator >(Instant left, Instant right) => left.Ticks > right.Ticks;

    public static bool operator <=(Instant left, Instant right) => left.Ticks <= right.Ticks;

    public static bool operator >=(Instant left, Instant right) => left.Ticks >= right.Ticks;

    public override string ToString() => Ticks == long.MaxValue ? "never" : $"{Milliseconds:0.###} ms";
}
