using Pendopo.Rtc;
using Pendopo.Rtc.Transport;

namespace Pendopo.Sfu.Limits;

/// <summary>
/// One bucket per source address in a table that never grows: whoever can write any source address would fill a dictionary. Two
/// independent rows of buckets (a count-min sketch): a source is refused only when its buckets in both are empty, so somebody who shares
/// one of them with a flood still comes in by the other. IPv4 counts by address, IPv6 by /64, since that is what one customer has.
/// </summary>
internal sealed class SourceLimiter
{
    /// <summary>
    /// Per row; 64 KiB in all. With 40 flooding addresses an innocent one shares both buckets with probability (40/4096)², 1 in 10 000.
    /// </summary>
    private const int Buckets = 4096;

    private readonly RateLimit _limit;
    private readonly long[] _first = new long[Buckets];
    private readonly long[] _second = new long[Buckets];
    private readonly ulong _seed;
    private readonly ulong _factor;

    /// <param name="limit">What each source may do.</param>
    /// <param name="random">Seeds the hash, so that nobody can choose addresses that collide with somebody else's.</param>
    public SourceLimiter(RateLimit limit, Random random)
    {
        _limit = limit;
        _seed = (ulong)random.NextInt64();
        _factor = (ulong)random.NextInt64() | 1;
    }

    /// <summary>True, and counted, if the source may go on.</summary>
    public bool TryTake(Instant now, TransportAddress source)
    {
        var hash = Hash(source);
        ref var first = ref _first[(int)(hash & (Buckets - 1))];
        ref var second = ref _second[(int)(hash >> 32) & (Buckets - 1)];

        // Both are charged, as far as they have something.
        return _limit.TryTake(ref first, now, 1) | _limit.TryTake(ref second, now, 1);
    }

    private ulong Hash(TransportAddress source)
    {
        var key = source.IsIpv4 ? (ulong)(uint)source.Ip : (ulong)(source.Ip >> 64);
        var high = Math.BigMul(key ^ _seed, _factor, out var low);
        high = Math.BigMul(high ^ low ^ _seed, 0x9E37_79B9_7F4A_7C15UL, out low);
        return high ^ low;
    }
}
