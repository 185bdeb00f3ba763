using Pendopo.Rtc;
using Pendopo.Sfu.Forwarding;
using Xunit;

namespace Pendopo.Sfu.Tests.Forwarding;

public sealed class RetransmissionGuardTests
{
    private static readonly Instant Start = Instant.FromMilliseconds(1000);
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(100);

    private readonly RetransmissionGuard _guard = new();

    private bool Take(double milliseconds, ushort sequence, uint ssrc = 1, int kilobits = 1000, int bytes = 1000) =>
        _guard.TryTake(Start + TimeSpan.FromMilliseconds(milliseconds), ssrc, sequence, bytes, DataRate.FromKilobits(kilobits), RoundTrip);

    [Fact]
    public void One_packet_is_repeated_once_per_round_trip()
    {
        Assert.True(Take(0, 5));
        Assert.False(Take(99, 5));
        Assert.True(Take(99, 6));
        Assert.True(Take(99, 5, ssrc: 2));
        Assert.True(Take(100, 5));
    }

    [Fact]
    public void What_was_repeated_unasked_is_not_repeated_for_a_request_that_crossed_it()
    {
        _guard.OnRepeated(Start, 1, 5);
        Assert.False(Take(99, 5));
        Assert.True(Take(100, 5));
    }

    [Fact]
    public void All_repairs_together_get_half_of_the_estimate()
    {
        // 250 ms of 500 kb/s are 15 625 bytes at once; 62.5 kB more in each further second.
        var taken = 0;
        for (ushort i = 0; i < 100; i++) taken += Take(0, i) ? 1 : 0;
        Assert.Equal(16, taken);
        for (ushort i = 0; i < 1000; i++) taken += Take(i, (ushort)(1000 + i)) ? 1 : 0;
        Assert.InRange(taken, 76, 80);
    }

    [Fact]
    public void Sound_can_be_repaired_at_the_lowest_estimate()
    {
        var taken = 0;
        for (ushort i = 0; i < 50; i++) taken += Take(i * 20, i, kilobits: 50, bytes: 120) ? 1 : 0;
        Assert.Equal(50, taken);
    }
}
