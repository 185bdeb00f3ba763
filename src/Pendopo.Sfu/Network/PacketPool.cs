using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Pendopo.Sfu.Network;

/// <summary>One pooled packet. Its bytes belong to whoever rented it until it is returned.</summary>
internal sealed class PacketBuffer
{
    internal PacketBuffer() => Bytes = GC.AllocateUninitializedArray<byte>(PacketPool.BufferBytes, pinned: true);

    public byte[] Bytes { get; }

    public int Length { get; set; }

    public Span<byte> Span => Bytes.AsSpan(0, Length);

    internal bool IsRented { get; set; }
}

/// <summary>
/// Buffers for packets that pass from one thread to another. Safe for any thread. A debug build knows where each outstanding buffer
/// was rented (<see cref="Borrowers"/>); every build refuses a second return, which would give one buffer to two packets.
/// </summary>
internal sealed class PacketPool
{
    /// <summary>As <see cref="UdpEndpoint.SlotBytes"/>.</summary>
    public const int BufferBytes = UdpEndpoint.SlotBytes;

    private readonly Lock _lock = new();
    private readonly PacketBuffer[] _free;
    private int _freeCount;
    private int _outstanding;
    private readonly ConditionalWeakTable<PacketBuffer, string> _borrowers = [];

    /// <param name="retained">Buffers kept for reuse; what is returned beyond them goes to the garbage collector.</param>
    public PacketPool(int retained)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(retained);
        _free = new PacketBuffer[retained];
    }

    /// <summary>Buffers rented and not yet returned.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>Remember who rented: a stack trace each time, so only a debug build begins with it.</summary>
    public bool TracksBorrowers { get; init; } = IsDebugBuild;

    /// <summary>Where each outstanding buffer was rented, while <see cref="TracksBorrowers"/>.</summary>
    public IReadOnlyList<string> Borrowers => [.. _borrowers.Select(borrower => borrower.Value)];

    private static bool IsDebugBuild =>
#if DEBUG
        true;
#else
        false;
#endif

    public PacketBuffer Rent()
    {
        PacketBuffer? buffer = null;
        lock (_lock)
        {
            if (_freeCount > 0)
            {
                buffer = _free[--_freeCount];
                _free[_freeCount] = null!;
            }

            _outstanding++;
        }

        buffer ??= new PacketBuffer();
        buffer.Length = 0;
        buffer.IsRented = true;
        if (TracksBorrowers) _borrowers.AddOrUpdate(buffer, new StackTrace(skipFrames: 1, fNeedFileInfo: false).ToString());
        return buffer;
    }

    /// <exception cref="InvalidOperationException">The buffer is not out: a bug of the caller.</exception>
    public void Return(PacketBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (TracksBorrowers) _borrowers.Remove(buffer);
        lock (_lock)
        {
            if (!buffer.IsRented) throw new InvalidOperationException("The packet buffer was returned twice.");
            buffer.IsRented = false;
            _outstanding--;
            if (_freeCount < _free.Length) _free[_freeCount++] = buffer;
        }
    }
}
