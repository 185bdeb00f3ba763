using Pendopo.Rtc.Congestion;
using Xunit;

namespace Pendopo.Rtc.Tests.Congestion;

public class RetransmissionCacheTests
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_stored_packet_is_found_as_it_was()
    {
        var cache = new RetransmissionCache(8, 4);
        byte[] packet = [1, 2, 3];
        cache.Store(Instant.Zero, 65_540, packet);
        packet[0] = 9;
        Assert.True(cache.TryFind(Instant.Zero + Age, 65_540, Age, out var found));
        Assert.Equal([1, 2, 3], found.ToArray());
    }

    [Fact]
    public void Packets_never_stored_overwritten_or_too_old_are_not_found()
    {
        var cache = new RetransmissionCache(8, 4);
        Assert.False(cache.TryFind(Instant.Zero, 0, Age, out _));
        cache.Store(Instant.Zero, 1, [1]);
        Assert.False(cache.TryFind(Instant.Zero, 9, Age, out _));
        Assert.False(cache.TryFind(Instant.Zero + Age + TimeSpan.FromTicks(1), 1, Age, out _));
        cache.Store(Instant.Zero, 9, [9]);
        Assert.False(cache.TryFind(Instant.Zero, 1, Age, out _));
        Assert.True(cache.TryFind(Instant.Zero, 9, Age, out _));
    }

    [Fact]
    public void A_late_packet_does_not_overwrite_a_newer_one()
    {
        var cache = new RetransmissionCache(8, 4);
        cache.Store(Instant.Zero, 9, [9]);
        cache.Store(Instant.Zero, 1, [1]);
        Assert.True(cache.TryFind(Instant.Zero, 9, Age, out var found));
        Assert.Equal(9, found[0]);
        cache.Clear();
        cache.Store(Instant.Zero, 1, [1]);
        Assert.True(cache.TryFind(Instant.Zero, 1, Age, out _));
    }

    [Fact]
    public void A_packet_larger_than_a_slot_is_not_kept()
    {
        var cache = new RetransmissionCache(8, 4);
        cache.Store(Instant.Zero, 1, [1, 2, 3, 4, 5]);
        Assert.False(cache.TryFind(Instant.Zero, 1, Age, out _));
    }

    [Fact]
    public void The_last_slots_are_all_there_and_nothing_is_allocated()
    {
        var cache = new RetransmissionCache(64, 16);
        var packet = new byte[16];
        Fill(cache, packet, 0, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = Fill(cache, packet, 100, 10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(10_000 - 100, found);
        for (var sequence = 10_000 - 64; sequence < 10_000; sequence++)
        {
            Assert.True(cache.TryFind(Instant.Zero, sequence, Age, out var kept));
            Assert.Equal((byte)sequence, kept[0]);
        }
    }

    private static int Fill(RetransmissionCache cache, byte[] packet, int from, int to)
    {
        var found = 0;
        for (var sequence = from; sequence < to; sequence++)
        {
            packet[0] = (byte)sequence;
            cache.Store(Instant.Zero, sequence, packet);
            if (cache.TryFind(Instant.Zero, sequence, Age, out var kept) && kept[0] == packet[0]) found++;
        }

        return found;
    }
}
