using Pendopo.Rtc.Transport;
using Xunit;

namespace Pendopo.Rtc.Tests.Transport;

public class StreamFramerTests
{
    private static byte[] Frame(params byte[] packet)
    {
        byte[] frame = [0, 0, .. packet];
        Assert.True(StreamFramer.TryWriteHeader(frame, packet.Length));
        return frame;
    }

    [Fact]
    public void Frames_split_at_every_byte_come_out_whole()
    {
        byte[] stream = [.. Frame(1), .. Frame(2, 3, 4), .. Frame([.. Enumerable.Repeat((byte)9, 700)])];
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            var framer = new StreamFramer();
            var read = new List<byte[]>();
            foreach (var part in new[] { stream[..cut], stream[cut..] })
            {
                Assert.Equal(part.Length, framer.Append(part));
                while (framer.TryRead(out var packet)) read.Add(packet.ToArray());
            }

            Assert.Equal([1, 3, 700], read.Select(packet => packet.Length));
            Assert.Equal([2, 3, 4], read[1]);
        }
    }

    [Fact]
    public void A_long_stream_byte_by_byte_needs_no_more_memory()
    {
        var framer = new StreamFramer(100);
        var random = new Random(3);
        var bytes = 0L;
        for (var i = 0; i < 2000; i++)
        {
            var packet = new byte[random.Next(1, 101)];
            random.NextBytes(packet);
            var seen = 0;
            foreach (var value in Frame(packet))
            {
                framer.GetMemory().Span[0] = value;
                framer.Advance(1);
                while (framer.TryRead(out var read))
                {
                    Assert.True(read.SequenceEqual(packet));
                    seen++;
                }
            }

            Assert.Equal(1, seen);
            bytes += packet.Length;
        }

        Assert.True(bytes > 50_000);
    }

    [Fact]
    public void A_full_buffer_takes_the_rest_later()
    {
        var framer = new StreamFramer(10);
        byte[] stream = [.. Enumerable.Range(0, 50).SelectMany(i => Frame((byte)i, 1, 2, 3, 4, 5, 6, 7, 8, 9))];
        var offset = 0;
        var frames = 0;
        while (offset < stream.Length)
        {
            var taken = framer.Append(stream.AsSpan(offset));
            Assert.InRange(taken, 1, 48);
            offset += taken;
            while (framer.TryRead(out var packet)) Assert.Equal(frames++, packet[0]);
        }

        Assert.Equal(50, frames);
    }

    [Theory]
    [InlineData(0, 101)]
    [InlineData(255, 255)]
    public void A_length_that_cannot_be_is_an_error_for_good(byte high, byte low)
    {
        var framer = new StreamFramer(100);
        framer.Append([.. Frame(5), high, low, .. Frame(6)]);
        Assert.True(framer.TryRead(out _));
        Assert.False(framer.TryRead(out _));
        Assert.True(framer.IsFaulted);
        framer.Append(Frame(7));
        Assert.False(framer.TryRead(out _));
    }

    [Fact]
    public void Null_packets_are_passed_over()
    {
        var framer = new StreamFramer(100);
        framer.Append([0, 0, 0, 0, .. Frame(5), 0, 0, .. Frame(6), 0]);
        Assert.True(framer.TryRead(out var first));
        Assert.Equal([5], first.ToArray());
        Assert.True(framer.TryRead(out var second));
        Assert.Equal([6], second.ToArray());
        Assert.False(framer.TryRead(out _));
        framer.Append([0]);
        Assert.False(framer.TryRead(out _));
        Assert.False(framer.IsFaulted);
    }

    [Fact]
    public void Headers_for_impossible_packets_are_refused()
    {
        Assert.False(StreamFramer.TryWriteHeader(new byte[2], 0));
        Assert.False(StreamFramer.TryWriteHeader(new byte[2], 65536));
        Assert.False(StreamFramer.TryWriteHeader(new byte[1], 5));
    }
}
