using System.Runtime.InteropServices;

namespace Pendopo.Load.Network;

/// <summary>Memory for recvmmsg(2) or sendmmsg(2) on connected sockets: slots one after the other, with room for the kernel's time stamp.</summary>
internal sealed unsafe class PacketBatch : IDisposable
{
    public const int Capacity = 64;
    public const int SlotBytes = 2048;

    /// <summary>One control message: 16 bytes of header and a timespec.</summary>
    private const int ControlBytes = 32;
    private const int TimeOffset = 16;

    private readonly LibC.MultiMessage* _messages;
    private readonly LibC.IoVector* _vectors;
    private readonly byte* _controls;
    private readonly byte* _slots;

    public PacketBatch()
    {
        _messages = (LibC.MultiMessage*)NativeMemory.AlignedAlloc((nuint)(Capacity * sizeof(LibC.MultiMessage)), 64);
        _vectors = (LibC.IoVector*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(LibC.IoVector));
        _controls = (byte*)NativeMemory.AllocZeroed(Capacity, ControlBytes);
        _slots = (byte*)NativeMemory.AlignedAlloc(Capacity * SlotBytes, 64);
        NativeMemory.Clear(_messages, (nuint)(Capacity * sizeof(LibC.MultiMessage)));
        for (var i = 0; i < Capacity; i++)
        {
            _vectors[i] = new() { Base = _slots + (i * SlotBytes), Length = SlotBytes };
            _messages[i] = new() { Vectors = _vectors + i, VectorCount = 1 };
        }
    }

    public Span<byte> Slot(int index) => new(_slots + (index * SlotBytes), SlotBytes);

    public int Length(int index) => (int)_messages[index].Length;

    /// <summary>When the kernel received the packet, in nanoseconds since 1970.</summary>
    public long ArrivedAt(int index)
    {
        var time = (LibC.TimeSpec*)(_controls + (index * ControlBytes) + TimeOffset);
        return (time->Seconds * 1_000_000_000) + time->Nanoseconds;
    }

    /// <summary>Takes what has arrived, without waiting; 0 when there is nothing.</summary>
    public int Receive(int socket)
    {
        for (var i = 0; i < Capacity; i++)
        {
            _messages[i].Control = _controls + (i * ControlBytes);
            _messages[i].ControlLength = ControlBytes;
        }

        return Math.Max(0, LibC.ReceiveMany(socket, _messages, Capacity, LibC.MsgDontWait, null));
    }

    public void SetLength(int index, int length) => _vectors[index].Length = (nuint)length;

    /// <summary>Sends slots in their order; returns how many the kernel took.</summary>
    public int Send(int socket, int first, int count) =>
        Math.Max(0, LibC.SendMany(socket, _messages + first, (uint)count, LibC.MsgDontWait | LibC.MsgNoSignal));

    public void Dispose()
    {
        NativeMemory.AlignedFree(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_controls);
        NativeMemory.AlignedFree(_slots);
    }
}
