using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Pendopo.Rtc;

/// <summary>
/// Hints that memory will be needed soon. One packet for hundreds of receivers touches some thirty cache lines of each, which are
/// behind pointers and long since displaced when their turn comes again: to wait for them costs more than the encryption. Whoever goes
/// through receivers in order asks for the lines of the next ones ahead, a step of pointers at a time, so that nothing waits.
/// A hint changes nothing but time, on a machine without the instruction nothing at all; an address that the garbage collector has
/// moved meanwhile does no harm.
/// </summary>
public static class CacheLines
{
    private const int LineBytes = 64;

    /// <summary>The first bytes of an object's fields; null is nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(object? value, int bytes = LineBytes)
    {
        if (value is not null) Fetch(ref Unsafe.As<Fields>(value).First, bytes);
    }

    /// <summary>The line with one element; an index outside is nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch<T>(T[] array, int index)
    {
        if ((uint)index < (uint)array.Length) Fetch(ref Unsafe.As<T, byte>(ref array[index]), LineBytes);
    }

    /// <summary>Memory outside the managed heap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Fetch(byte* memory, int bytes)
    {
        if (!Sse.IsSupported) return;
        for (var offset = 0; offset < bytes; offset += LineBytes) Sse.Prefetch0(memory + offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Fetch(ref byte first, int bytes) => Fetch((byte*)Unsafe.AsPointer(ref first), bytes);

    /// <summary>The shape that every object has as far as its first field is concerned.</summary>
    private sealed class Fields
    {
        public byte First;
    }
}
