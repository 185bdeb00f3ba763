using System.Runtime.InteropServices;

namespace Pendopo.Load.Network;

/// <summary>
/// The calls of Linux that the generator needs and .NET does not offer. Layouts are those of 64-bit Linux.
/// </summary>
internal static unsafe partial class LibC
{
    public const int MsgDontWait = 0x40;
    public const int MsgNoSignal = 0x4000;
    public const int SolSocket = 1;
    public const int SoTimestampNanoseconds = 35;
    public const int ClockRealtime = 0;
    public const uint EpollIn = 1;
    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    private const int SetTimerSlack = 29;

    private const string Library = "libc";

    /// <summary>struct epoll_event is packed on x86-64 only.</summary>
    public static int EpollEventBytes { get; } = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    /// <summary>Where the user's data begins in an epoll_event.</summary>
    public static int EpollDataOffset { get; } = EpollEventBytes - 8;

    [LibraryImport(Library, EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMany(int socket, MultiMessage* messages, uint count, int flags, void* timeout);

    [LibraryImport(Library, EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMany(int socket, MultiMessage* messages, uint count, int flags);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int socket, void* buffer, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetSocketOption(int socket, int level, int name, void* value, uint length);

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, void* value);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, void* events, int count, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "clock_gettime", SetLastError = true)]
    public static partial int GetTime(int clock, out TimeSpec time);

    [LibraryImport(Library, EntryPoint = "clock_nanosleep")]
    public static partial int Sleep(int clock, int flags, in TimeSpec time, nint rest);

    [LibraryImport(Library, EntryPoint = "prctl")]
    private static partial int Control(int option, nuint first, nuint second, nuint third, nuint fourth);

    /// <summary>Nanoseconds of a clock; -1 when it does not exist (its process has ended).</summary>
    public static long Nanoseconds(int clock) => GetTime(clock, out var time) == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds : -1;

    /// <summary>CLOCK_PROCESS_CPUTIME_ID of any process of this user: user and system time of all its threads, to the nanosecond.</summary>
    public static int ProcessClock(int process) => (~process << 3) | 2;

    /// <summary>The default slack of 50 µs would blur the publisher's pace.</summary>
    public static void SleepPrecisely() => _ = Control(SetTimerSlack, 1, 0, 0, 0);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct IoVector
    {
        public void* Base;
        public nuint Length;
    }

    /// <summary>struct mmsghdr with its struct msghdr inside.</summary>
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

    /// <summary>struct timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
