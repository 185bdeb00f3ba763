using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Pendopo.Rtc.Transport;

namespace Pendopo.Sfu.Network;

/// <summary>
/// The memory of one direction in one block: kernel headers, vectors, control messages, addresses and packet slots, each part on its own
/// cache lines and outside the GC heap. Message i begins with vector i, address i and control i; vector i is slot i.
/// </summary>
internal sealed unsafe class DatagramBatch : IDisposable
{
    private const ushort AfInet = 2;
    private const ushort AfInet6 = 10;
    private const int AddressStride = 32;
    private const int CacheLine = 64;

    private readonly byte* _addresses;
    private readonly byte* _slots;
    private byte* _memory;

    /// <param name="capacity">Packets.</param>
    /// <param name="addressBytes">16 for sockaddr_in, 28 for sockaddr_in6.</param>
    public DatagramBatch(int capacity, uint addressBytes)
    {
        AddressBytes = addressBytes;
        IsIpv6 = addressBytes > 16;
        var headers = capacity * sizeof(LibC.MultiMessage);
        var vectors = capacity * sizeof(LibC.IoVector);
        var controls = capacity * sizeof(LibC.SegmentControl);
        controls = (controls + CacheLine - 1) & -CacheLine;
        var total = (nuint)(headers + vectors + controls + (capacity * (AddressStride + UdpEndpoint.SlotBytes)));
        _memory = (byte*)NativeMemory.AlignedAlloc(total, CacheLine);
        NativeMemory.Clear(_memory, total);
        Messages = (LibC.MultiMessage*)_memory;
        Vectors = (LibC.IoVector*)(_memory + headers);
        Controls = (LibC.SegmentControl*)(_memory + headers + vectors);
        _addresses = _memory + headers + vectors + controls;
        _slots = _addresses + (capacity * AddressStride);
        for (var i = 0; i < capacity; i++)
        {
            Vectors[i] = new() { Base = Slot(i), Length = UdpEndpoint.SlotBytes };
            Controls[i] = new() { Length = 18, Level = LibC.SolUdp, Type = LibC.UdpSegment };
            *(ushort*)Address(i) = IsIpv6 ? AfInet6 : AfInet;
            Messages[i] = new() { Name = Address(i), NameLength = addressBytes, Vectors = Vectors + i, VectorCount = 1 };
        }
    }

    public uint AddressBytes { get; }

    public LibC.MultiMessage* Messages { get; }

    public LibC.IoVector* Vectors { get; }

    public LibC.SegmentControl* Controls { get; }

    private bool IsIpv6 { get; }

    public byte* Slot(int index) => _slots + (index * UdpEndpoint.SlotBytes);

    public byte* Address(int index) => _addresses + (index * AddressStride);

    public TransportAddress ReadAddress(int index)
    {
        var address = Address(index);
        var port = BinaryPrimitives.ReadUInt16BigEndian(new(address + 2, 2));
        return IsIpv6
            ? TransportAddress.Udp(BinaryPrimitives.ReadUInt128BigEndian(new(address + 8, 16)), port)
            : TransportAddress.FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(new(address + 4, 4)), port);
    }

    /// <summary>Family, flow and zone were written once.</summary>
    public void WriteAddress(int index, TransportAddress destination)
    {
        var address = Address(index);
        BinaryPrimitives.WriteUInt16BigEndian(new(address + 2, 2), destination.Port);
        if (IsIpv6) BinaryPrimitives.WriteUInt128BigEndian(new(address + 8, 16), destination.Ip);
        else BinaryPrimitives.WriteUInt32BigEndian(new(address + 4, 4), (uint)destination.Ip);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}
