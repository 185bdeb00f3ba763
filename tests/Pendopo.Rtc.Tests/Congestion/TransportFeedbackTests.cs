using Pendopo.Rtc.Congestion;
using Pendopo.Rtc.Rtcp;
using Xunit;

namespace Pendopo.Rtc.Tests.Congestion;

public class TransportFeedbackTests
{
    private const long Quarter = 2500;

    private readonly TransportFeedbackRecorder _recorder = new();
    private readonly byte[] _buffer = new byte[1500];

    [Fact]
    public void A_message_is_written_byte_by_byte_as_the_draft_says()
    {
        // 130 ms is 2 units of 64 ms and 2 ms (8 quarters); the third packet is lost, the fourth comes 100 ms later.
        _recorder.Add(At(130), 5);
        _recorder.Add(At(131), 6);
        _recorder.Add(At(231), 8);
        Assert.True(_recorder.TryWrite(At(240), 0x01020304, 0x05060708, _buffer, out var length));
        Assert.Equal(
            "AFCD0006" + "01020304" + "05060708" + "0005" + "0004" + "000002" + "00" + "D480" + "0804" + "0190" + "0002",
            Convert.ToHexString(_buffer, 0, length));
        Assert.False(_recorder.TryWrite(At(240), 1, 2, _buffer, out _));
    }

    [Fact]
    public void A_run_length_chunk_is_read()
    {
        // 9 packets received, 250 µs apart, base 65 533.
        var reader = new TransportFeedbackReader(Convert.FromHexString("FFFD" + "0009" + "000001" + "07" + "2009" + "000101010101010101"));
        Assert.False(reader.IsMalformed);
        Assert.Equal(7, reader.FeedbackCount);
        for (var i = 0; i < 9; i++)
        {
            Assert.True(reader.MoveNext());
            Assert.Equal(unchecked((ushort)(65_533 + i)), reader.Sequence);
            Assert.True(reader.IsReceived);
            Assert.Equal(640_000 + i * Quarter, reader.ArrivalTicks);
        }

        Assert.False(reader.MoveNext());
    }

    [Fact]
    public void Vectors_of_one_and_two_bits_and_negative_deltas_are_read()
    {
        // One bit: 10000000000001, two bits: 2 1 0 0 0 0 0 of which three count.
        var reader = new TransportFeedbackReader(Convert.FromHexString("0000" + "0011" + "000000" + "00" + "A001" + "E400" + "04" + "08" + "FFFF" + "02"));
        Assert.False(reader.IsMalformed);
        var received = new List<(ushort, long)>();
        while (reader.MoveNext())
        {
            if (reader.IsReceived) received.Add((reader.Sequence, reader.ArrivalTicks / Quarter));
        }

        Assert.Equal([(0, 4), (13, 12), (14, 11), (15, 13)], received);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000000100000000")]
    [InlineData("00000000000000002001")]
    [InlineData("000000010000000020")]
    [InlineData("00000001000000002001")]
    [InlineData("0000000200000000200201")]
    [InlineData("00000001000000000000")]
    [InlineData("0000000100000000600100000000")]
    [InlineData("0000000100000000F00000000000")]
    [InlineData("000000020000000040020000FF")]
    [InlineData("000F00200000000020010000")]
    public void Malformed_feedback_gives_nothing(string hex)
    {
        var reader = new TransportFeedbackReader(Convert.FromHexString(hex));
        Assert.True(reader.IsMalformed);
        Assert.False(reader.MoveNext());
    }

    [Theory]
    [InlineData(1, 0.0, 0.0, 1.0)]
    [InlineData(2, 0.1, 0.0, 0.5)]
    [InlineData(3, 0.5, 0.1, 4.0)]
    [InlineData(4, 0.9, 0.2, 30.0)]
    [InlineData(5, 0.02, 0.3, 200.0)]
    public void Every_packet_is_covered_once_and_with_its_arrival(int seed, double loss, double reordering, double spacing)
    {
        var random = new Random(seed);
        var arrivals = new List<(double Time, int Sequence)>();
        const int First = 65_000;
        for (var i = 0; i < 5000; i++)
        {
            if (i > 0 && random.NextDouble() < loss) continue;
            var late = i > 0 && random.NextDouble() < reordering ? random.NextDouble() * 150 : 0;
            arrivals.Add((1000 + i * spacing * (0.5 + random.NextDouble() / 2) + late, First + i));
        }

        arrivals.Sort();
        var told = new Dictionary<int, long>();
        var covered = new Dictionary<int, int>();
        var expectedCount = 0;
        foreach (var (time, sequence) in arrivals)
        {
            if (_recorder.Deadline.At < At(time)) Drain(_recorder.Deadline.At, 1500);
            _recorder.Add(At(time), (ushort)sequence);
        }

        Drain(At(1e6), 1500);
        Assert.Equal(Deadline.None, _recorder.Deadline);
        Assert.Equal(arrivals.Count, told.Count);
        foreach (var (time, sequence) in arrivals) Assert.InRange(At(time).Ticks - told[sequence], 0, Quarter - 1);

        // Once as received or lost; once more only for those that came after they had been called lost.
        for (var sequence = arrivals.Min(arrival => arrival.Sequence); sequence <= arrivals.Max(arrival => arrival.Sequence); sequence++)
            Assert.InRange(covered[sequence], 1, told.ContainsKey(sequence) ? 2 : 1);

        void Drain(Instant now, int room)
        {
            while (_recorder.TryWrite(now, 1, 2, _buffer.AsSpan(0, room), out var length))
            {
                Assert.InRange(length, 24, 1200);
                var rtcp = new RtcpReader(_buffer.AsSpan(0, length));
                Assert.True(rtcp.MoveNext());
                Assert.Equal((RtcpKind.TransportFeedback, 1u, 2u), (rtcp.Kind, rtcp.SenderSsrc, rtcp.MediaSsrc));
                var reader = new TransportFeedbackReader(rtcp.FeedbackControl);
                Assert.False(reader.IsMalformed);
                Assert.Equal((byte)expectedCount++, reader.FeedbackCount);
                while (reader.MoveNext())
                {
                    var sequence = reader.Sequence < First - 1000 ? reader.Sequence + 65_536 : reader.Sequence;
                    covered[sequence] = covered.GetValueOrDefault(sequence) + 1;
                    if (reader.IsReceived) told.Add(sequence, reader.ArrivalTicks);
                }

                Assert.False(rtcp.MoveNext());
                Assert.False(rtcp.IsMalformed);
            }
        }
    }

    [Fact]
    public void A_pause_that_no_delta_can_tell_splits_the_message()
    {
        _recorder.Add(At(0), 1);
        _recorder.Add(At(9000), 3);
        Assert.Equal([(1, true), (2, false)], Next());
        Assert.Equal([(3, true)], Next());
    }

    [Fact]
    public void A_full_message_is_continued_in_the_next()
    {
        for (var i = 0; i < 40; i++) _recorder.Add(At(i), (ushort)i);
        var covered = new List<(int, bool)>();
        var messages = 0;
        while (_recorder.TryWrite(At(50), 1, 2, _buffer.AsSpan(0, 40), out var length))
        {
            Assert.InRange(length, 24, 40);
            messages++;
            covered.AddRange(Read(length));
        }

        Assert.True(messages > 2);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => (i, true)), covered);
    }

    [Fact]
    public void A_packet_after_its_report_as_lost_is_told_in_a_message_of_its_own()
    {
        _recorder.Add(At(0), 10);
        _recorder.Add(At(1), 12);
        Assert.Equal([(10, true), (11, false), (12, true)], Next());
        _recorder.Add(At(30), 11);
        _recorder.Add(At(31), 13);
        _recorder.Add(At(31), 13);
        Assert.Equal([(11, true)], Next());
        Assert.Equal([(13, true)], Next());
        Assert.False(_recorder.TryWrite(At(60), 1, 2, _buffer, out _));
    }

    [Fact]
    public void A_buffer_without_room_loses_nothing()
    {
        _recorder.Add(At(0), 10);
        Assert.False(_recorder.TryWrite(At(1), 1, 2, _buffer.AsSpan(0, 20), out var length));
        Assert.Equal(0, length);
        Assert.Equal([(10, true)], Next());
    }

    [Fact]
    public void Feedback_is_due_every_hundred_milliseconds_and_sooner_in_traffic()
    {
        Assert.Equal(Deadline.None, _recorder.Deadline);
        _recorder.Add(At(1000), 1);
        Assert.Equal(new(At(1020), DeadlineReason.TransportFeedback), _recorder.Deadline);
        _recorder.TryWrite(At(1020), 1, 2, _buffer, out _);
        _recorder.Add(At(1030), 2);
        Assert.Equal(At(1120), _recorder.Deadline.At);
        for (ushort i = 3; i < 30; i++) _recorder.Add(At(1031), i);
        Assert.Equal(At(1070), _recorder.Deadline.At);
    }

    [Fact]
    public void A_jump_beyond_the_window_does_not_report_thousands_of_losses_in_one_go()
    {
        _recorder.Add(At(0), 0);
        _recorder.Add(At(1), 20_000);
        var covered = 0;
        while (_recorder.TryWrite(At(50), 1, 2, _buffer, out var length)) covered += Read(length).Count;
        Assert.InRange(covered, 1, 4096);
    }

    [Fact]
    public void Recording_writing_and_reading_allocate_nothing()
    {
        ushort sequence = 0;
        Assert.True(Cycle(ref sequence) > 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 300; i++) Cycle(ref sequence);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private int Cycle(ref ushort sequence)
    {
        var received = 0;
        for (var i = 0; i < 90; i++)
        {
            sequence += (ushort)(i % 7 == 0 ? 2 : 1);
            _recorder.Add(At(sequence * 3), sequence);
        }

        while (_recorder.TryWrite(At(sequence * 3), 1, 2, _buffer, out var length))
        {
            var reader = new TransportFeedbackReader(_buffer.AsSpan(12, length - 12));
            while (reader.MoveNext()) received += reader.IsReceived ? 1 : 0;
        }

        return received;
    }

    private List<(int, bool)> Next() => _recorder.TryWrite(At(50), 1, 2, _buffer, out var length) ? Read(length) : [];

    private List<(int, bool)> Read(int length)
    {
        var rtcp = new RtcpReader(_buffer.AsSpan(0, length));
        Assert.True(rtcp.MoveNext());
        var reader = new TransportFeedbackReader(rtcp.FeedbackControl);
        var packets = new List<(int, bool)>();
        while (reader.MoveNext()) packets.Add((reader.Sequence, reader.IsReceived));
        return packets;
    }

    private static Instant At(double milliseconds) => Instant.FromMilliseconds(milliseconds);
}
