using System.Runtime.InteropServices;

namespace Pendopo.Rtc.Srtp;

/// <summary>
/// Key material outside the managed heap: on a cache line's boundary, never copied by the garbage collector, and zeroed when
/// it is released. Owned by one thread.
/// </summary>
internal sealed unsafe class KeyMemory : IDisposable
{
    private const int CacheLine = 64;

    private readonly int _length;
    private byte* _pointer;

    /// <param name="length">Bytes; zeroed at first.</param>
    public KeyMemory(int length)
    {
        _length = length;
        _pointer = (byte*)NativeMemory.AlignedAlloc((nuint)length, CacheLine);
        NativeMemory.Clear(_pointer, (nuint)length);
    }

    /// <summary>A safety net for an owner that was lost without <see cref="Dispose"/>; keys must not outlive it.</summary>
    ~KeyMemory() => Release();

    /// <summary>Valid until <see cref="Dispose"/>; who computes with it keeps this object alive meanwhile.</summary>
    /// <exception cref="ObjectDisposedException">The keys are erased.</exception>
    public byte* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer is null, this);
            return _pointer;
        }
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (_pointer is null) return;
        NativeMemory.Clear(_pointer, (nuint)_length);
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
    }
}
