using System.Buffers.Binary;

namespace Pendopo.Sfu.Capture;

/// <summary>Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian, with one interface of raw IP packets.</summary>
internal static class PcapngFormat
{
    /// <summary>The longest block of <see cref="WritePacket"/> for a datagram of a media socket.</summary>
    public const int LongestBlock = 44 + IpHeaders + 2048;

    private const int IpHeaders = 28;
    private const int LinkTypeRaw = 101;
    private const int SectionHeader = 0x0A0D0D0A;
    private const int InterfaceDescription = 1;
    private const int InterfaceStatistics = 5;
    private const int EnhancedPacket = 6;
    private const ushort FlagsOption = 2;
    private const ushort DropOption = 5;

    /// <summary>RFC 5737: addresses for documents. Real ones are not needed to read headers, and they are personal data.</summary>
    private const uint ServerAddress = 0xC000_0201;
    private const uint PeerAddress = 0xC000_0202;

    /// <summary>IANA's port of RTP, so that readers try that first.</summary>
    private const ushort ServerPort = 5004;
    private const ushort PeerPort = 50_000;

    /// <summary>Section header and interface description.</summary>
    public static byte[] Begin()
    {
        var bytes = new byte[48];
        Write(bytes, 0, SectionHeader);
        Write(bytes, 4, 28);
        Write(bytes, 8, 0x1A2B3C4D);
        Write(bytes, 12, 1); // version 1.0
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), -1); // the section's length is not known
        Write(bytes, 24, 28);
        Write(bytes, 28, InterfaceDescription);
        Write(bytes, 32, 20);
        Write(bytes, 36, LinkTypeRaw);
        Write(bytes, 40, 0); // no limit of bytes per packet
        Write(bytes, 44, 20);
        return bytes;
    }

    /// <summary>What did not come into the file.</summary>
    public static byte[] End(ulong unixMicroseconds, long dropped)
    {
        var bytes = new byte[40];
        Write(bytes, 0, InterfaceStatistics);
        Write(bytes, 4, 40);
        WriteTime(bytes, 12, unixMicroseconds);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(20), DropOption);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(22), 8);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), dropped);
        Write(bytes, 36, 40); // behind the end of options
        return bytes;
    }

    /// <summary>One packet behind made-up IP and UDP headers that tell its real length. Returns the length of the block.</summary>
    /// <param name="block">At least <see cref="LongestBlock"/> bytes.</param>
    /// <param name="unixMicroseconds">When it passed.</param>
    /// <param name="kept">What of the packet may be seen.</param>
    /// <param name="length">How long it was.</param>
    /// <param name="isSent">From the server to the peer.</param>
    public static int WritePacket(Span<byte> block, ulong unixMicroseconds, ReadOnlySpan<byte> kept, int length, bool isSent)
    {
        var captured = IpHeaders + kept.Length;
        var padded = (captured + 3) & ~3;
        var total = 28 + padded + 12 + 4;
        block[..total].Clear();
        Write(block, 0, EnhancedPacket);
        Write(block, 4, total);
        WriteTime(block, 12, unixMicroseconds);
        Write(block, 20, captured);
        Write(block, 24, IpHeaders + length);
        WriteHeaders(block[28..], length, isSent);
        kept.CopyTo(block[(28 + IpHeaders)..]);
        var options = block[(28 + padded)..];
        BinaryPrimitives.WriteUInt16LittleEndian(options, FlagsOption);
        BinaryPrimitives.WriteUInt16LittleEndian(options[2..], 4);
        Write(options, 4, isSent ? 2 : 1);
        Write(block, total - 4, total);
        return total;
    }

    private static void WriteHeaders(Span<byte> ip, int length, bool isSent)
    {
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(IpHeaders + length));
        (ip[6], ip[8], ip[9]) = (0x40, 64, 17);
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], isSent ? ServerAddress : PeerAddress);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], isSent ? PeerAddress : ServerAddress);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum(ip[..20]));
        BinaryPrimitives.WriteUInt16BigEndian(ip[20..], isSent ? ServerPort : PeerPort);
        BinaryPrimitives.WriteUInt16BigEndian(ip[22..], isSent ? PeerPort : ServerPort);
        BinaryPrimitives.WriteUInt16BigEndian(ip[24..], (ushort)(8 + length)); // and no checksum: the payload is not there
    }

    /// <summary>RFC 791: the one's complement of the one's complement sum.</summary>
    private static ushort Checksum(ReadOnlySpan<byte> header)
    {
        var sum = 0;
        for (var i = 0; i < header.Length; i += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(header[i..]);
        return (ushort)~((sum & 0xffff) + (sum >> 16));
    }

    private static void Write(Span<byte> bytes, int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes[offset..], value);

    private static void WriteTime(Span<byte> bytes, int offset, ulong microseconds)
    {
        Write(bytes, offset, (int)(uint)(microseconds >> 32));
        Write(bytes, offset + 4, (int)(uint)microseconds);
    }
}
