using CsCheck;
using Pendopo.Rtc.Rtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Rtp;

public sealed class RtxTests
{
    [Fact]
    public void A_packet_comes_back_from_its_retransmission()
    {
        Gen.Select(Gen.UShort, Gen.UInt, Gen.Bool, Gen.Byte.Array[1, 60], Gen.Byte.Array[1, 16]).Sample((number, timestamp, marker, payload, value) =>
        {
            var original = new byte[100];
            var writer = new RtpHeaderWriter(original, 96, marker, number, timestamp, 0xAAAA);
            writer.TryAdd(4, value);
            var header = writer.Complete();
            payload.CopyTo(original, header);
            var bytes = original.AsSpan(0, header + payload.Length);
            Assert.True(RtpPacket.TryParse(bytes, out var packet, out _));
            var buffer = new byte[200];

            Assert.True(Rtx.TryEncapsulate(packet, 97, 500, 0xBBBB, buffer, out var length));
            Assert.Equal(bytes.Length + Rtx.OriginalSequenceNumberLength, length);
            Assert.True(RtpPacket.TryParse(buffer.AsSpan(0, length), out var retransmission, out _));
            Assert.Equal(97, retransmission.PayloadType);
            Assert.Equal(500, retransmission.SequenceNumber);
            Assert.Equal(0xBBBBu, retransmission.Ssrc);
            Assert.Equal(timestamp, retransmission.Timestamp);
            Assert.Equal(marker, retransmission.Marker);
            Assert.True(Rtx.TryReadOriginalSequenceNumber(retransmission.Payload, out var originalNumber));
            Assert.Equal(number, originalNumber);

            Assert.True(Rtx.TryRestore(buffer.AsSpan(0, length), 96, 0xAAAA, out var restored));
            Assert.Equal(bytes.ToArray(), restored.ToArray());
        });
    }

    [Fact]
    public void Padding_is_not_retransmitted()
    {
        byte[] bytes = [0xA0, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0xAB, 0, 0, 3];
        Assert.True(RtpPacket.TryParse(bytes, out var packet, out _));
        var buffer = new byte[15];

        Assert.True(Rtx.TryEncapsulate(packet, 97, 2, 2, buffer, out var length));
        Assert.Equal(15, length);
        Assert.Equal("80610002000000000000000200" + "01AB", Convert.ToHexString(buffer));
        Assert.False(Rtx.TryEncapsulate(packet, 97, 2, 2, buffer.AsSpan(1), out length));
        Assert.Equal(0, length);
    }

    [Theory]
    [InlineData("8061000200000000000000020")] // a header cut
    [InlineData("806100020000000000000002")] // no payload
    [InlineData("80610002000000000000000200")] // half a number
    [InlineData("A0610002000000000000000200000004")] // padding as a probe
    public void A_retransmission_without_a_number_is_refused_untouched(string hex)
    {
        var bytes = Convert.FromHexString(hex[..(hex.Length / 2 * 2)]);
        var before = bytes.ToArray();

        Assert.False(Rtx.TryRestore(bytes, 96, 1, out _));
        Assert.Equal(before, bytes);
    }

    [Fact]
    public void Padding_behind_a_retransmission_stays_padding()
    {
        var bytes = Convert.FromHexString("A06100020000000000000002" + "1234" + "AB" + "0002");
        Assert.True(Rtx.TryRestore(bytes, 96, 7, out var restored));
        Assert.True(RtpPacket.TryParse(restored, out var packet, out _));
        Assert.Equal(0x1234, packet.SequenceNumber);
        Assert.Equal("AB", Convert.ToHexString(packet.Payload));
    }
}
