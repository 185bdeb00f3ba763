namespace Pendopo.NetBench.Scenarios;

/// <summary>The bounds of the scenarios. Those of frame rates are relative to the same browser before the impairment: what two cores of a busy machine decode is no matter of the network.</summary>
internal static class Bounds
{
    public static Bound LongestFreeze(double seconds, string reason) =>
        new("longest freeze, s", static (phase, _) => phase.LongestFreeze, seconds, AtMost: true, reason);

    public static Bound Concealed(double percent, string reason) =>
        new("audio concealed, %", static (phase, _) => phase.ConcealedPercent, percent, AtMost: true, reason);

    public static Bound FrameRate(double percent, string reason) =>
        new("frame rate, % of before", static (phase, before) => 100 * phase.FramesPerSecond / before.FramesPerSecond, percent, AtMost: false, reason);

    /// <summary>From the beginning of the phase until the picture moves as before and keeps moving.</summary>
    public static Bound FramesBackAfter(double seconds, string reason) =>
        new("frame rate ≥ 80 % of before after, s", static (phase, before) => phase.SecondsUntilFrameRate(0.8 * before.FramesPerSecond), seconds, AtMost: true, reason);

    /// <summary>From the beginning of the phase until the picture has as many lines as before.</summary>
    public static Bound LinesBackAfter(double seconds, string reason) =>
        new("lines as before after, s", static (phase, before) => phase.SecondsUntilLines(before.LastLines), seconds, AtMost: true, reason);

    /// <summary>How long datagrams waited before the bottleneck when the phase had run for half of its time.</summary>
    public static Bound QueueDelay(double milliseconds, string reason) =>
        new("queue at the bottleneck in the 2nd half, mean ms", static (phase, _) => phase.SecondHalf.QueueMilliseconds, milliseconds, AtMost: true, reason);

    public static Bound QueueDrops(double percent, string reason) =>
        new("dropped by the full queue in the 2nd half, %", static (phase, _) => phase.SecondHalf.QueueDropPercent, percent, AtMost: true, reason);

    /// <summary>The picture is as large as before when the phase ends.</summary>
    public static Bound LinesKept(string reason) =>
        new("lines at the end, % of before", static (phase, before) => 100 * phase.LastLines / before.LastLines, 100, AtMost: false, reason);
}
