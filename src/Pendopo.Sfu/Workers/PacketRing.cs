using System.Numerics;
using System.Runtime.InteropServices;

namespace Pendopo.Sfu.Workers;

/// <summary>
/// A lock-free queue of packets from one thread to one other, in memory of its own: the writer copies a packet in once, the reader uses it
/// in place. A full ring refuses. Each side keeps its own index on a cache line of its own and reads the other's only when it must.
/// </summary>
internal sealed unsafe class PacketRing : IDisposable
{
    private const int CacheLine = 64;

    private readonly int _mask;
    private byte* _memory;
    private Indices _indices;

    /// <param name="bytes">A power of two.</param>
    public PacketRing(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 4096);
        if (!BitOperations.IsPow2(bytes)) throw new ArgumentException("The size is a power of two.", nameof(bytes));
        _mask = bytes - 1;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, CacheLine);
    }

    /// <summary>Packets refused because the reader was behind. Written by the writer.</summary>
    public long Refused { get; private set; }

    /// <summary>The position up to which the writer has written; for <see cref="TryRead"/>. By the reader.</summary>
    public long Written => Volatile.Read(ref _indices.Written);

    /// <summary>By the reader.</summary>
    public bool HasUnread => Written != _indices.ReaderPosition;

    /// <summary>By the writer: false when there is no room.</summary>
    public bool TryWrite(in PacketRingHeader header, ReadOnlySpan<byte> packet)
    {
        var size = SizeOf(packet.Length);
        var start = _indices.WriterPosition;
        var toEnd = _mask + 1 - ((int)start & _mask);

        // A packet is never cut: the rest of the ring is skipped by a header without a packet.
        var skipped = toEnd < size ? toEnd : 0;
        if (start + skipped + size - _indices.WriterSeesRead > _mask + 1)
        {
            _indices.WriterSeesRead = Volatile.Read(ref _indices.Read);
            if (start + skipped + size - _indices.WriterSeesRead > _mask + 1)
            {
                Refused++;
                return false;
            }
        }

        if (skipped > 0)
        {
            *(PacketRingHeader*)(_memory + (start & _mask)) = new() { Kind = PacketRingKind.Skip, Length = skipped };
            start += skipped;
        }

        var target = _memory + (start & _mask);
        *(PacketRingHeader*)target = header with { Length = packet.Length };
        packet.CopyTo(new Span<byte>(target + sizeof(PacketRingHeader), packet.Length));
        _indices.WriterPosition = start + size;
        Volatile.Write(ref _indices.Written, start + size);
        return true;
    }

    /// <summary>
    /// By the reader: the next packet before <paramref name="end"/>, which stays valid until <see cref="Release"/>.
    /// </summary>
    public bool TryRead(long end, out PacketRingHeader header, out ReadOnlySpan<byte> packet)
    {
        header = default;
        packet = default;
        while (_indices.ReaderPosition < end)
        {
            var source = _memory + (_indices.ReaderPosition & _mask);
            header = *(PacketRingHeader*)source;
            if (header.Kind == PacketRingKind.Skip)
            {
                _indices.ReaderPosition += header.Length;
                continue;
            }

            packet = new ReadOnlySpan<byte>(source + sizeof(PacketRingHeader), header.Length);
            _indices.ReaderPosition += SizeOf(header.Length);
            return true;
        }

        return false;
    }

    /// <summary>By the reader: gives back the memory of everything read so far.</summary>
    public void Release() => Volatile.Write(ref _indices.Read, _indices.ReaderPosition);

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }

    private static int SizeOf(int packetLength) => (sizeof(PacketRingHeader) + packetLength + CacheLine - 1) & -CacheLine;

    [StructLayout(LayoutKind.Explicit, Size = 4 * CacheLine)]
    private struct Indices
    {
        [FieldOffset(0)] public long WriterPosition;
        [FieldOffset(8)] public long WriterSeesRead;
        [FieldOffset(CacheLine)] public long Written;
        [FieldOffset(2 * CacheLine)] public long ReaderPosition;
        [FieldOffset(3 * CacheLine)] public long Read;
    }
}

internal enum PacketRingKind : byte
{
    /// <summary>Nothing: the rest of the ring up to its end.</summary>
    Skip,

    /// <summary>A decrypted RTP packet.</summary>
    Rtp,

    /// <summary>Where the layer stands on its sender's clock; no bytes follow.</summary>
    Clock,
}

/// <summary>What stands before each packet in a <see cref="PacketRing"/>.</summary>
internal struct PacketRingHeader
{
    public PacketRingKind Kind;

    public int Length;

    /// <summary>Names the layer between these two workers.</summary>
    public uint Layer;

    /// <summary>RTP time of a <see cref="PacketRingKind.Clock"/>.</summary>
    public uint RtpTimestamp;

    /// <summary>The sender's NTP time of a <see cref="PacketRingKind.Clock"/>.</summary>
    public ulong SenderNtp;

    /// <summary>Ours when it arrived.</summary>
    public ulong LocalNtp;
}
