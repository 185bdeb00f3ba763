using System.Runtime.InteropServices;

namespace Pendopo.Sfu.Network;

/// <summary>
/// The few calls of Linux that .NET does not offer. Layouts are those of 64-bit Linux (x64 and arm64 agree); every argument is
/// blittable, so no marshalling code runs per call. Calls may block or take long, so the GC transition stays.
/// </summary>
internal static unsafe partial class LibC
{
    public const int Eintr = 4;
    public const int Eio = 5;
    public const int Eagain = 11;
    public const int Enobufs = 105;
    public const int Ebadf = 9;
    public const int Efault = 14;
    public const int Einval = 22;
    public const int Enotsock = 88;

    public const int MsgTrunc = 0x20;
    public const int MsgDontWait = 0x40;
    public const int MsgNoSignal = 0x4000;

    /// <summary>Level and type of the control message that names the length of a run's packets; from Linux 4.18.</summary>
    public const int SolUdp = 17;
    public const int UdpSegment = 103;

    public const short PollIn = 1;

    public const int EventFdNonBlock = 0x800;
    public const int EventFdCloseOnExec = 0x80000;

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMany(int socket, MultiMessage* messages, uint count, int flags, void* timeout);

    [LibraryImport(Library, EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMany(int socket, MultiMessage* messages, uint count, int flags);

    /// <summary>As poll(2), with a timeout in nanoseconds: pacing needs less than a millisecond.</summary>
    [LibraryImport(Library, EntryPoint = "ppoll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, TimeSpec* timeout, void* signalMask);

    /// <summary>prctl(2), for PR_SET_TIMERSLACK: by how many nanoseconds this thread's waits may be late.</summary>
    [LibraryImport(Library, EntryPoint = "prctl", SetLastError = true)]
    public static partial int Control(int option, nuint value, nuint unused3, nuint unused4, nuint unused5);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int CreateEvent(uint initialValue, int flags);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, void* buffer, nuint length);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, void* buffer, nuint length);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct IoVector
    {
        public void* Base;
        public nuint Length;
    }

    /// <summary>struct mmsghdr with its struct msghdr inside: 64 bytes, one cache line.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    public struct MultiMessage
    {
        [FieldOffset(0)] public void* Name;
        [FieldOffset(8)] public uint NameLength;
        [FieldOffset(16)] public IoVector* Vectors;
        [FieldOffset(24)] public nuint VectorCount;
        [FieldOffset(32)] public void* Control;
        [FieldOffset(40)] public nuint ControlLength;
        [FieldOffset(48)] public int Flags;
        [FieldOffset(56)] public uint Length;
    }

    /// <summary>struct cmsghdr with a 16-bit value, padded as CMSG_SPACE has it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 24)]
    public struct SegmentControl
    {
        [FieldOffset(0)] public nuint Length;
        [FieldOffset(8)] public int Level;
        [FieldOffset(12)] public int Type;
        [FieldOffset(16)] public ushort Segment;
    }

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
}
