using Pendopo.Rtc.Rtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Rtp;

public sealed class RtpPacketTests
{
    [Fact]
    public void A_plain_header_gives_its_fields()
    {
        Assert.True(RtpPacket.TryParse(Hex.Bytes("80 e0 1234 01020304 0a0b0c0d ffee"), out var packet, out var reason));

        Assert.Equal(DropReason.None, reason);
        Assert.True(packet.Marker);
        Assert.Equal(96, packet.PayloadType);
        Assert.Equal(0x1234, packet.SequenceNumber);
        Assert.Equal(0x01020304u, packet.Timestamp);
        Assert.Equal(0x0A0B0C0Du, packet.Ssrc);
        Assert.Equal(12, packet.HeaderLength);
        Assert.Equal(0, packet.PaddingLength);
        Assert.Equal("FFEE", Convert.ToHexString(packet.Payload));
        Assert.False(packet.Extensions.MoveNext());
    }

    [Fact]
    public void Contributing_sources_and_one_byte_extensions_come_before_the_payload()
    {
        // Two CSRCs; elements 1 (1 byte), 3 (3 bytes), padding between them, 14 (2 bytes).
        Assert.True(RtpPacket.TryParse(
            Hex.Bytes("92 60 0001 00000000 00000001 11111111 22222222 bede0003 10aa 00 32010203 e1bbcc 0000 77"), out var packet, out _));

        Assert.Equal(2, packet.CsrcCount);
        Assert.Equal(36, packet.HeaderLength);
        Assert.Equal("77", Convert.ToHexString(packet.Payload));
        Assert.Equal("1:AA 3:010203 14:BBCC", List(packet));
        Assert.True(packet.TryGetExtension(3, out var value));
        Assert.Equal("010203", Convert.ToHexString(value));
        Assert.False(packet.TryGetExtension(2, out _));
    }

    [Fact]
    public void Two_byte_extensions_may_be_empty_long_and_have_high_ids()
    {
        Assert.True(RtpPacket.TryParse(
            Hex.Bytes("90 60 0001 00000000 00000001 1005 0007 0100 00 ff13 000102030405060708090a0b0c0d0e0f101112 020199 00"), out var packet, out _));

        Assert.Equal("1: 255:000102030405060708090A0B0C0D0E0F101112 2:99", List(packet));
    }

    [Theory]
    [InlineData("f0aabbcc 10dd0000", "")] // id 15 ends the list
    [InlineData("10aa f0bb 10cc0000", "1:AA")]
    [InlineData("10aa 02bb 10cc0000", "1:AA")] // id 0 with a length ends it
    [InlineData("10aa 2f bb cc dd 0000", "1:AA")] // a value longer than the block
    public void A_malformed_one_byte_element_ends_the_walk(string block, string expected)
    {
        Assert.True(RtpPacket.TryParse(Hex.Bytes("90 60 0001 00000000 00000001 bede 0002" + block), out var packet, out _));

        Assert.Equal(expected, List(packet));
        Assert.Equal(24, packet.HeaderLength);
    }

    [Theory]
    [InlineData("0101aa 05 0000 0000", "1:AA 5:")]
    [InlineData("0101aa 0505 000000", "1:AA")] // longer than the block
    [InlineData("0104aabbccdd 00 09", "1:AABBCCDD")] // an id without its length
    public void A_malformed_two_byte_element_ends_the_walk(string block, string expected)
    {
        Assert.True(RtpPacket.TryParse(Hex.Bytes("90 60 0001 00000000 00000001 1000 0002" + block), out var packet, out _));

        Assert.Equal(expected, List(packet));
    }

    [Fact]
    public void An_extension_block_of_another_profile_is_skipped()
    {
        Assert.True(RtpPacket.TryParse(Hex.Bytes("90 60 0001 00000000 00000001 abcd 0001 10aa0000 55"), out var packet, out _));

        Assert.Equal("", List(packet));
        Assert.Equal("55", Convert.ToHexString(packet.Payload));
    }

    [Fact]
    public void Padding_is_not_payload_and_may_be_all_there_is()
    {
        Assert.True(RtpPacket.TryParse(Hex.Bytes("a0 60 0001 00000000 00000001 aabb 000003"), out var packet, out _));
        Assert.Equal("AABB", Convert.ToHexString(packet.Payload));
        Assert.Equal(3, packet.PaddingLength);

        Assert.True(RtpPacket.TryParse(Hex.Bytes("a0 60 0001 00000000 00000001 00000004"), out packet, out _));
        Assert.True(packet.Payload.IsEmpty);
        Assert.Equal(4, packet.PaddingLength);
    }

    [Theory]
    [InlineData("", DropReason.TooShort)]
    [InlineData("80 60 0001 00000000 000000", DropReason.TooShort)]
    [InlineData("40 60 0001 00000000 00000001", DropReason.BadVersion)]
    [InlineData("c0 60 0001 00000000 00000001", DropReason.BadVersion)]
    [InlineData("82 60 0001 00000000 00000001 11111111", DropReason.TooShort)]
    [InlineData("90 60 0001 00000000 00000001 bede00", DropReason.BadExtension)]
    [InlineData("90 60 0001 00000000 00000001 bede0001 000000", DropReason.BadExtension)]
    [InlineData("90 60 0001 00000000 00000001 bedeffff 00000000", DropReason.BadExtension)]
    [InlineData("a0 60 0001 00000000 00000001", DropReason.BadPadding)] // its last byte is the SSRC's
    [InlineData("a0 60 0001 00000000 00000001 aabb00", DropReason.BadPadding)]
    [InlineData("a0 60 0001 00000000 00000001 aabb04", DropReason.BadPadding)]
    [InlineData("b0 60 0001 00000000 00000001 bede0001 00000001", DropReason.BadPadding)] // padding may not reach into the header
    public void A_malformed_packet_is_refused_with_its_reason(string hex, DropReason expected)
    {
        Assert.False(RtpPacket.TryParse(Hex.Bytes(hex), out _, out var reason));
        Assert.Equal(expected, reason);
    }

    [Fact]
    public void An_offset_points_at_the_value_in_the_packet()
    {
        var bytes = Hex.Bytes("91 60 0001 00000000 00000001 99999999 bede0002 10aa 0000 21bbcc 00");
        Assert.True(RtpPacket.TryParse(bytes, out var packet, out _));

        var extensions = packet.Extensions;
        Assert.True(extensions.MoveNext());
        Assert.Equal(0xAA, bytes[extensions.ValueOffset]);
        Assert.True(extensions.MoveNext());
        Assert.Equal(0xBB, bytes[extensions.ValueOffset]);
    }

    [Fact]
    public void Parsing_and_writing_allocate_nothing()
    {
        var buffer = new byte[200];
        var length = WriteAndParse(buffer);
        WriteAndParse(buffer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) length += WriteAndParse(buffer);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(length > 0);
    }

    private static int WriteAndParse(byte[] buffer)
    {
        var writer = new RtpHeaderWriter(buffer, 96, marker: false, 1, 2, 3);
        writer.TryAdd(1, "0"u8);
        if (writer.TryReserve(2, AbsoluteSendTime.Length, out var time)) AbsoluteSendTime.Write(time, new Instant(12345));
        var header = writer.Complete();
        if (!RtpPacket.TryParse(buffer, out var packet, out _) || !packet.TryGetExtension(2, out _)) throw new InvalidOperationException();
        return header + packet.Payload.Length;
    }

    internal static string List(RtpPacket packet)
    {
        var parts = new List<string>();
        foreach (var (id, value) in Elements(packet)) parts.Add($"{id}:{Convert.ToHexString(value)}");
        return string.Join(' ', parts);
    }

    internal static List<(byte Id, byte[] Value)> Elements(RtpPacket packet)
    {
        var list = new List<(byte, byte[])>();
        var extensions = packet.Extensions;
        while (extensions.MoveNext()) list.Add((extensions.Id, extensions.Value.ToArray()));
        return list;
    }
}
