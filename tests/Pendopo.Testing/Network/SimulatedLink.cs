using Pendopo.Rtc;

namespace Pendopo.Testing.Network;

/// <summary>Why the link did not carry a packet.</summary>
public enum LinkDrop : byte
{
    None,
    Random,
    Burst,
    QueueFull,
    Outage,
}

/// <summary>
/// One direction of a path as a pure model: it decides when (or whether) a packet arrives, and moves no bytes itself. It has no
/// clock and no scheduler, so virtual-time tests and a real-time relay use the same one. Deterministic by its seed: the
/// decisions about a packet depend on the packets before it and never on whether a feature is switched on.
/// </summary>
public sealed class SimulatedLink
{
    private readonly Random _random;
    private Instant _free;
    private Instant _lastDelivery;
    private Instant _outageUntil;
    private bool _isBad;

    public SimulatedLink(LinkOptions options, int seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        _random = new(seed);
    }

    /// <summary>May be exchanged at any moment; it holds for packets offered from then on.</summary>
    public LinkOptions Options { get; set; }

    public long Offered { get; private set; }

    public long OfferedBytes { get; private set; }

    public long Delivered { get; private set; }

    public long DeliveredBytes { get; private set; }

    /// <summary>The reason of the last refused packet; <see cref="LinkDrop.None"/> if the last one was taken.</summary>
    public LinkDrop LastDrop { get; private set; }

    /// <summary>Nothing gets through until then.</summary>
    public void Interrupt(Instant until) => _outageUntil = until;

    /// <summary>Bytes that wait for the bottleneck now.</summary>
    public long QueuedBytes(Instant now) => _free <= now ? 0 : Options.Rate.BytesIn(_free - now);

    /// <summary>How long a packet that is offered now waits for the bottleneck.</summary>
    public TimeSpan QueueDelay(Instant now) => _free <= now ? TimeSpan.Zero : _free - now;

    /// <summary>Takes a packet of that size on the wire. False if it is lost; else <paramref name="delivery"/> says when it arrives.</summary>
    public bool Offer(Instant now, int bytes, out Instant delivery) => Offer(now, bytes, out delivery, out _);

    /// <param name="duplicate">When a second copy arrives; <see cref="Instant.Never"/> if there is none.</param>
    /// <inheritdoc cref="Offer(Instant, int, out Instant)"/>
    public bool Offer(Instant now, int bytes, out Instant delivery, out Instant duplicate)
    {
        (delivery, duplicate) = (Instant.Never, Instant.Never);
        Offered++;
        OfferedBytes += bytes;
        var options = Options;

        // Always the same number of draws, so that one changed option does not shift the luck of everything after it.
        var (loss, transition, burst) = (_random.NextDouble(), _random.NextDouble(), _random.NextDouble());
        var (jitter, reordering, duplication) = (_random.NextDouble(), _random.NextDouble(), _random.NextDouble());

        LastDrop = Admit(now, bytes, options);
        if (LastDrop == LinkDrop.None) LastDrop = Lose(options, loss, transition, burst);
        if (LastDrop is LinkDrop.Outage or LinkDrop.QueueFull) return false;

        // A packet that is lost on the air has used the bottleneck all the same.
        var start = _free > now ? _free : now;
        _free = options.Rate.BitsPerSecond > 0 ? start + new TimeSpan(bytes * 8 * TimeSpan.TicksPerSecond / options.Rate.BitsPerSecond) : start;
        if (LastDrop != LinkDrop.None) return false;

        var arrival = _free + options.Delay + options.Jitter * jitter;
        if (arrival < _lastDelivery) arrival = _lastDelivery;
        if (reordering < options.Reordering)
            arrival += options.ReorderingDelay;
        else
            _lastDelivery = arrival;

        delivery = arrival;
        if (duplication < options.Duplication) duplicate = arrival + TimeSpan.FromMilliseconds(1);
        Delivered++;
        DeliveredBytes += bytes;
        return true;
    }

    private LinkDrop Admit(Instant now, int bytes, LinkOptions options)
    {
        if (now < _outageUntil) return LinkDrop.Outage;
        return options.QueueBytes > 0 && QueuedBytes(now) + bytes > options.QueueBytes ? LinkDrop.QueueFull : LinkDrop.None;
    }

    private LinkDrop Lose(LinkOptions options, double loss, double transition, double burst)
    {
        if (options.BurstLoss is { } model)
        {
            _isBad = transition < (_isBad ? 1 - model.LeaveBad : model.EnterBad);
            if (burst < (_isBad ? model.BadLoss : model.GoodLoss)) return LinkDrop.Burst;
        }

        return loss < options.Loss ? LinkDrop.Random : LinkDrop.None;
    }
}
