using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Pendopo.Rtc.Srtp;
using Pendopo.Rtc.Transport;

namespace Pendopo.Sfu.Network;

/// <summary>
/// The endpoint of the hot path: recvmmsg(2) and sendmmsg(2) over buffers outside the GC heap. The kernel's headers are written once;
/// per packet only a length and an address change. A run of packets of one length to one destination, whose last may be shorter, leaves
/// as one message that the kernel (or the network card) cuts: UDP_SEGMENT, udp(7). The way through the network stack is then paid once
/// for the run. Where the system refuses, everything goes out packet by packet.
/// </summary>
internal sealed unsafe class LinuxUdpEndpoint : UdpEndpoint
{
    private const int IpProtoIp = 0;
    private const int IpMtuDiscover = 10;
    private const int IpProtoIpv6 = 41;
    private const int Ipv6MtuDiscover = 23;
    private const int PmtuDiscoverDont = 0;
    private const int SolSocket = 1;
    private const int SoNoCheck = 11;
    private const int PrSetTimerSlack = 29;

    /// <summary>sockaddr_in is 16 bytes and sockaddr_in6 is 28.</summary>
    private const uint Ipv4AddressBytes = 16;
    private const uint Ipv6AddressBytes = 28;

    private readonly WakeEvent _wake = new();
    private readonly int _descriptor;
    private readonly DatagramBatch _input;
    private readonly SendBatch _output;
    private int _dirty;
    private bool _isPunctual;

    public LinuxUdpEndpoint(Socket socket, int socketBufferBytes, bool segment)
        : base(socket, socketBufferBytes)
    {
        _descriptor = (int)socket.SafeHandle.DangerousGetHandle();
        AllowFragments(socket);
        _input = new DatagramBatch(BatchSize, IsIpv6 ? Ipv6AddressBytes : Ipv4AddressBytes);
        _output = new SendBatch(_descriptor, IsIpv6 ? Ipv6AddressBytes : Ipv4AddressBytes, segment);
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

    /// <summary>False once the system has refused to cut a run into packets, or where that is switched off.</summary>
    public bool Segments => _output.Segments;

    /// <summary>Messages handed to the system; fewer than packets where runs were found.</summary>
    public long Messages { get; private set; }

    /// <summary>For tests: SO_NO_CHECK, under which Linux refuses to cut with EINVAL.</summary>
    internal void RefuseSegmentation() => Socket.SetRawSocketOption(SolSocket, SoNoCheck, BitConverter.GetBytes(1));

    public override SrtpTagBatch Tags { get; } = new();

    public override Span<byte> Rent() => _output.Rent();

    public override void Commit(TransportAddress destination, int length)
    {
        ThrowIfTooLong(length);
        if (!CanReach(destination)) return;
        _output.Add(destination, length);
        if (_output.IsFull) Flush();
    }

    public override void EndRun()
    {
        if (_output.Count >= BatchSize) Flush();
    }

    public override void Flush()
    {
        if (_output.Count == 0) return;
        Tags.Complete();
        Messages += _output.Messages;
        _output.Send(out var sent, out var refused, out var overflowed);
        CountSent(sent);
        CountSendErrors(refused);
        CountQueueFull(overflowed);
    }

    public override void Wake() => _wake.Set();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        _wake.Dispose();
        _input.Dispose();
        _output.Dispose();
        Tags.Dispose();
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

    public override void Pause(TimeSpan time)
    {
        // By default a wait may be 50 µs late, which is as long as these are.
        if (!_isPunctual)
        {
            _isPunctual = true;
            _ = LibC.Control(PrSetTimerSlack, 1000, 0, 0, 0);
        }

        var wake = new LibC.PollDescriptor { Descriptor = _wake.Descriptor, Events = LibC.PollIn };
        Poll(&wake, 1, time); // a wake stays set for the next Receive
    }

    /// <summary>True when the socket has input.</summary>
    private bool Wait(TimeSpan timeout)
    {
        var descriptors = stackalloc LibC.PollDescriptor[2];
        descriptors[0] = new() { Descriptor = _descriptor, Events = LibC.PollIn };
        descriptors[1] = new() { Descriptor = _wake.Descriptor, Events = LibC.PollIn };
        if (Poll(descriptors, 2, timeout) <= 0) return false;
        if (descriptors[1].Returned != 0) _wake.Reset();
        return descriptors[0].Returned != 0;
    }

    private int Poll(LibC.PollDescriptor* descriptors, nuint count, TimeSpan timeout)
    {
        var time = new LibC.TimeSpec
        {
            Seconds = timeout.Ticks / TimeSpan.TicksPerSecond,
            Nanoseconds = timeout.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick,
        };
        var start = Stopwatch.GetTimestamp();
        var ready = LibC.Poll(descriptors, count, &time, null);
        CountWaited(Stopwatch.GetTimestamp() - start);
        return ready;
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
            handler.OnDatagram(_input.ReadAddress(i), new Span<byte>(_input.Slot(i), (int)message->Length));
        }

        CountReceived(delivered);
        return delivered;
    }
}
