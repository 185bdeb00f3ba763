using Pendopo.Rtc;
using Pendopo.Testing.Network;

namespace Pendopo.NetBench.Relay;

/// <summary>
/// One direction of a path with the datagrams that are on their way: <see cref="SimulatedLink"/> decides, this holds the bytes
/// until they are due. Touches no socket and no clock, so that tests run it on virtual time against the model alone.
/// </summary>
internal sealed class LinkQueue(LinkOptions options, int seed)
{
    /// <summary>IPv4 and UDP headers count on the wire, as in the simulated network.</summary>
    public const int HeaderBytes = SimulatedNetwork.HeaderBytes;

    private readonly PriorityQueue<Carried, (long Ticks, long Order)> _underway = new();
    private readonly Stack<byte[]> _buffers = new();
    private long _order;

    public SimulatedLink Link { get; } = new(options, seed);

    /// <summary>What happened since the counters were last taken.</summary>
    public LinkCounters Counters { get; private set; }

    public int Underway => _underway.Count;

    /// <summary>When the next datagram arrives; <see cref="Instant.Never"/> if none is on its way.</summary>
    public Instant NextDelivery => _underway.TryPeek(out _, out var due) ? new(due.Ticks) : Instant.Never;

    /// <summary>Gives a datagram to the link. False if the link loses it.</summary>
    /// <param name="flow">Returned with the datagram when it arrives.</param>
    public bool Offer(Instant now, ReadOnlySpan<byte> datagram, int flow)
    {
        var rate = Link.Options.Rate;
        var wait = rate.BitsPerSecond > 0 ? Link.QueuedBytes(now) * 8.0 / rate.BitsPerSecond : 0;
        var taken = Link.Offer(now, datagram.Length + HeaderBytes, out var delivery, out var duplicate);
        Counters = Counters.Add(Link.LastDrop, datagram.Length + HeaderBytes, TimeSpan.FromSeconds(wait));
        if (!taken) return false;
        Hold(delivery, datagram, flow);
        if (duplicate != Instant.Never) Hold(duplicate, datagram, flow);
        return true;
    }

    /// <summary>The next datagram that is due; give its buffer back by <see cref="Return"/>.</summary>
    public bool TryTake(Instant now, out Carried carried)
    {
        carried = default;
        if (!_underway.TryPeek(out _, out var due) || due.Ticks > now.Ticks) return false;
        carried = _underway.Dequeue();
        return true;
    }

    public void Return(Carried carried) => _buffers.Push(carried.Buffer);

    /// <summary>What is on its way is lost: the air it was on is gone.</summary>
    public void Clear()
    {
        while (_underway.TryDequeue(out var carried, out _)) Return(carried);
    }

    public LinkCounters TakeCounters()
    {
        var counters = Counters;
        Counters = default;
        return counters;
    }

    private void Hold(Instant due, ReadOnlySpan<byte> datagram, int flow)
    {
        if (!_buffers.TryPop(out var buffer)) buffer = new byte[2048];
        if (buffer.Length < datagram.Length) buffer = new byte[datagram.Length];
        datagram.CopyTo(buffer);
        _underway.Enqueue(new(buffer, datagram.Length, due, flow), (due.Ticks, _order++));
    }
}

/// <summary>A datagram that has arrived at the far end of a link.</summary>
/// <param name="Due">When the model wanted it to arrive: the difference to the real moment is the relay's own error.</param>
internal readonly record struct Carried(byte[] Buffer, int Length, Instant Due, int Flow)
{
    public ReadOnlySpan<byte> Datagram => Buffer.AsSpan(0, Length);
}

/// <summary>What one direction of a path did in a while.</summary>
/// <param name="Lost">Datagrams lost on the air (random or in bursts) or in an outage.</param>
/// <param name="QueueDrops">Datagrams that found the bottleneck's queue full: the sender sent more than the path carries.</param>
/// <param name="LongestWait">The longest time that a datagram had to wait for the bottleneck.</param>
internal readonly record struct LinkCounters(long Offered, long OfferedBytes, long Lost, long QueueDrops, TimeSpan LongestWait, TimeSpan TotalWait)
{
    public double MeanWaitMilliseconds => Offered == 0 ? 0 : TotalWait.TotalMilliseconds / Offered;

    public LinkCounters Add(LinkDrop drop, int bytes, TimeSpan wait) => new(
        Offered + 1,
        OfferedBytes + bytes,
        Lost + (drop is LinkDrop.Random or LinkDrop.Burst or LinkDrop.Outage ? 1 : 0),
        QueueDrops + (drop == LinkDrop.QueueFull ? 1 : 0),
        wait > LongestWait ? wait : LongestWait,
        TotalWait + wait);
}
