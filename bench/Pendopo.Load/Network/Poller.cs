using System.Runtime.InteropServices;

namespace Pendopo.Load.Network;

/// <summary>Which sockets have input (epoll): a sweep over five hundred sockets asks only those.</summary>
internal sealed unsafe class Poller : IDisposable
{
    private const int Capacity = 1024;

    private readonly int _epoll = LibC.EpollCreate(0);
    private readonly byte* _events = (byte*)NativeMemory.AllocZeroed(Capacity, 16);

    public void Add(int descriptor, int index)
    {
        var value = stackalloc byte[16];
        *(uint*)value = LibC.EpollIn;
        *(long*)(value + LibC.EpollDataOffset) = index;
        if (LibC.EpollControl(_epoll, LibC.EpollAdd, descriptor, value) != 0) throw new InvalidOperationException("epoll_ctl failed.");
    }

    public void Remove(int descriptor)
    {
        var value = stackalloc byte[16];
        _ = LibC.EpollControl(_epoll, LibC.EpollDelete, descriptor, value);
    }

    /// <summary>How many sockets have input now; <see cref="Index"/> names them.</summary>
    public int Poll() => Math.Max(0, LibC.EpollWait(_epoll, _events, Capacity, 0));

    public int Index(int place) => (int)*(long*)(_events + (place * LibC.EpollEventBytes) + LibC.EpollDataOffset);

    public void Dispose()
    {
        _ = LibC.Close(_epoll);
        NativeMemory.Free(_events);
    }
}
