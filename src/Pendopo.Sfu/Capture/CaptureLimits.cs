namespace Pendopo.Sfu.Capture;

/// <summary>How long a capture runs and how large it gets; whichever comes first ends it.</summary>
public sealed record CaptureLimits
{
    /// <summary>A fault that support looks for shows within a minute or is better found in statistics.</summary>
    public static readonly TimeSpan LongestDuration = TimeSpan.FromSeconds(60);

    /// <summary>16 MiB are about 150 000 headers: a minute of a peer that receives 25 pictures.</summary>
    public const int MostBytes = 16 << 20;

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of the file.</summary>
    public int Bytes { get; init; } = MostBytes;

    /// <summary>Returns what is wrong, or null.</summary>
    public string? Validate()
    {
        if (Duration < TimeSpan.FromSeconds(1) || Duration > LongestDuration) return "A capture takes between 1 and 60 seconds.";
        return Bytes is < 4096 or > MostBytes ? "A capture has between 4096 and 16777216 bytes." : null;
    }
}
