using System.Buffers.Binary;
using Xunit;

namespace Pendopo.Sfu.Tests.Capture;

/// <summary>One packet of a capture file: what was kept of the UDP payload, how long that was, and which way it went.</summary>
internal sealed record CapturedPacket(ulong UnixMicroseconds, byte[] Kept, int Length, bool IsSent);

/// <summary>Reads pcapng files (draft-ietf-opsawg-pcapng) and refuses what a strict reader would.</summary>
internal static class PcapngReader
{
    public static (List<CapturedPacket> Packets, long Dropped) Read(byte[] file)
    {
        var packets = new List<CapturedPacket>();
        long dropped = -1;
        var rest = file.AsSpan();
        Assert.Equal(0x0A0D0D0A, BinaryPrimitives.ReadInt32LittleEndian(rest));
        Assert.Equal(0x1A2B3C4D, BinaryPrimitives.ReadInt32LittleEndian(rest[8..]));
        for (var index = 0; rest.Length > 0; index++)
        {
            var (type, length) = (BinaryPrimitives.ReadInt32LittleEndian(rest), BinaryPrimitives.ReadInt32LittleEndian(rest[4..]));
            Assert.Equal(0, length % 4);
            Assert.InRange(length, 12, rest.Length);
            Assert.Equal(length, BinaryPrimitives.ReadInt32LittleEndian(rest[(length - 4)..]));
            var block = rest[..length];
            switch (type)
            {
                case 0x0A0D0D0A:
                    Assert.Equal(0, index);
                    break;
                case 1:
                    Assert.Equal((1, (ushort)101), (index, BinaryPrimitives.ReadUInt16LittleEndian(block[8..])));
                    break;
                case 6:
                    packets.Add(ReadPacket(block));
                    break;
                case 5:
                    Assert.Equal((5, 8), (BinaryPrimitives.ReadUInt16LittleEndian(block[20..]), BinaryPrimitives.ReadUInt16LittleEndian(block[22..])));
                    dropped = BinaryPrimitives.ReadInt64LittleEndian(block[24..]);
                    break;
                default:
                    Assert.Fail($"Block of type {type}.");
                    break;
            }

            rest = rest[length..];
        }

        return (packets, dropped);
    }

    private static CapturedPacket ReadPacket(ReadOnlySpan<byte> block)
    {
        var time = ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(block[12..]) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(block[16..]);
        var (captured, original) = (BinaryPrimitives.ReadInt32LittleEndian(block[20..]), BinaryPrimitives.ReadInt32LittleEndian(block[24..]));
        var packet = block.Slice(28, captured);
        Assert.Equal((0x45, 17), (packet[0], packet[9]));
        Assert.Equal(original, BinaryPrimitives.ReadUInt16BigEndian(packet[2..]));
        Assert.Equal(original - 20, BinaryPrimitives.ReadUInt16BigEndian(packet[24..]));
        var sum = 0;
        for (var i = 0; i < 20; i += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(packet[i..]);
        Assert.Equal(0xffff, (sum & 0xffff) + (sum >> 16));

        // Only addresses of documents (RFC 5737).
        Assert.Equal([192, 0, 2], packet[12..15].ToArray());
        Assert.Equal([192, 0, 2], packet[16..19].ToArray());
        var flags = block[(28 + ((captured + 3) & ~3))..];
        Assert.Equal((2, 4), (BinaryPrimitives.ReadUInt16LittleEndian(flags), BinaryPrimitives.ReadUInt16LittleEndian(flags[2..])));
        return new CapturedPacket(time, packet[28..].ToArray(), original - 28, BinaryPrimitives.ReadInt32LittleEndian(flags[4..]) == 2);
    }
}
