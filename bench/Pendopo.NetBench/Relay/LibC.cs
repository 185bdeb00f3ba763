using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace Pendopo.NetBench.Relay;

/// <summary>The calls of Linux that a relay of exact timing needs and .NET does not offer. Layouts are those of 64-bit Linux.</summary>
internal static unsafe partial class LibC
{
    public const short PollIn = 1;
    public const int MsgDontWait = 0x40;
    public const int MsgNoSignal = 0x4000;
    private const int RoundRobin = 2;
    private const ushort InternetFamily = 2;
    private const string Library = "libc";

    /// <summary>Lets the calling thread run before all ordinary ones. False where the right (CAP_SYS_NICE) is missing.</summary>
    public static bool TryBecomeRealTime()
    {
        var priority = 1;
        return SetScheduler(0, RoundRobin, &priority) == 0;
    }

    /// <summary>As poll(2), with a timeout in nanoseconds.</summary>
    [LibraryImport(Library, EntryPoint = "ppoll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, TimeSpec* timeout, void* signalMask);

    [LibraryImport(Library, EntryPoint = "recvfrom", SetLastError = true)]
    public static partial nint Receive(int socket, void* buffer, nuint length, int flags, SocketAddressIpv4* from, int* fromLength);

    [LibraryImport(Library, EntryPoint = "sendto", SetLastError = true)]
    public static partial nint Send(int socket, void* buffer, nuint length, int flags, SocketAddressIpv4* to, int toLength);

    // Thread 0 is the calling one; struct sched_param is one int.
    [LibraryImport(Library, EntryPoint = "sched_setscheduler", SetLastError = true)]
    private static partial int SetScheduler(int thread, int policy, int* priority);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>struct timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    /// <summary>struct sockaddr_in, its port and address in network order, as a value to compare and to keep.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public record struct SocketAddressIpv4
    {
        public ushort Family;
        public ushort Port;
        public uint Address;
        public ulong Zero;

        public static SocketAddressIpv4 From(IPEndPoint endPoint)
        {
            Span<byte> address = stackalloc byte[4];
            if (!endPoint.Address.TryWriteBytes(address, out var length) || length != address.Length) throw new ArgumentException("IPv4 only.", nameof(endPoint));
            return new()
            {
                Family = InternetFamily,
                Port = BinaryPrimitives.ReverseEndianness((ushort)endPoint.Port),
                Address = MemoryMarshal.Read<uint>(address),
            };
        }
    }
}
