using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain.Groups;

public sealed class EpochLogTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);

    [Fact]
    public void Entries_are_numbered_without_gaps_and_the_last_ones_are_kept()
    {
        var log = Fill(1000, 100);
        Assert.Equal((1000L, EpochLog.Kept), (log.Last, log.Headers.Count));
        Assert.Equal(Enumerable.Range(489, 512).Select(entry => (long)entry), log.Headers.Select(header => header.Entry));
    }

    [Fact]
    public void Pages_follow_each_other_to_the_end()
    {
        var log = Fill(200, 100);
        Assert.Equal((1L, 64L), log.PageAfter(0));
        Assert.Equal((65L, 128L), log.PageAfter(64));
        Assert.Equal((193L, 200L), log.PageAfter(192));
        Assert.Equal((201L, 200L), log.PageAfter(200));
        Assert.Equal((1L, 0L), EpochLog.Empty.PageAfter(0));
    }

    [Fact]
    public void A_page_is_bounded_by_bytes_but_never_empty()
    {
        Assert.Equal((1L, 2L), Fill(10, 250_000).PageAfter(0));
        Assert.Equal((3L, 3L), Fill(10, SignalingContract.LogPageBytes + 1).PageAfter(2));
    }

    [Theory]
    [InlineData(499, false)]
    [InlineData(500, true)]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    [InlineData(-1, false)]
    public void Who_is_more_than_500_behind_or_ahead_gets_nothing(long after, bool isThere) => Assert.Equal(isThere, Fill(1000, 10).PageAfter(after) is not null);

    private static EpochLog Fill(int count, int size)
    {
        var log = EpochLog.Empty;
        for (var entry = 0; entry < count; entry++) log = log.Append(LogKind.Message, 0, 0, Now, size);
        return log;
    }
}
