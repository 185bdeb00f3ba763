namespace Pendopo.Rtc.Congestion;

/// <summary>What a path loses of packets that are sent once, and of such as are repeated. What is lost behind a queue is its overflow, and is left out.</summary>
internal sealed class PathLoss
{
    private readonly LossShare _once = new();
    private readonly LossShare _firstCopies = new();
    private readonly LossShare _repeated = new();

    /// <summary>
    /// Of the last three seconds' packets, 0–1; null while too few were told of. Where nearly all are repeated, it is how many of their first
    /// copies were lost, as their delay tells: on a path whose delay varies it looks like more.
    /// </summary>
    public double? Fraction(Instant now) => _once.Fraction(now) ?? _firstCopies.Fraction(now);

    /// <summary>Of the packets that were repeated those of which no copy arrived, 0–1, in the same time.</summary>
    public double? RepeatedFraction(Instant now) => _repeated.Fraction(now);

    /// <param name="now">The present moment.</param>
    /// <param name="packet">Of which feedback has told.</param>
    /// <param name="lost">Minus one takes a loss back.</param>
    /// <param name="total">Zero for a packet that was counted before.</param>
    /// <param name="isFirstLost">A copy arrived in place of the first.</param>
    /// <param name="isQueueing">A queue stands on the path.</param>
    public void Count(Instant now, ref SentPacket packet, int lost, int total, bool isFirstLost, bool isQueueing)
    {
        if (packet.Copies == 0)
        {
            if (!isQueueing) _once.Count(now, lost, total);
            return;
        }

        if (!isQueueing) _firstCopies.Count(now, lost + (isFirstLost ? 1 : 0), total);
        _repeated.Count(now, packet.IsCounted ? lost : Math.Max(0, lost), packet.IsCounted ? 0 : 1);
        packet.IsCounted = true;
    }

    public void Reset()
    {
        _once.Reset();
        _firstCopies.Reset();
        _repeated.Reset();
    }
}
