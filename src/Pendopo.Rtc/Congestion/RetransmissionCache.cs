namespace Pendopo.Rtc.Congestion;

/// <summary>
/// The last packets of a stream by extended sequence number, in one pre-allocated ring: storing copies, finding lends a span.
/// Memory is bounded by <c>slots × slotSize</c>; older packets are overwritten.
/// </summary>
public sealed class RetransmissionCache
{
    /// <param name="slots">Power of two: packets kept.</param>
    /// <param name="slotSize">Largest packet in bytes.</param>
    public RetransmissionCache(int slots, int slotSize) => throw new NotSupportedException("not built yet");

    public void Store(Instant now, long sequenceNumber, ReadOnlySpan<byte> packet) => throw new NotSupportedException();

    /// <summary>False if never stored, overwritten, or older than <paramref name="maximumAge"/>.</summary>
    public bool TryFind(Instant now, long sequenceNumber, TimeSpan maximumAge, out ReadOnlySpan<byte> packet) => throw new NotSupportedException();
}
