namespace Pendopo.Console.Overview;

/// <summary>A span of time in words, in the two largest units that say something.</summary>
public static class Uptime
{
    public static string Describe(TimeSpan time)
    {
        // A clock that was set back gives a negative span; the server has then run for no time yet.
        if (time < TimeSpan.FromMinutes(1)) return "kurang dari satu menit";
        if (time < TimeSpan.FromHours(1)) return $"{time.Minutes} menit";
        if (time < TimeSpan.FromDays(1)) return $"{time.Hours} jam {time.Minutes} menit";
        return $"{time.Days} hari {time.Hours} jam";
    }
}
