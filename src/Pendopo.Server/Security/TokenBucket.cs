namespace Pendopo.Server.Security;

/// <summary>Buckets of tokens by key, refilled evenly; a full bucket holds one minute's worth.</summary>
internal sealed class TokenBuckets(int perMinute, TimeProvider time)
{
    /// <summary>Beyond this many keys full buckets are thrown away: they remember nothing.</summary>
    private const int SweepAbove = 10_000;

    private readonly Dictionary<string, Bucket> _buckets = [];
    private readonly Lock _lock = new();

    /// <summary>Takes a token if there is one.</summary>
    public bool TryTake(string key)
    {
        lock (_lock)
        {
            var tokens = TokensOf(key);
            if (tokens < 1) return false;
            _buckets[key] = new Bucket(tokens - 1, time.GetTimestamp());
            return true;
        }
    }

    /// <summary>True if a token could be taken now.</summary>
    public bool HasToken(string key)
    {
        lock (_lock) return TokensOf(key) >= 1;
    }

    private double TokensOf(string key)
    {
        if (_buckets.Count > SweepAbove) Sweep();
        if (!_buckets.TryGetValue(key, out var bucket)) return perMinute;
        return Refilled(bucket);
    }

    private double Refilled(Bucket bucket) => Math.Min(perMinute, bucket.Tokens + (time.GetElapsedTime(bucket.At).TotalMinutes * perMinute));

    private void Sweep()
    {
        foreach (var key in _buckets.Where(pair => Refilled(pair.Value) >= perMinute).Select(pair => pair.Key).ToArray()) _buckets.Remove(key);
    }

    private readonly record struct Bucket(double Tokens, long At);
}
