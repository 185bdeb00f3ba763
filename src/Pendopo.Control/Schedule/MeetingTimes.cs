namespace Pendopo.Control.Schedule;

public enum Repetition
{
    Once,
    Daily,

    /// <summary>Monday to Friday.</summary>
    Weekdays,
    Weekly,

    /// <summary>On the same day of the month; months without that day are left out (RFC 5545 §3.3.10).</summary>
    Monthly,
}

/// <summary>When a meeting takes place, once or as a series.</summary>
/// <param name="Start">Of the first occurrence, milliseconds since 1970-01-01 UTC.</param>
/// <param name="Count">Occurrences in all; 1 for a meeting that takes place once.</param>
public sealed record MeetingTimes(long Start, int DurationMinutes, IndonesianZone Zone, Repetition Repetition, int Count)
{
    public const int LongestMinutes = 24 * 60;

    public const int MostOccurrences = 100;

    private const long Minute = 60_000;

    /// <summary>How far ahead one plans.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(2 * 366);

    public TimeSpan Duration => TimeSpan.FromMinutes(DurationMinutes);

    /// <summary>The first occurrence as a clock in its zone shows it.</summary>
    public DateTimeOffset LocalStart => DateTimeOffset.FromUnixTimeMilliseconds(Start).ToOffset(IndonesianZones.OffsetOf(Zone));

    /// <summary>True for whole minutes that are not all over, on days that the repetition has.</summary>
    public bool IsSound(DateTimeOffset now)
    {
        if (!Enum.IsDefined(Zone) || !Enum.IsDefined(Repetition) || DurationMinutes is < 1 or > LongestMinutes) return false;
        if (Start % Minute != 0 || Start < 0 || Start > (now + Horizon).ToUnixTimeMilliseconds()) return false;
        if (Repetition == Repetition.Once ? Count != 1 : Count is < 2 or > MostOccurrences) return false;
        // A series whose first day is none of its days means different days to different calendars.
        if (Repetition == Repetition.Weekdays && IsWeekend(LocalStart)) return false;
        // An occurrence would begin before the one before it is over.
        if (Repetition is Repetition.Daily or Repetition.Weekdays && DurationMinutes == LongestMinutes) return false;
        return End > now;
    }

    /// <summary>The beginning of each occurrence, in order.</summary>
    public IEnumerable<DateTimeOffset> Occurrences()
    {
        var first = LocalStart;
        var found = 0;
        for (var step = 0; found < Count; step++)
        {
            if (At(first, step) is not { } occurrence) continue;
            found++;
            yield return occurrence;
        }
    }

    public DateTimeOffset LastStart => Occurrences().Last();

    /// <summary>When the last occurrence is over.</summary>
    public DateTimeOffset End => LastStart + Duration;

    /// <summary>The occurrence that runs, or else the next; null: all are over.</summary>
    public DateTimeOffset? NextAt(DateTimeOffset now) =>
        Occurrences().Select(occurrence => (DateTimeOffset?)occurrence).FirstOrDefault(occurrence => occurrence + Duration > now);

    private DateTimeOffset? At(DateTimeOffset first, int step) => Repetition switch
    {
        Repetition.Daily => first.AddDays(step),
        Repetition.Weekdays => IsWeekend(first.AddDays(step)) ? null : first.AddDays(step),
        Repetition.Weekly => first.AddDays(7 * step),
        Repetition.Monthly => SameDay(first, step),
        _ => first,
    };

    private static DateTimeOffset? SameDay(DateTimeOffset first, int months)
    {
        // AddMonths falls back to the last day where there is no such day.
        var day = first.AddMonths(months);
        return day.Day == first.Day ? day : null;
    }

    private static bool IsWeekend(DateTimeOffset day) => day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
}
