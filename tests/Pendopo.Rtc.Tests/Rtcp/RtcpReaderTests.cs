using Pendopo.Rtc.Congestion;
using Pendopo.Rtc.Rtcp;
using Xunit;

namespace Pendopo.Rtc.Tests.Rtcp;

public class RtcpReaderTests
{
    [Fact]
    public void A_receiver_estimate_is_read_by_exponent_and_mantissa()
    {
        // 3 << 16 of 18 bits with exponent 4, two sources.
        byte[] bytes = [0x8f, 206, 0, 6, 0, 0, 0, 1, 0, 0, 0, 0, (byte)'R', (byte)'E', (byte)'M', (byte)'B', 2, 0x13, 0, 0, 0, 0, 0, 9, 0, 0, 0, 10];
        var reader = new RtcpReader(bytes);
        Assert.True(reader.MoveNext());
        Assert.Equal(RtcpKind.Remb, reader.Kind);
        Assert.Equal(0x3_0000L << 4, reader.Remb.BitsPerSecond);
        Assert.Equal((2, 9u, 10u), (reader.SsrcCount, reader.Ssrc(0), reader.Ssrc(1)));
    }

    [Fact]
    public void A_receiver_estimate_beyond_63_bits_saturates()
    {
        byte[] bytes = [0x8f, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, (byte)'R', (byte)'E', (byte)'M', (byte)'B', 0, 0xff, 0xff, 0xff];
        var reader = new RtcpReader(bytes);
        Assert.True(reader.MoveNext());
        Assert.Equal(long.MaxValue, reader.Remb.BitsPerSecond);
    }

    [Fact]
    public void Sequence_numbers_of_a_request_wrap_around()
    {
        byte[] bytes = [0x81, 205, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0xff, 0xfe, 0x80, 0x05];
        var reader = new RtcpReader(bytes);
        Assert.True(reader.MoveNext());
        var numbers = new List<ushort>();
        foreach (var number in reader.Nacks) numbers.Add(number);
        Assert.Equal([0xfffe, 0xffff, 1, 14], numbers);
    }

    [Fact]
    public void Padding_is_not_part_of_a_message()
    {
        byte[] bytes = [0xa1, 205, 0, 4, 0, 0, 0, 1, 0, 0, 0, 2, 0, 7, 0, 0, 0, 0, 0, 4];
        var reader = new RtcpReader(bytes);
        Assert.True(reader.MoveNext());
        Assert.Equal(4, reader.FeedbackControl.Length);
        Assert.False(reader.MoveNext());
        Assert.False(reader.IsMalformed);
    }

    [Fact]
    public void Unknown_messages_are_passed_over()
    {
        byte[] bytes = [0x80, 207, 0, 1, 0, 0, 0, 3, 0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2];
        var reader = new RtcpReader(bytes);
        Assert.True(reader.MoveNext());
        Assert.Equal((RtcpKind.Unknown, 3u, 0u), (reader.Kind, reader.SenderSsrc, reader.MediaSsrc));
        Assert.True(reader.MoveNext());
        Assert.Equal(RtcpKind.PictureLoss, reader.Kind);
    }

    [Theory]
    [InlineData("80c9")]
    [InlineData("40c9000100000001")]
    [InlineData("80c9000200000001")]
    [InlineData("81c9000100000001")]
    [InlineData("80c8000100000001")]
    [InlineData("a0c9000100000000")]
    [InlineData("a0c9000100000005")]
    [InlineData("81cd00020000000100000002")]
    [InlineData("8fcd0003000000010000000200000000")]
    [InlineData("84ce0003000000010000000200000000")]
    [InlineData("81cb0000")]
    [InlineData("8fce0004000000010000000052454d4201000000")]
    public void Malformed_messages_end_the_walk(string hex)
    {
        var reader = new RtcpReader(Convert.FromHexString(hex));
        Assert.False(reader.MoveNext());
        Assert.True(reader.IsMalformed);
        Assert.Equal(RtcpKind.Unknown, reader.Kind);
        Assert.False(reader.MoveNext());
    }

    [Fact]
    public void What_came_before_a_malformed_message_counts()
    {
        var reader = new RtcpReader(Convert.FromHexString("81ce00020000000100000002" + "80c9"));
        Assert.True(reader.MoveNext());
        Assert.False(reader.IsMalformed);
        Assert.False(reader.MoveNext());
        Assert.True(reader.IsMalformed);
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(20);
        var bytes = new byte[300];
        byte[] types = [200, 201, 202, 203, 204, 205, 206, 207];
        var (messages, numbers) = (0, 0L);
        for (var i = 0; i < 200_000; i++)
        {
            var length = random.Next(bytes.Length + 1);
            var compound = bytes.AsSpan(0, length);
            random.NextBytes(compound);
            MakePlausible(random, compound, types);
            (var walked, var sum) = Walk(compound);
            messages += walked;
            numbers += sum;
        }

        // The plausible headers did lead inside.
        Assert.True(messages > 100_000, $"{messages} messages");
        Assert.NotEqual(0, numbers);
    }

    [Fact]
    public void Reading_and_writing_allocate_nothing()
    {
        var buffer = new byte[1500];
        var reports = new ReportBlock[3];
        ushort[] numbers = [1, 2, 5, 40, 65535];
        uint[] ssrcs = [1, 2];
        Assert.True(RoundTrip(buffer, reports, numbers, ssrcs) > 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) RoundTrip(buffer, reports, numbers, ssrcs);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static long RoundTrip(byte[] buffer, ReportBlock[] reports, ushort[] numbers, uint[] ssrcs)
    {
        var writer = new RtcpWriter(buffer);
        writer.TryWriteSenderReport(new(1, 2, 3, 4, 5), reports);
        writer.TryWriteCname(1, "pendopo"u8);
        writer.TryWriteNack(1, 2, numbers);
        writer.TryWriteRemb(1, new(1_000_000), ssrcs);
        writer.TryWriteFullIntraRequest(1, 2, 3);
        writer.TryWriteBye(ssrcs);
        return Walk(buffer.AsSpan(0, writer.Length)).Sum;
    }

    private static (int Messages, long Sum) Walk(ReadOnlySpan<byte> compound)
    {
        var (messages, sum) = (0, 0L);
        var reader = new RtcpReader(compound);
        while (reader.MoveNext())
        {
            messages++;
            sum += reader.SenderSsrc + reader.MediaSsrc + reader.SenderInfo.OctetCount + (reader.Remb.BitsPerSecond >> 8);
            for (var i = 0; i < reader.ReportCount; i++) sum += reader.Report(i).Jitter;
            for (var i = 0; i < reader.SsrcCount; i++) sum += reader.Ssrc(i);
            foreach (var number in reader.Nacks) sum += number;
            if (reader.TryReadCname(out var cname)) sum += cname.Length;
            if (reader.Kind != RtcpKind.TransportFeedback) continue;
            var feedback = new TransportFeedbackReader(reader.FeedbackControl);
            while (feedback.MoveNext()) sum += feedback.Sequence + (feedback.IsReceived ? feedback.ArrivalTicks : 0);
        }

        return (messages, sum);
    }

    // Headers that are right often enough to reach the bodies, over a chain of messages.
    private static void MakePlausible(Random random, Span<byte> compound, byte[] types)
    {
        while (compound.Length >= 4)
        {
            var words = random.Next(Math.Max(1, compound.Length / 4));
            compound[0] = (byte)(0x80 | (random.Next(8) == 0 ? 0x20 : 0) | (random.Next(2) == 0 ? random.Next(5) : random.Next(2) == 0 ? 15 : random.Next(32)));
            compound[1] = types[random.Next(types.Length)];
            compound[2] = 0;
            compound[3] = (byte)words;
            if (random.Next(4) == 0 && compound.Length >= 16) "REMB"u8.CopyTo(compound[12..]);
            compound = compound[Math.Min(compound.Length, 4 + 4 * words)..];
        }
    }
}
