namespace Pendopo.Rtc.Congestion;

/// <summary>
/// Knows which packets of one received stream are missing and when to ask for them again: first after a short reordering
/// allowance, then once per round trip, at most ten times, never for packets older than the window. Bounded memory.
/// </summary>
public sealed class NackTracker
{
    /// <summary>A packet arrived (in its own stream or recovered by RTX). Returns false for a duplicate.</summary>
    public bool Add(Instant now, ushort sequenceNumber) => throw new NotSupportedException("not built yet");

    /// <summary>Forgets what is missing, as after a key frame that makes it needless.</summary>
    public void Reset() => throw new NotSupportedException();

    /// <summary>Numbers to ask for now, ascending; each counts as asked. Returns how many were written.</summary>
    public int TakeDue(Instant now, TimeSpan roundTrip, Span<ushort> sequenceNumbers) => throw new NotSupportedException();

    public Deadline Deadline => throw new NotSupportedException();

    public int MissingCount => throw new NotSupportedException();
}
