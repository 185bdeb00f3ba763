using Pendopo.Rtc;

namespace Pendopo.Load.Network;

/// <summary>
/// The generator's one clock. The real-time clock, because the kernel stamps arrivals with it; a step of it during a run would
/// show as absurd latencies.
/// </summary>
internal static class Clock
{
    private static readonly long Start = LibC.Nanoseconds(LibC.ClockRealtime) - 1_000_000_000;

    /// <summary>Nanoseconds since 1970.</summary>
    public static long Nanoseconds => LibC.Nanoseconds(LibC.ClockRealtime);

    public static Instant Now => ToInstant(Nanoseconds);

    public static Instant ToInstant(long nanoseconds) => new((nanoseconds - Start) / TimeSpan.NanosecondsPerTick);

    /// <summary>The NTP timestamp of a moment (RFC 3550 §4), as sender reports want it.</summary>
    public static ulong ToNtp(long nanoseconds)
    {
        const ulong SecondsFrom1900To1970 = 2_208_988_800;
        var (seconds, rest) = Math.DivRem((ulong)nanoseconds, 1_000_000_000UL);
        return ((seconds + SecondsFrom1900To1970) << 32) | ((rest << 32) / 1_000_000_000UL);
    }
}
