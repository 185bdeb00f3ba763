using System.Runtime.InteropServices;
using Pendopo.Rtc.Transport;

namespace Pendopo.Sfu.Limits;

/// <summary>
/// How many TCP connections each address has; an IPv6 customer's /64 is one address. It has an entry only per address that is connected
/// now, so the endpoint's limit of connections bounds it. Safe for any thread.
/// </summary>
internal sealed class ConnectionCounts(int maximumPerAddress)
{
    private readonly Dictionary<UInt128, int> _counts = [];
    private readonly Lock _lock = new();

    /// <summary>Addresses that have a connection.</summary>
    public int AddressCount
    {
        get
        {
            lock (_lock) return _counts.Count;
        }
    }

    /// <summary>Counts a connection in, if its address may have one more.</summary>
    public bool TryAdd(TransportAddress address)
    {
        lock (_lock)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, KeyOf(address), out _);
            if (count >= maximumPerAddress) return false;
            count++;
            return true;
        }
    }

    /// <summary>Counts out what <see cref="TryAdd"/> has counted in.</summary>
    public void Remove(TransportAddress address)
    {
        lock (_lock)
        {
            var key = KeyOf(address);
            if (_counts.TryGetValue(key, out var count) && count > 1) _counts[key] = count - 1;
            else _counts.Remove(key);
        }
    }

    private static UInt128 KeyOf(TransportAddress address) => address.IsIpv4 ? address.Ip : address.Ip >> 64 << 64;
}
