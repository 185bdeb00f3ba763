namespace Pendopo.Fuzz;

/// <summary>SplitMix64: cheap to seed, so every execution has a generator of its own and can be repeated alone.</summary>
internal struct FuzzRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var value = _state += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>A number in [0, <paramref name="bound"/>); 0 for a bound of 0.</summary>
    public int Below(int bound) => bound == 0 ? 0 : (int)(Next() % (ulong)bound);
}
