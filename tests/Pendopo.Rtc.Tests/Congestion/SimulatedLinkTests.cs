using Pendopo.Rtc.Transport;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Rtc.Tests.Congestion;

public class SimulatedLinkTests
{
    private const int Packets = 100_000;

    [Theory]
    [InlineData(300)]
    [InlineData(5_000)]
    [InlineData(100_000)]
    public void The_rate_is_honoured_within_a_percent(int kilobits)
    {
        var link = new SimulatedLink(new() { Rate = DataRate.FromKilobits(kilobits), QueueBytes = 20_000, Delay = Milliseconds(30) }, 1);
        var interval = new TimeSpan(1000 * 8 * TimeSpan.TicksPerMillisecond / kilobits / 2);
        var (now, last) = (Instant.Zero, Instant.Zero);
        for (var i = 0; i < 20_000; i++, now += interval)
        {
            if (link.Offer(now, 1000, out var delivery)) last = delivery;
        }

        var carried = DataRate.Of(link.DeliveredBytes, last - Instant.Zero - Milliseconds(30));
        Assert.InRange(carried.Kilobits, kilobits * 0.99, kilobits * 1.01);
        Assert.Equal(LinkDrop.QueueFull, link.LastDrop);
        Assert.InRange(link.QueuedBytes(now), 18_000, 20_000);
    }

    [Fact]
    public void A_queue_delays_by_what_waits_in_it()
    {
        var link = new SimulatedLink(new() { Rate = new(8_000_000), Delay = Milliseconds(10) }, 1);
        for (var i = 1; i <= 5; i++)
        {
            Assert.True(link.Offer(Instant.Zero, 1000, out var delivery));
            Assert.Equal(Instant.FromMilliseconds(10 + i), delivery);
        }

        Assert.Equal(5000, link.QueuedBytes(Instant.Zero));
        Assert.Equal(2500, link.QueuedBytes(Instant.FromMilliseconds(2.5)));
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void Random_loss_lies_within_four_standard_deviations(double loss)
    {
        var lost = Count(new() { Loss = loss }, 11).Lost;
        var deviation = Math.Sqrt(Packets * loss * (1 - loss));
        Assert.InRange(lost, Packets * loss - 4 * deviation, Packets * loss + 4 * deviation);
    }

    [Fact]
    public void Burst_loss_has_the_mean_loss_and_the_mean_length_of_its_model()
    {
        var model = new BurstLoss(EnterBad: 0.01, LeaveBad: 0.2);
        var (lost, bursts) = Count(new() { BurstLoss = model }, 12);
        Assert.Equal(1.0 / 21, model.MeanLoss, 6);
        Assert.InRange((double)lost / Packets, model.MeanLoss * 0.85, model.MeanLoss * 1.15);
        Assert.InRange((double)lost / bursts, 4.5, 5.5);
    }

    [Fact]
    public void Jitter_keeps_the_order_and_reordering_does_not()
    {
        var jitter = Deliveries(new() { Delay = Milliseconds(20), Jitter = Milliseconds(15) }, 3);
        Assert.Equal(jitter.Order(), jitter);
        Assert.Contains(jitter, delivery => delivery.Ticks % TimeSpan.TicksPerMillisecond != 0);

        var reordered = Deliveries(new() { Delay = Milliseconds(20), Reordering = 0.05 }, 3);
        var overtaken = reordered.Zip(reordered.Skip(1)).Count(pair => pair.First > pair.Second);
        Assert.InRange(overtaken, 30, 70);
    }

    [Fact]
    public void Duplicates_come_as_often_as_asked()
    {
        var link = new SimulatedLink(new() { Duplication = 0.1 }, 5);
        var duplicates = 0;
        for (var i = 0; i < 10_000; i++)
        {
            Assert.True(link.Offer(Instant.FromMilliseconds(i), 100, out var delivery, out var duplicate));
            if (duplicate == Instant.Never) continue;
            Assert.True(duplicate > delivery);
            duplicates++;
        }

        Assert.InRange(duplicates, 880, 1120);
    }

    [Fact]
    public void The_same_seed_gives_the_same_trace_and_another_seed_another()
    {
        var options = new LinkOptions
        {
            Rate = DataRate.FromKilobits(2000), QueueBytes = 30_000, Delay = Milliseconds(20), Jitter = Milliseconds(5),
            Loss = 0.05, BurstLoss = new(0.01, 0.3), Reordering = 0.02, Duplication = 0.01,
        };
        Assert.Equal(Deliveries(options, 42), Deliveries(options, 42));
        Assert.NotEqual(Deliveries(options, 42), Deliveries(options, 43));
    }

    [Fact]
    public void An_outage_carries_nothing_until_it_ends()
    {
        var link = new SimulatedLink(new() { Delay = Milliseconds(1) }, 1);
        link.Interrupt(Instant.FromMilliseconds(100));
        Assert.False(link.Offer(Instant.FromMilliseconds(99), 10, out _));
        Assert.Equal(LinkDrop.Outage, link.LastDrop);
        Assert.True(link.Offer(Instant.FromMilliseconds(100), 10, out _));
    }

    [Fact]
    public void The_clock_runs_events_in_the_order_of_time_and_of_planning()
    {
        var clock = new VirtualClock();
        var events = new List<string>();
        clock.At(Instant.FromMilliseconds(5), () => events.Add($"b {clock.Now}"));
        clock.At(Instant.FromMilliseconds(2), () => clock.After(Milliseconds(3), () => events.Add($"d {clock.Now}")));
        clock.At(Instant.FromMilliseconds(5), () => events.Add($"c {clock.Now}"));
        clock.At(Instant.FromMilliseconds(1), () => events.Add($"a {clock.Now}"));
        clock.RunUntil(Instant.FromMilliseconds(4));
        Assert.Equal(["a 1 ms"], events);
        clock.RunFor(Milliseconds(100));
        Assert.Equal(["a 1 ms", "b 5 ms", "c 5 ms", "d 5 ms"], events);
        Assert.Equal((Instant.FromMilliseconds(104), 0), (clock.Now, clock.PendingEvents));
        Assert.False(clock.RunUntil(() => false, Milliseconds(10)));
        Assert.Equal(Instant.FromMilliseconds(114), clock.Now);
    }

    [Fact]
    public void Datagrams_cross_both_links_and_carry_their_source()
    {
        var network = new SimulatedNetwork(new(), 1);
        var (a, b) = (TransportAddress.FromIpv4(0x0a000001, 1000), TransportAddress.FromIpv4(0x0a000002, 2000));
        var received = new List<string>();
        var first = network.Add(a, new() { Delay = Milliseconds(3) }, new(), (_, _, _) => { });
        network.Add(b, new(), new() { Delay = Milliseconds(4) }, (now, from, datagram) => received.Add($"{now} {from} {datagram[0]}"));
        first.Send(b, [7]);
        network.Clock.RunFor(Milliseconds(100));
        Assert.Equal([$"7 ms {a} 7"], received);
        Assert.Throws<ArgumentException>(() => network.Add(b, new(), new(), (_, _, _) => { }));
    }

    [Fact]
    public void After_a_rebinding_the_old_address_is_nobodys_and_the_new_one_is_seen()
    {
        var network = new SimulatedNetwork(new(), 1);
        var (old, mapped, server) = (Address(1), Address(2), Address(9));
        var sources = new List<TransportAddress>();
        var client = network.Add(old, new() { Delay = Milliseconds(5) }, new(), (_, _, _) => { });
        var host = network.Add(server, new(), new(), (_, from, _) => sources.Add(from));
        client.Send(server, [1]);
        client.Rebind(mapped);
        client.Send(server, [2]);
        host.Send(old, [3]);
        host.Send(mapped, [4]);
        network.Clock.RunFor(Milliseconds(100));
        Assert.Equal([old, mapped], sources);
        Assert.Equal((1, 1), (client.Received, network.Undeliverable));
        Assert.Throws<ArgumentException>(() => client.Rebind(server));
    }

    [Fact]
    public void An_interrupted_endpoint_neither_sends_nor_receives()
    {
        var network = new SimulatedNetwork(new(), 1);
        var (one, other) = (network.Add(Address(1), new(), new(), (_, _, _) => { }), network.Add(Address(2), new(), new(), (_, _, _) => { }));
        one.Interrupt(Milliseconds(50));
        network.Clock.After(Milliseconds(49), Exchange);
        network.Clock.After(Milliseconds(51), Exchange);
        network.Clock.RunFor(Milliseconds(49));
        Assert.Equal((0, 0), (one.Received, other.Received));
        network.Clock.RunFor(Milliseconds(51));
        Assert.Equal((1, 1), (one.Received, other.Received));

        void Exchange()
        {
            one.Send(other.Address, [1]);
            other.Send(one.Address, [1]);
        }
    }

    private static TransportAddress Address(uint host) => TransportAddress.FromIpv4(0x0a000000 + host, 5000);

    private static TimeSpan Milliseconds(double value) => TimeSpan.FromMilliseconds(value);

    private static (int Lost, int Bursts) Count(LinkOptions options, int seed)
    {
        var link = new SimulatedLink(options, seed);
        var (lost, bursts, inBurst) = (0, 0, false);
        for (var i = 0; i < Packets; i++)
        {
            if (link.Offer(Instant.FromMilliseconds(i), 100, out _))
            {
                inBurst = false;
                continue;
            }

            lost++;
            if (!inBurst) bursts++;
            inBurst = true;
        }

        return (lost, bursts);
    }

    private static List<Instant> Deliveries(LinkOptions options, int seed)
    {
        var link = new SimulatedLink(options, seed);
        var deliveries = new List<Instant>();
        for (var i = 0; i < 1000; i++)
        {
            if (!link.Offer(Instant.FromMilliseconds(i * 4), 900, out var delivery, out var duplicate)) continue;
            deliveries.Add(delivery);
            if (duplicate != Instant.Never) deliveries.Add(duplicate);
        }

        return deliveries;
    }
}
