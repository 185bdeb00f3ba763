using System.Buffers.Binary;
using Pendopo.NetBench.Relay;
using Pendopo.Rtc;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.NetBench.Tests.Relay;

/// <summary>What the relay holds back must be exactly what the model of the virtual-time tests says.</summary>
public sealed class LinkQueueTests
{
    public static TheoryData<string, LinkOptions> Links => new()
    {
        { "rate and queue", new() { Rate = DataRate.FromKilobits(800), QueueBytes = 20_000, Delay = TimeSpan.FromMilliseconds(20) } },
        { "random loss", new() { Loss = 0.2, Delay = TimeSpan.FromMilliseconds(40), Jitter = TimeSpan.FromMilliseconds(15) } },
        { "bursts", new() { BurstLoss = new(0.05, 0.25), Delay = TimeSpan.FromMilliseconds(5) } },
        { "reordering and copies", new() { Reordering = 0.2, ReorderingDelay = TimeSpan.FromMilliseconds(12), Duplication = 0.1, Jitter = TimeSpan.FromMilliseconds(3) } },
    };

    [Theory]
    [MemberData(nameof(Links))]
    public void Every_datagram_arrives_when_the_seeded_model_says_or_not_at_all(string name, LinkOptions options)
    {
        var model = new SimulatedLink(options, seed: 7);
        var queue = new LinkQueue(options, seed: 7);
        var traffic = new Random(3);
        var expected = new List<(long Ticks, int Number)>();
        var arrived = new List<(long Ticks, int Number)>();
        var now = Instant.Zero;
        for (var number = 0; number < 2000; number++)
        {
            now += TimeSpan.FromMilliseconds(10 * traffic.NextDouble());
            var bytes = traffic.Next(20, 1200);
            if (model.Offer(now, bytes + LinkQueue.HeaderBytes, out var delivery, out var duplicate))
            {
                expected.Add((delivery.Ticks, number));
                if (duplicate != Instant.Never) expected.Add((duplicate.Ticks, number));
            }

            var datagram = new byte[bytes];
            BinaryPrimitives.WriteInt32LittleEndian(datagram, number);
            datagram.AsSpan(4).Fill((byte)number);
            Drain(queue, now, arrived);
            queue.Offer(now, datagram, number % 5);
        }

        Drain(queue, new(long.MaxValue - 1), arrived);
        Assert.Equal(expected.Order(), arrived.Order());
        Assert.True(arrived.Select(static one => one.Ticks).SequenceEqual(arrived.Select(static one => one.Ticks).Order()), $"{name}: handed out of order of time");
        Assert.Equal(0, queue.Underway);
    }

    [Fact]
    public void Counters_tell_lost_ones_from_those_that_found_the_queue_full_and_how_long_the_others_waited()
    {
        // 80 kb/s carry 10 bytes a millisecond: 10 packets of 500 bytes at once fill 4000 bytes of queue with eight of them.
        var queue = new LinkQueue(new() { Rate = DataRate.FromKilobits(80), QueueBytes = 4000 }, seed: 1);
        for (var i = 0; i < 10; i++) queue.Offer(Instant.Zero, new byte[500 - LinkQueue.HeaderBytes], 0);
        var counters = queue.TakeCounters();
        Assert.Equal((10, 5000, 0, 2), (counters.Offered, counters.OfferedBytes, counters.Lost, counters.QueueDrops));
        Assert.Equal(400, counters.LongestWait.TotalMilliseconds);

        queue.Link.Options = new() { Loss = 1 };
        queue.Offer(Instant.FromMilliseconds(1000), new byte[100], 0);
        counters = queue.TakeCounters();
        Assert.Equal((1, 1, 0), (counters.Offered, counters.Lost, counters.QueueDrops));
        Assert.Equal(default, queue.TakeCounters());
    }

    [Fact]
    public void Cleared_it_forgets_what_was_on_its_way()
    {
        var queue = new LinkQueue(new() { Delay = TimeSpan.FromMilliseconds(50) }, seed: 1);
        queue.Offer(Instant.Zero, [1, 2, 3], 0);
        Assert.Equal(Instant.FromMilliseconds(50), queue.NextDelivery);
        queue.Clear();
        Assert.Equal(Instant.Never, queue.NextDelivery);
        Assert.False(queue.TryTake(Instant.FromMilliseconds(100), out _));
    }

    private static void Drain(LinkQueue queue, Instant now, List<(long Ticks, int Number)> arrived)
    {
        while (queue.TryTake(now, out var carried))
        {
            var number = BinaryPrimitives.ReadInt32LittleEndian(carried.Datagram);
            Assert.Equal(number % 5, carried.Flow);
            Assert.True(carried.Datagram[4..].IndexOfAnyExcept((byte)number) < 0, "The bytes are not those that were sent.");
            arrived.Add((carried.Due.Ticks, number));
            queue.Return(carried);
        }
    }
}
