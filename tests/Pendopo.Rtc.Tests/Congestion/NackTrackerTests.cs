using Pendopo.Rtc.Congestion;
using Xunit;

namespace Pendopo.Rtc.Tests.Congestion;

public class NackTrackerTests
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(50);

    private readonly NackTracker _tracker = new();

    [Fact]
    public void Nothing_is_asked_for_in_an_unbroken_stream()
    {
        for (var i = 0; i < 100_000; i++) Assert.True(_tracker.Add(Instant.FromMilliseconds(i), (ushort)(65_000 + i)));
        Assert.Equal(Deadline.None, _tracker.Deadline);
        Assert.Empty(Due(100_001));
    }

    [Fact]
    public void A_missing_packet_is_asked_for_after_the_reordering_allowance()
    {
        _tracker.Add(At(0), 10);
        _tracker.Add(At(1), 12);
        Assert.Equal(1, _tracker.MissingCount);
        Assert.Equal(new(At(11), DeadlineReason.Nack), _tracker.Deadline);
        Assert.Empty(Due(10.9));
        Assert.Equal([11], Due(11));
    }

    [Fact]
    public void A_packet_that_was_only_reordered_is_never_asked_for()
    {
        _tracker.Add(At(0), 10);
        _tracker.Add(At(1), 12);
        Assert.True(_tracker.Add(At(5), 11));
        Assert.Equal(Deadline.None, _tracker.Deadline);
        Assert.Empty(Due(1000));
    }

    [Fact]
    public void Eight_later_packets_end_the_allowance_early()
    {
        _tracker.Add(At(0), 100);
        for (var i = 1; i <= 7; i++) _tracker.Add(At(1), (ushort)(101 + i));
        Assert.Empty(Due(1));
        _tracker.Add(At(1), 109);
        Assert.Equal([101], Due(1));
    }

    [Fact]
    public void Requests_repeat_once_per_round_trip_and_at_most_ten_times()
    {
        _tracker.Add(At(0), 1);
        _tracker.Add(At(0), 3);
        var asked = new List<double>();
        for (double time = 0; time < 3000; time++)
        {
            if (Due(time) is [2]) asked.Add(time);
        }

        Assert.Equal([10, 60, 110, 160, 210, 260, 310, 360, 410, 460], asked);
        Assert.Equal(0, _tracker.MissingCount);
        Assert.Equal(Deadline.None, _tracker.Deadline);
    }

    [Fact]
    public void A_tiny_round_trip_does_not_make_a_storm()
    {
        _tracker.Add(At(0), 1);
        _tracker.Add(At(0), 3);
        var buffer = new ushort[4];
        Assert.Equal(1, _tracker.TakeDue(At(10), TimeSpan.FromMilliseconds(0.2), buffer));
        Assert.Equal(At(30), _tracker.Deadline.At);
    }

    [Fact]
    public void An_unknown_round_trip_is_taken_as_a_hundred_milliseconds()
    {
        _tracker.Add(At(0), 1);
        _tracker.Add(At(0), 3);
        _tracker.TakeDue(At(10), TimeSpan.Zero, new ushort[4]);
        Assert.Equal(At(110), _tracker.Deadline.At);
    }

    [Fact]
    public void A_packet_older_than_a_second_is_given_up()
    {
        _tracker.Add(At(0), 1);
        _tracker.Add(At(0), 3);
        var buffer = new ushort[4];
        Assert.Equal(1, _tracker.TakeDue(At(10), TimeSpan.FromMilliseconds(600), buffer));
        Assert.Equal(1, _tracker.TakeDue(At(610), TimeSpan.FromMilliseconds(600), buffer));
        Assert.Equal(0, _tracker.TakeDue(At(1210), TimeSpan.FromMilliseconds(600), buffer));
        Assert.Equal(0, _tracker.MissingCount);
    }

    [Fact]
    public void Numbers_come_ascending_over_the_wrap_and_the_rest_stays_due()
    {
        _tracker.Add(At(0), 65_533);
        _tracker.Add(At(0), 2);
        var buffer = new ushort[3];
        Assert.Equal(3, _tracker.TakeDue(At(10), RoundTrip, buffer));
        Assert.Equal([65_534, 65_535, 0], buffer);
        Assert.Equal(At(10), _tracker.Deadline.At);
        Assert.Equal([1], Due(10));
    }

    [Fact]
    public void Duplicates_and_repaired_duplicates_are_told()
    {
        _tracker.Add(At(0), 1);
        _tracker.Add(At(0), 3);
        Assert.False(_tracker.Add(At(0), 3));
        Assert.False(_tracker.Add(At(0), 1));
        Assert.True(_tracker.Add(At(20), 2));
        Assert.False(_tracker.Add(At(21), 2));
        Assert.True(_tracker.Add(At(22), 0));
        Assert.False(_tracker.Add(At(22), 0));
    }

    [Fact]
    public void A_reset_forgets_the_missing_and_still_knows_duplicates()
    {
        _tracker.Add(At(0), 1);
        _tracker.Add(At(0), 5);
        _tracker.Reset();
        Assert.Equal((0, Deadline.None), (_tracker.MissingCount, _tracker.Deadline));
        Assert.Empty(Due(500));
        Assert.False(_tracker.Add(At(501), 5));
        Assert.True(_tracker.Add(At(502), 3));
        Assert.True(_tracker.Add(At(503), 7));
        Assert.Equal([6], Due(600));
    }

    [Theory]
    [InlineData(513)]
    [InlineData(30_000)]
    public void A_huge_jump_starts_anew_instead_of_asking_for_all(int jump)
    {
        _tracker.Add(At(0), 100);
        Assert.True(_tracker.Add(At(1), (ushort)(100 + jump)));
        Assert.Equal(0, _tracker.MissingCount);
        Assert.True(_tracker.Add(At(2), (ushort)(102 + jump)));
        Assert.Equal([(ushort)(101 + jump)], Due(20));
    }

    [Fact]
    public void A_source_that_restarts_lower_is_followed_at_its_second_packet()
    {
        _tracker.Add(At(0), 20_000);
        Assert.False(_tracker.Add(At(1), 500));
        Assert.True(_tracker.Add(At(2), 501));
        Assert.True(_tracker.Add(At(3), 503));
        Assert.Equal([502], Due(20));
    }

    [Fact]
    public void One_stray_old_packet_changes_nothing()
    {
        _tracker.Add(At(0), 20_000);
        Assert.False(_tracker.Add(At(1), 500));
        Assert.True(_tracker.Add(At(2), 20_001));
        Assert.False(_tracker.Add(At(3), 501));
        Assert.Equal(0, _tracker.MissingCount);
    }

    [Fact]
    public void Random_arrivals_keep_the_count_right_and_allocate_nothing()
    {
        var random = new Random(7);
        var buffer = new ushort[64];
        Run(random, buffer, 1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var asked = Run(random, buffer, 50_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(asked > 1000, $"{asked} asked");
        Assert.InRange(_tracker.MissingCount, 0, 1023);
    }

    [Fact]
    public void It_is_told_whether_a_packet_was_asked_for()
    {
        _tracker.Add(At(0), 1);
        _tracker.Add(At(0), 4);
        Assert.True(_tracker.Add(At(5), 2));
        Assert.False(_tracker.WasRequested);
        Assert.Equal([3], Due(11));
        Assert.True(_tracker.Add(At(40), 3));
        Assert.True(_tracker.WasRequested);
        Assert.True(_tracker.Add(At(41), 5));
        Assert.False(_tracker.WasRequested);
    }

    [Fact]
    public void A_smaller_window_forgets_sooner_and_takes_a_smaller_gap_for_an_outage()
    {
        var small = new NackTracker(window: 128);
        small.Add(At(0), 0);
        small.Add(At(0), 60);
        Assert.Equal(59, small.MissingCount);
        for (ushort i = 61; i < 180; i++) small.Add(At(1), i);
        Assert.Equal(59 - 51, small.MissingCount);
        small.Add(At(2), 180 + 64);
        Assert.Equal(0, small.MissingCount);
        Assert.Throws<ArgumentException>(() => new NackTracker(100));
    }

    private double _clock;
    private ushort _sequence = 60_000;

    private int Run(Random random, ushort[] buffer, int packets)
    {
        var asked = 0;
        for (var i = 0; i < packets; i++)
        {
            _clock += random.NextDouble() * 2;
            _sequence += (ushort)(random.Next(20) == 0 ? random.Next(1, 600) : 1);
            _tracker.Add(At(_clock), random.Next(10) == 0 ? (ushort)(_sequence - random.Next(1500)) : _sequence);
            if (_tracker.Deadline.At <= At(_clock)) asked += _tracker.TakeDue(At(_clock), RoundTrip, buffer);
            if (_tracker.MissingCount < 0) throw new InvalidOperationException("negative");
        }

        return asked;
    }

    private static Instant At(double milliseconds) => Instant.FromMilliseconds(milliseconds);

    private ushort[] Due(double milliseconds)
    {
        var buffer = new ushort[64];
        return buffer[.._tracker.TakeDue(At(milliseconds), RoundTrip, buffer)];
    }
}
