using CsCheck;
using Pendopo.Rtc.Rtcp;
using Xunit;

namespace Pendopo.Rtc.Tests.Rtcp;

public class RtcpRoundTripTests
{
    private static readonly Gen<ReportBlock> Block =
        from ssrc in Gen.UInt
        from fraction in Gen.Byte
        from lost in Gen.Int[-0x80_0000, 0x7f_ffff]
        from highest in Gen.UInt
        from jitter in Gen.UInt
        from last in Gen.UInt
        from delay in Gen.UInt
        select new ReportBlock(ssrc, fraction, lost, highest, jitter, last, delay);

    private static readonly Gen<SenderInfo> Sender =
        from ssrc in Gen.UInt
        from ntp in Gen.ULong
        from timestamp in Gen.UInt
        from packets in Gen.UInt
        from octets in Gen.UInt
        select new SenderInfo(ssrc, ntp, timestamp, packets, octets);

    [Fact]
    public void Reports_are_read_as_they_were_written() =>
        Gen.Select(Sender, Block.Array[0, 31]).Sample((sender, blocks) =>
        {
            var buffer = new byte[2000];
            var writer = new RtcpWriter(buffer);
            Assert.True(writer.TryWriteSenderReport(sender, blocks));
            Assert.True(writer.TryWriteReceiverReport(sender.Ssrc, blocks));
            var reader = new RtcpReader(buffer.AsSpan(0, writer.Length));

            Assert.True(reader.MoveNext());
            Assert.Equal(RtcpKind.SenderReport, reader.Kind);
            Assert.Equal(sender, reader.SenderInfo);
            Assert.Equal(blocks, Reports(reader));

            Assert.True(reader.MoveNext());
            Assert.Equal(RtcpKind.ReceiverReport, reader.Kind);
            Assert.Equal(sender.Ssrc, reader.SenderSsrc);
            Assert.Equal(default, reader.SenderInfo);
            Assert.Equal(blocks, Reports(reader));
            Assert.False(reader.MoveNext());
            Assert.False(reader.IsMalformed);
        });

    [Fact]
    public void Requested_packets_are_the_same_set_after_packing() =>
        Gen.Select(Gen.UShort, Gen.Int[0, 40].Array[1, 60]).Sample((first, gaps) =>
        {
            var numbers = new ushort[gaps.Length];
            var sequence = first;
            for (var i = 0; i < gaps.Length; i++) numbers[i] = sequence += (ushort)gaps[i];
            var buffer = new byte[400];
            var writer = new RtcpWriter(buffer);
            Assert.True(writer.TryWriteNack(1, 2, numbers));
            var reader = new RtcpReader(buffer.AsSpan(0, writer.Length));
            Assert.True(reader.MoveNext());
            Assert.Equal((RtcpKind.Nack, 1u, 2u), (reader.Kind, reader.SenderSsrc, reader.MediaSsrc));
            var read = new List<ushort>();
            foreach (var number in reader.Nacks) read.Add(number);
            Assert.Equal(numbers.Distinct(), read);
        });

    [Fact]
    public void Receiver_estimates_lose_less_than_a_hundred_thousandth() =>
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.UInt.Array[0, 20]).Sample((bits, ssrcs) =>
        {
            var buffer = new byte[200];
            var writer = new RtcpWriter(buffer);
            Assert.True(writer.TryWriteRemb(7, new(bits), ssrcs));
            var reader = new RtcpReader(buffer.AsSpan(0, writer.Length));
            Assert.True(reader.MoveNext());
            Assert.Equal(RtcpKind.Remb, reader.Kind);
            Assert.InRange(reader.Remb.BitsPerSecond, bits - bits / 100_000, bits);
            Assert.Equal(ssrcs, Ssrcs(reader));
        });

    [Fact]
    public void Sources_names_and_key_frame_requests_are_read_as_they_were_written() =>
        Gen.Select(Gen.UInt.Array[0, 31], Gen.Byte.Array[0, 255], Gen.UInt, Gen.Byte).Sample((ssrcs, name, media, sequence) =>
        {
            var buffer = new byte[600];
            var writer = new RtcpWriter(buffer);
            Assert.True(writer.TryWriteCname(media, name));
            Assert.True(writer.TryWritePictureLoss(5, media));
            Assert.True(writer.TryWriteFullIntraRequest(6, media, sequence));
            Assert.True(writer.TryWriteBye(ssrcs));
            var reader = new RtcpReader(buffer.AsSpan(0, writer.Length));

            Assert.True(reader.MoveNext());
            Assert.Equal(RtcpKind.SourceDescription, reader.Kind);
            Assert.Equal(media, reader.SenderSsrc);
            Assert.True(reader.TryReadCname(out var cname));
            Assert.Equal(name, cname.ToArray());

            Assert.True(reader.MoveNext());
            Assert.Equal((RtcpKind.PictureLoss, 5u, media), (reader.Kind, reader.SenderSsrc, reader.MediaSsrc));

            Assert.True(reader.MoveNext());
            Assert.Equal((RtcpKind.FullIntraRequest, 1), (reader.Kind, reader.SsrcCount));
            Assert.Equal((media, sequence), (reader.Ssrc(0), reader.FullIntraSequence(0)));

            Assert.True(reader.MoveNext());
            Assert.Equal(RtcpKind.Bye, reader.Kind);
            Assert.Equal(ssrcs, Ssrcs(reader));
            Assert.False(reader.MoveNext());
            Assert.False(reader.IsMalformed);
        });

    [Fact]
    public void A_message_that_does_not_fit_is_not_written_at_all()
    {
        var block = new ReportBlock[2];
        for (var room = 0; room < 56; room++)
        {
            var buffer = new byte[room];
            var writer = new RtcpWriter(buffer);
            Assert.False(writer.TryWriteReceiverReport(1, block));
            Assert.Equal(0, writer.Length);
            Assert.All(buffer, value => Assert.Equal(0, value));
        }

        var exact = new RtcpWriter(new byte[56]);
        Assert.True(exact.TryWriteReceiverReport(1, block));
        Assert.False(exact.TryWritePictureLoss(1, 2));
        Assert.Equal(56, exact.Length);
    }

    [Fact]
    public void More_than_a_message_can_carry_is_refused()
    {
        var writer = new RtcpWriter(new byte[100_000]);
        Assert.False(writer.TryWriteReceiverReport(1, new ReportBlock[32]));
        Assert.False(writer.TryWriteBye(new uint[32]));
        Assert.False(writer.TryWriteCname(1, new byte[256]));
        Assert.False(writer.TryWriteRemb(1, new(1), new uint[256]));
        Assert.False(writer.TryWriteNack(1, 2, []));
        Assert.Equal(0, writer.Length);
    }

    [Fact]
    public void Cumulative_loss_out_of_range_is_clamped()
    {
        var buffer = new byte[64];
        var writer = new RtcpWriter(buffer);
        Assert.True(writer.TryWriteReceiverReport(1, [new(2, 3, int.MaxValue, 0, 0, 0, 0), new(2, 3, int.MinValue, 0, 0, 0, 0)]));
        var reader = new RtcpReader(buffer.AsSpan(0, writer.Length));
        Assert.True(reader.MoveNext());
        Assert.Equal((0x7f_ffff, 3), (reader.Report(0).CumulativeLost, reader.Report(0).FractionLost));
        Assert.Equal(-0x80_0000, reader.Report(1).CumulativeLost);
    }

    private static ReportBlock[] Reports(scoped in RtcpReader reader)
    {
        var reports = new ReportBlock[reader.ReportCount];
        for (var i = 0; i < reports.Length; i++) reports[i] = reader.Report(i);
        return reports;
    }

    private static uint[] Ssrcs(scoped in RtcpReader reader)
    {
        var ssrcs = new uint[reader.SsrcCount];
        for (var i = 0; i < ssrcs.Length; i++) ssrcs[i] = reader.Ssrc(i);
        return ssrcs;
    }
}
