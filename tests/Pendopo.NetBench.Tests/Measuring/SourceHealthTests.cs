using Pendopo.NetBench.Measuring;
using Xunit;

namespace Pendopo.NetBench.Tests.Measuring;

public sealed class SourceHealthTests
{
    [Fact]
    public void A_sender_that_stops_for_a_second_shows_and_a_layer_switched_off_does_not()
    {
        var frames = new[] { 8L, 8, 8, 8, 8, 8, 8, 8, 8, 8 };
        Assert.Equal(1, SourceHealth.SlowestSecond(Sender(frames), 0, 1e9), 6);
        frames[4] = frames[5] = 0;
        Assert.Equal(0, SourceHealth.SlowestSecond(Sender(frames), 0, 1e9));
        frames[4] = 4;
        Assert.InRange(SourceHealth.SlowestSecond(Sender(frames), 0, 1e9), 0.25, 0.35);
    }

    [Fact]
    public void The_longest_time_between_samples_is_the_page_s_own_silence()
    {
        var samples = Sender([8, 8, 8, 8]);
        Assert.Equal(0.5, SourceHealth.LongestSilence(samples, 0, 1e9));
        Assert.Equal(1.5, SourceHealth.LongestSilence([samples[0], samples[3]], 0, 1e9));
        Assert.Equal(0, SourceHealth.LongestSilence([], 0, 1e9));
    }

    /// <summary>Two layers; the large one is switched off in the middle and stands still.</summary>
    private static List<Sample> Sender(long[] frames)
    {
        var samples = new List<Sample>();
        long small = 1000, large = 900;
        foreach (var (index, count) in frames.Index())
        {
            small += count;
            large += index < 3 ? count : 0;
            samples.Add(new(index * 500, "connected", null, null, null, [], [new() { Kind = "video", Rid = "q", FramesEncoded = small }, new() { Kind = "video", Rid = "f", FramesEncoded = large }]));
        }

        return samples;
    }
}
