using Pendopo.Rtc;

namespace Pendopo.Testing.Network;

/// <summary>How one direction of a path behaves. Immutable; the defaults are a perfect, endlessly fast link.</summary>
public sealed record LinkOptions
{
    /// <summary>Bits per second through the bottleneck; zero is unlimited.</summary>
    public DataRate Rate { get; init; }

    /// <summary>Bytes that may wait for the bottleneck; what does not fit is dropped (drop-tail). Zero is unlimited.</summary>
    public int QueueBytes { get; init; }

    /// <summary>Propagation delay, after the bottleneck.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>
    /// Additional delay, uniform between zero and this. Order is kept: a jittering link delays those behind too; for other
    /// behaviour there is <see cref="Reordering"/>.
    /// </summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Probability 0–1 of each packet being lost, independent of others.</summary>
    public double Loss { get; init; }

    /// <summary>Loss in bursts, beside <see cref="Loss"/>; null for none.</summary>
    public BurstLoss? BurstLoss { get; init; }

    /// <summary>Probability 0–1 of a packet being held back by <see cref="ReorderingDelay"/> while later ones overtake it.</summary>
    public double Reordering { get; init; }

    public TimeSpan ReorderingDelay { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Probability 0–1 of a delivered packet arriving twice.</summary>
    public double Duplication { get; init; }
}

/// <summary>The Gilbert-Elliott model: two states with their own loss, changed with these probabilities at each packet.</summary>
/// <param name="EnterBad">Probability of going from good to bad.</param>
/// <param name="LeaveBad">Probability of going from bad to good; its inverse is the mean length of a bad phase in packets.</param>
/// <param name="BadLoss">Probability of loss in the bad state.</param>
/// <param name="GoodLoss">Probability of loss in the good state.</param>
public readonly record struct BurstLoss(double EnterBad, double LeaveBad, double BadLoss = 1, double GoodLoss = 0)
{
    /// <summary>The share of packets lost in the long run.</summary>
    public double MeanLoss
    {
        get
        {
            var bad = EnterBad / (EnterBad + LeaveBad);
            return bad * BadLoss + (1 - bad) * GoodLoss;
        }
    }
}
