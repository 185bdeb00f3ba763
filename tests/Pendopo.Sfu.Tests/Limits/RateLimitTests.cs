using Pendopo.Rtc;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu.Limits;
using Xunit;

namespace Pendopo.Sfu.Tests.Limits;

public sealed class RateLimitTests
{
    [Fact]
    public void A_burst_passes_at_once_and_then_the_rate()
    {
        var limit = new RateLimit(perSecond: 100, burst: 50);
        long state = 0;
        var now = Instant.FromMilliseconds(5000);
        Assert.Equal(50, Enumerable.Range(0, 1000).Count(_ => limit.TryTake(ref state, now, 1)));
        var passed = 0;
        for (var i = 0; i < 10_000; i++)
        {
            now += TimeSpan.FromMilliseconds(1);
            if (limit.TryTake(ref state, now, 1)) passed++;
        }

        Assert.InRange(passed, 999, 1001);
        now += TimeSpan.FromHours(1);
        Assert.Equal(50, Enumerable.Range(0, 1000).Count(_ => limit.TryTake(ref state, now, 1)));
    }

    [Fact]
    public void A_large_request_overdraws_once_and_is_paid_back()
    {
        var limit = new RateLimit(perSecond: 1000, burst: 1000);
        long state = 0;
        Assert.True(limit.TryTake(ref state, Instant.Zero, 60_000));
        Assert.False(limit.TryTake(ref state, Instant.FromMilliseconds(58_999), 1));
        Assert.True(limit.TryTake(ref state, Instant.FromMilliseconds(59_001), 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Forty_floods_leave_an_innocent_source_alone_and_are_held_to_their_rate(int seed)
    {
        var random = new Random(seed);
        var limiter = new SourceLimiter(new RateLimit(100, 100), random);
        var now = Instant.FromMilliseconds(1000);
        var passed = 0;
        for (var i = 0; i < 400_000; i++)
        {
            if (limiter.TryTake(now, Ipv4((uint)(i % 40)))) passed++;
        }

        // Where one of a source's two buckets is shared by nobody, exactly its own burst passes; the worst case is twice that.
        Assert.InRange(passed, 40 * 100, 40 * 200);
        Assert.InRange(Enumerable.Range(1000, 1000).Count(i => limiter.TryTake(now, Ipv4((uint)i))), 998, 1000);
    }

    [Fact]
    public void A_source_that_tries_all_the_time_gets_its_rate_and_no_more()
    {
        var limiter = new SourceLimiter(new RateLimit(100, 100), new Random(6));
        Assert.InRange(Enumerable.Range(0, 1_000_000).Count(i => limiter.TryTake(new Instant(i * 100L), Ipv4(1))), 1099, 1101);
    }

    [Fact]
    public void A_customers_whole_ipv6_prefix_is_one_source()
    {
        var limiter = new SourceLimiter(new RateLimit(10, 10), new Random(4));
        var prefix = (UInt128)0x2001_0db8_0000_0001UL << 64;
        Assert.Equal(10, Enumerable.Range(0, 1000).Count(i => limiter.TryTake(Instant.Zero, TransportAddress.Udp(prefix | (UInt128)(uint)i, 5000))));
        Assert.True(limiter.TryTake(Instant.Zero, TransportAddress.Udp(prefix + ((UInt128)1 << 64), 5000)));
    }

    [Fact]
    public void Millions_of_addresses_take_no_memory()
    {
        var limiter = new SourceLimiter(new RateLimit(2000, 2000), new Random(5));
        var now = Instant.Zero;
        Assert.True(limiter.TryTake(now, Ipv4(0)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (uint i = 0; i < 2_000_000; i++) limiter.TryTake(now, Ipv4(i));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Connections_are_counted_per_address_and_forgotten_with_the_last_one()
    {
        var counts = new ConnectionCounts(maximumPerAddress: 2);
        var (one, other) = (Ipv4(1), Ipv4(2));
        Assert.True(counts.TryAdd(one) && counts.TryAdd(one) && counts.TryAdd(other));
        Assert.False(counts.TryAdd(one));
        Assert.Equal(2, counts.AddressCount);
        counts.Remove(one);
        Assert.True(counts.TryAdd(one));
        counts.Remove(one);
        counts.Remove(one);
        counts.Remove(other);
        Assert.Equal(0, counts.AddressCount);
    }

    [Fact]
    public void Wrong_limits_are_named()
    {
        Assert.Null(new MediaServerOptions().Validate());
        Assert.Contains("PacketsPerSecond", new MediaServerOptions { Limits = new() { PacketsPerSecond = 1 } }.Validate(), StringComparison.Ordinal);
        Assert.Contains("BitsPerSecond", new MediaServerOptions { Limits = new() { BitsPerSecond = 1 } }.Validate(), StringComparison.Ordinal);
        Assert.Contains("Burst", new MediaServerOptions { Limits = new() { Burst = TimeSpan.Zero } }.Validate(), StringComparison.Ordinal);
        Assert.NotNull(new MediaServerOptions { Limits = new() { HandshakesPerSecond = 0 } }.Validate());
    }

    private static TransportAddress Ipv4(uint low) => TransportAddress.FromIpv4(0x0a00_0000 | low, 5000);
}
