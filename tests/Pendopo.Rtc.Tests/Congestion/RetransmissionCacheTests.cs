using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
    public void What_somebody_waits_to_send_is_kept_while_the_ring_can_grow()
    {
        var cache = new RetransmissionCache(8, 32, 4, TimeSpan.Zero) { HoldTime = TimeSpan.FromSeconds(2) };
        for (byte i = 0; i < 40; i++) cache.Store(Instant.FromMilliseconds(i * 40), i, [i]);
        Assert.Equal(32, cache.Slots);
        for (byte i = 8; i < 40; i++) Assert.True(cache.TryFind(Instant.FromMilliseconds(1600), i, TimeSpan.FromSeconds(2), out var found) && found[0] == i);
        Assert.False(cache.TryFind(Instant.FromMilliseconds(1600), 7, TimeSpan.FromSeconds(2), out _));
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

    [Fact]
    public void The_ring_grows_with_the_rate_until_a_second_fits_and_no_further()
    {
        var cache = new RetransmissionCache(64, 512, 1500, Age);
        FillAtRate(cache, packetsPerSecond: 50, from: 0, seconds: 3);
        Assert.Equal(64, cache.Slots);
        FillAtRate(cache, packetsPerSecond: 200, from: 1_000, seconds: 3);
        Assert.Equal(256, cache.Slots);
        FillAtRate(cache, packetsPerSecond: 2_000, from: 10_000, seconds: 3);
        Assert.Equal(512, cache.Slots);
    }

    [Fact]
    public void Growing_moves_no_packet_and_loses_none()
    {
        var cache = new RetransmissionCache(64, 512, 16, Age);
        var random = new Random(1);
        for (var sequence = 0; sequence < 64; sequence++)
        {
            if (random.Next(4) > 0) cache.Store(Instant.Zero, 1_000 + sequence, [(byte)sequence, 7]);
        }

        var kept = Enumerable.Range(1_000, 64).Where(sequence => cache.TryFind(Instant.Zero, sequence, Age, out _)).ToList();
        foreach (var slots in new[] { 128, 256, 512, 512 })
        {
            var before = new List<nint>();
            foreach (var sequence in kept)
            {
                Assert.True(cache.TryFind(Instant.Zero, sequence, Age, out var packet));
                before.Add(AddressOf(packet));
            }

            cache.Grow();
            Assert.Equal(slots, cache.Slots);
            for (var i = 0; i < kept.Count; i++)
            {
                Assert.True(cache.TryFind(Instant.Zero, kept[i], Age, out var packet));
                Assert.Equal([(byte)(kept[i] - 1_000), 7], packet.ToArray());
                Assert.Equal(before[i], AddressOf(packet));
            }
        }

        // Every slot has memory of its own.
        var addresses = new HashSet<nint>();
        for (var sequence = 2_048; sequence < 2_048 + 512; sequence++) addresses.Add(AddressOf(cache.Store(Instant.Zero, sequence, [1])));
        Assert.Equal(512, addresses.Count);
    }

    [Fact]
    public void A_burst_grows_the_ring_before_it_overwrites_what_may_wait_to_be_sent()
    {
        var cache = new RetransmissionCache(64, 512, 16, Age);
        var first = cache.Store(Instant.Zero, 0, [1, 2, 3]);
        for (var sequence = 1; sequence < 512; sequence++) cache.Store(Instant.Zero, sequence, [9]);
        Assert.Equal(512, cache.Slots);
        Assert.Equal([1, 2, 3], first.ToArray());
    }

    [Fact]
    public void The_lent_copy_is_aligned_and_readable_past_its_end()
    {
        var cache = new RetransmissionCache(8, 32, 1500, Age);
        var packet = new byte[1500];
        new Random(2).NextBytes(packet);
        for (var sequence = 0; sequence < 100; sequence++)
        {
            var copy = cache.Store(Instant.Zero, sequence, packet);
            Assert.Equal(packet, copy.ToArray());
            Assert.Equal(0, AddressOf(copy) % RetransmissionCache.Alignment);
        }

        // Writing a neighbour's whole slot does not reach into the slack.
        cache = new RetransmissionCache(8, 1500);
        var addresses = new List<nint>();
        for (var sequence = 0; sequence < 8; sequence++) addresses.Add(AddressOf(cache.Store(Instant.Zero, sequence, packet)));
        addresses.Sort();
        for (var i = 1; i < addresses.Count; i++) Assert.True(addresses[i] - addresses[i - 1] >= 1500 + RetransmissionCache.Slack);
    }

    [Fact]
    public void What_is_not_kept_is_not_lent()
    {
        var cache = new RetransmissionCache(8, 4);
        Assert.True(cache.Store(Instant.Zero, 1, [1, 2, 3, 4, 5]).IsEmpty);
        cache.Store(Instant.Zero, 9, [9]);
        Assert.True(cache.Store(Instant.Zero, 1, [1]).IsEmpty);
    }

    // The memory is pinned, so an address means something.
    private static nint AddressOf(ReadOnlySpan<byte> packet) =>
        Unsafe.ByteOffset(in Unsafe.NullRef<byte>(), in MemoryMarshal.GetReference(packet));

    // Grown by the owner now and then, as by a worker's tick.
    private static void FillAtRate(RetransmissionCache cache, int packetsPerSecond, long from, int seconds)
    {
        var start = Instant.FromMilliseconds(from * 1_000.0);
        for (var i = 0; i < packetsPerSecond * seconds; i++)
        {
            cache.Store(start + TimeSpan.FromSeconds(i / (double)packetsPerSecond), from + i, [1]);
            if (i % 10 == 0 && cache.WantsGrowth) cache.Grow();
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
