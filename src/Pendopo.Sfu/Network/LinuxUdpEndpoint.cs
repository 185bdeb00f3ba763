using System.Buffers.Binary;
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Pendopo.Rtc.Transport;

namespace Pendopo.Sfu.Network;

/// <summary>
/// The endpoint of the hot path: recvmmsg(2) and sendmmsg(2) over buffers outside the GC heap. The kernel's headers are written once;
/// per packet only a length and an address change. Slots of the send batch lie one after the other, so that a run of slots to one
/// destination can become one message with several vectors (UDP_SEGMENT) without moving a byte.
/// </summary>
internal sealed unsafe class LinuxUdpEndpoint : UdpEndpoint
{
    private const int IpProtoIp = 0;
    private const int IpMtuDiscover = 10;
    private const int IpProtoIpv6 = 41;
    private const int Ipv6MtuDiscover = 23;
    private const int PmtuDiscoverDont = 0;

    /// <summary>sockaddr_in is 16 bytes and sockaddr_in6 is 28.</summary>
    private const uint Ipv4AddressBytes = 16;
    private const uint Ipv6AddressBytes = 28;

    private readonly WakeEvent _wake = new();
    private readonly int _descriptor;
    private readonly Batch _input;
    private readonly Batch _output;
    private int _queued;
    private int _dirty;

    public LinuxUdpEndpoint(Socket socket, int socketBufferBytes)
        : base(socket, socketBufferBytes)
    {
        _descriptor = (int)socket.SafeHandle.DangerousGetHandle();
        AllowFragments(socket);
        _input = new Batch(IsIpv6 ? Ipv6AddressBytes : Ipv4AddressBytes);
        _output = new Batch(IsIpv6 ? Ipv6AddressBytes : Ipv4AddressBytes);
    }

    /// <summary>The layouts in <see cref="LibC"/> hold there.</summary>
    public static bool IsSupported =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    public override int Receive(TimeSpan timeout, IPacketHandler handler)
    {
        // Under load there is always input: trying first saves the poll.
        var count = ReceiveBatch();
        if (count == 0 && timeout > TimeSpan.Zero && Wait(timeout)) count = ReceiveBatch();
        return count == 0 ? 0 : Deliver(count, handler);
    }

    public override Span<byte> Rent() => new(_output.Slot(_queued), SlotBytes);

    public override void Commit(TransportAddress destination, int length)
    {
        ThrowIfTooLong(length);
        if (!CanReach(destination)) return;
        WriteAddress(_output.Address(_queued), destination);
        _output.Vectors[_queued].Length = (nuint)length;
        if (++_queued == BatchSize) Flush();
    }

    public override void Flush()
    {
        var next = 0;
        while (next < _queued)
        {
            var taken = LibC.SendMany(_descriptor, _output.Messages + next, (uint)(_queued - next), LibC.MsgDontWait | LibC.MsgNoSignal);
            if (taken > 0)
            {
                CountSent(taken);
                next += taken;
                continue;
            }

            // sendmmsg reports an error only for the first message it was given, so that one alone is at fault.
            switch (Marshal.GetLastPInvokeError())
            {
                case LibC.Eintr:
                    break;
                case LibC.Eagain or LibC.Enobufs:
                    CountQueueFull(_queued - next);
                    next = _queued;
                    break;
                case var error and (LibC.Ebadf or LibC.Enotsock or LibC.Efault):
                    _queued = 0;
                    throw new Win32Exception(error);
                default:
                    CountSendError();
                    next++;
                    break;
            }
        }

        _queued = 0;
    }

    public override void Wake() => _wake.Set();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        _wake.Dispose();
        _input.Dispose();
        _output.Dispose();
    }

    /// <summary>
    /// Without this a path with a small MTU eats packets until the kernel has learnt it; fragments arrive at once. Media packets are
    /// kept below 1200 bytes, so it concerns few.
    /// </summary>
    private static void AllowFragments(Socket socket)
    {
        var dont = PmtuDiscoverDont;
        var value = MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in dont));
        socket.SetRawSocketOption(IpProtoIp, IpMtuDiscover, value);
        if (socket.AddressFamily == AddressFamily.InterNetworkV6) socket.SetRawSocketOption(IpProtoIpv6, Ipv6MtuDiscover, value);
    }

    /// <summary>True when the socket has input.</summary>
    private bool Wait(TimeSpan timeout)
    {
        var descriptors = stackalloc LibC.PollDescriptor[2];
        descriptors[0] = new() { Descriptor = _descriptor, Events = LibC.PollIn };
        descriptors[1] = new() { Descriptor = _wake.Descriptor, Events = LibC.PollIn };
        var time = new LibC.TimeSpec
        {
            Seconds = timeout.Ticks / TimeSpan.TicksPerSecond,
            Nanoseconds = timeout.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick,
        };
        if (LibC.Poll(descriptors, 2, &time, null) <= 0) return false;
        if (descriptors[1].Returned != 0) _wake.Reset();
        return descriptors[0].Returned != 0;
    }

    private int ReceiveBatch()
    {
        // The kernel wrote the address lengths of the messages it used last time.
        for (var i = 0; i < _dirty; i++) _input.Messages[i].NameLength = _input.AddressBytes;
        _dirty = 0;
        var count = LibC.ReceiveMany(_descriptor, _input.Messages, BatchSize, LibC.MsgDontWait, null);
        if (count >= 0) return _dirty = count;

        _dirty = BatchSize;
        switch (Marshal.GetLastPInvokeError())
        {
            case LibC.Eintr or LibC.Eagain:
                break;
            case var error and (LibC.Ebadf or LibC.Enotsock or LibC.Efault):
                throw new Win32Exception(error);
            default:
                CountReceiveError();
                break;
        }

        return 0;
    }

    private int Deliver(int count, IPacketHandler handler)
    {
        var delivered = 0;
        for (var i = 0; i < count; i++)
        {
            var message = _input.Messages + i;
            if ((message->Flags & LibC.MsgTrunc) != 0)
            {
                CountTruncated();
                continue;
            }

            delivered++;
            handler.OnDatagram(ReadAddress(_input.Address(i)), new Span<byte>(_input.Slot(i), (int)message->Length));
        }

        CountReceived(delivered);
        return delivered;
    }

    private TransportAddress ReadAddress(byte* address)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(new(address + 2, 2));
        return IsIpv6
            ? TransportAddress.Udp(BinaryPrimitives.ReadUInt128BigEndian(new(address + 8, 16)), port)
            : TransportAddress.FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(new(address + 4, 4)), port);
    }

    /// <summary>Family, flow and zone were written once by <see cref="Batch"/>.</summary>
    private void WriteAddress(byte* address, TransportAddress destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(new(address + 2, 2), destination.Port);
        if (IsIpv6) BinaryPrimitives.WriteUInt128BigEndian(new(address + 8, 16), destination.Ip);
        else BinaryPrimitives.WriteUInt32BigEndian(new(address + 4, 4), (uint)destination.Ip);
    }

    /// <summary>The memory of one direction, in one block: headers, vectors, addresses, slots, each part on its own cache lines.</summary>
    private sealed class Batch : IDisposable
    {
        private const ushort AfInet = 2;
        private const ushort AfInet6 = 10;
        private const int AddressStride = 32;
        private const int CacheLine = 64;

        private byte* _memory;

        public Batch(uint addressBytes)
        {
            AddressBytes = addressBytes;
            var headers = BatchSize * sizeof(LibC.MultiMessage);
            var vectors = BatchSize * sizeof(LibC.IoVector);
            var total = (nuint)(headers + vectors + (BatchSize * (AddressStride + SlotBytes)));
            _memory = (byte*)NativeMemory.AlignedAlloc(total, CacheLine);
            NativeMemory.Clear(_memory, total);
            Messages = (LibC.MultiMessage*)_memory;
            Vectors = (LibC.IoVector*)(_memory + headers);
            Addresses = _memory + headers + vectors;
            Slots = Addresses + (BatchSize * AddressStride);
            for (var i = 0; i < BatchSize; i++)
            {
                Vectors[i] = new() { Base = Slot(i), Length = SlotBytes };
                *(ushort*)Address(i) = addressBytes == Ipv6AddressBytes ? AfInet6 : AfInet;
                Messages[i] = new() { Name = Address(i), NameLength = addressBytes, Vectors = Vectors + i, VectorCount = 1 };
            }
        }

        public uint AddressBytes { get; }

        public LibC.MultiMessage* Messages { get; }

        public LibC.IoVector* Vectors { get; }

        private byte* Addresses { get; }

        private byte* Slots { get; }

        public byte* Slot(int index) => Slots + (index * SlotBytes);

        public byte* Address(int index) => Addresses + (index * AddressStride);

        public void Dispose()
        {
            NativeMemory.AlignedFree(_memory);
            _memory = null;
        }
    }
}
