using CsCheck;
using Pendopo.Rtc.Rtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Rtp;

public sealed class RtpHeaderWriterTests
{
    private static readonly Gen<(byte Id, byte[] Value)[]> OneByteElements =
        Gen.Select(Gen.Byte[1, 14], Gen.Byte.Array[1, 16]).Array[0, 12];

    private static readonly Gen<(byte Id, byte[] Value)[]> TwoByteElements =
        Gen.Select(Gen.Byte[1, 255], Gen.Byte.Array[0, 255]).Array[0, 6];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_written_is_read_back(bool twoByte)
    {
        Gen.Select(Gen.Byte[0, 127], Gen.Bool, Gen.UShort, Gen.UInt, Gen.UInt, twoByte ? TwoByteElements : OneByteElements, Gen.Byte.Array[0, 40])
            .Sample((payloadType, marker, sequenceNumber, timestamp, ssrc, elements, payload) =>
            {
                var buffer = new byte[12 + 4 + 6 * 260 + payload.Length];
                buffer.AsSpan().Fill(0xEE); // what was in the buffer must not shine through the padding
                var writer = new RtpHeaderWriter(buffer, payloadType, marker, sequenceNumber, timestamp, ssrc, twoByte);
                foreach (var (id, value) in elements) Assert.True(writer.TryAdd(id, value));
                var header = writer.Complete();
                payload.CopyTo(buffer, header);

                Assert.True(RtpPacket.TryParse(buffer.AsSpan(0, header + payload.Length), out var packet, out _));
                Assert.Equal(payloadType, packet.PayloadType);
                Assert.Equal(marker, packet.Marker);
                Assert.Equal(sequenceNumber, packet.SequenceNumber);
                Assert.Equal(timestamp, packet.Timestamp);
                Assert.Equal(ssrc, packet.Ssrc);
                Assert.Equal(header, packet.HeaderLength);
                Assert.Equal(payload, packet.Payload.ToArray());
                var read = RtpPacketTests.Elements(packet);
                Assert.Equal(elements.Length, read.Count);
                for (var i = 0; i < elements.Length; i++)
                {
                    Assert.Equal(elements[i].Id, read[i].Id);
                    Assert.Equal(elements[i].Value, read[i].Value);
                }
            });
    }

    [Fact]
    public void Without_elements_there_is_no_extension_block()
    {
        var buffer = new byte[12];
        var writer = new RtpHeaderWriter(buffer, 111, marker: true, 7, 8, 9);

        Assert.False(writer.TryAdd(0, [1]));
        Assert.False(writer.TryAdd(1, [1]));
        Assert.Equal(12, writer.Complete());
        Assert.Equal("80EF00070000000800000009", Convert.ToHexString(buffer));
    }

    [Theory]
    [InlineData(false, 15, 1)]
    [InlineData(false, 1, 0)]
    [InlineData(false, 1, 17)]
    [InlineData(true, 0, 1)]
    [InlineData(true, 1, 256)]
    public void An_element_that_the_form_cannot_carry_is_refused(bool twoByte, byte id, int length)
    {
        var buffer = new byte[600];
        var writer = new RtpHeaderWriter(buffer, 111, marker: true, 7, 8, 9, twoByte);

        Assert.False(writer.TryAdd(id, new byte[length]));
        Assert.False(writer.TryReserve(id, length, out _));
        Assert.Equal(12, writer.Complete());
    }

    [Fact]
    public void An_element_that_does_not_fit_the_buffer_leaves_the_earlier_ones_whole()
    {
        var buffer = new byte[12 + 4 + 8];
        var writer = new RtpHeaderWriter(buffer, 111, marker: true, 7, 8, 9);

        Assert.True(writer.TryAdd(1, [1, 2, 3, 4]));
        Assert.False(writer.TryAdd(2, [5, 6, 7, 8]));
        Assert.True(writer.TryAdd(3, [9]));
        Assert.Equal(24, writer.Complete());
        Assert.True(RtpPacket.TryParse(buffer, out var packet, out _));
        Assert.Equal("1:01020304 3:09", RtpPacketTests.List(packet));
    }

    [Fact]
    public void A_padding_packet_has_no_payload()
    {
        var buffer = new byte[300];
        buffer.AsSpan().Fill(0xEE);
        var writer = new RtpHeaderWriter(buffer, 111, marker: false, 7, 8, 9);
        writer.TryAdd(1, [1]);

        Assert.False(writer.TryCompleteWithPadding(0, out _));
        Assert.True(writer.TryCompleteWithPadding(255, out var length));
        Assert.Equal(20 + 255, length);
        Assert.True(RtpPacket.TryParse(buffer.AsSpan(0, length), out var packet, out _));
        Assert.Equal(255, packet.PaddingLength);
        Assert.True(packet.Payload.IsEmpty);
    }

    [Fact]
    public void A_buffer_shorter_than_a_header_is_a_bug_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => { _ = new RtpHeaderWriter(new byte[11], 1, false, 1, 1, 1); });
}
