namespace Pendopo.Testing;

/// <summary>
/// The bytes that this thread allocates between two moments. A garbage collection in between, which any other test can cause, takes the
/// thread's unused allocation block away and counts it as allocated, up to 8 KiB: such a stretch says nothing.
/// </summary>
public readonly struct AllocationWatch
{
    private readonly int _collections;
    private readonly long _bytes;

    private AllocationWatch(int collections, long bytes) => (_collections, _bytes) = (collections, bytes);

    public static AllocationWatch Start() => new(GC.CollectionCount(0), GC.GetAllocatedBytesForCurrentThread());

    /// <summary>False when a collection came in between.</summary>
    /// <param name="bytes">Allocated since <see cref="Start"/>.</param>
    public bool TryRead(out long bytes)
    {
        bytes = GC.GetAllocatedBytesForCurrentThread() - _bytes;
        if (GC.CollectionCount(0) == _collections) return true;
        bytes = 0;
        return false;
    }
}
