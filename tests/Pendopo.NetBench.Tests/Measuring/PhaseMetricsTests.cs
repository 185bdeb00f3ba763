using System.Text.Json;
using Pendopo.NetBench.Measuring;
using Xunit;

namespace Pendopo.NetBench.Tests.Measuring;

public sealed class PhaseMetricsTests
{
    [Fact]
    public void Counters_are_differences_from_the_last_sample_before_the_phase()
    {
        var samples = new Samples().Repeat(4, frames: 20);
        var start = samples.Now;
        samples.Add(5, lines: 180, concealed: 2400, bytes: 10_000).Add(5, lines: 360, bytes: 10_000);
        var metrics = PhaseMetrics.Of(start, samples.Now, samples.All, []);
        Assert.Equal(10, metrics.FramesPerSecond);
        Assert.Equal(5, metrics.ConcealedPercent);
        Assert.Equal(160, metrics.Kilobits);
        Assert.Equal(360, metrics.LastLines);
        Assert.Equal(270, metrics.Lines);
    }

    [Fact]
    public void Made_up_silence_is_no_concealment()
    {
        static Sample At(double at, long concealed, long silent) => new(
            at, "connected", null, null, null,
            [
                new() { Kind = "video" },
                new() { Kind = "audio", TotalSamplesReceived = (long)at * 48, ConcealedSamples = concealed, SilentConcealedSamples = silent },
            ],
            []);
        var metrics = PhaseMetrics.Of(1000, 2000, [At(1000, 0, 0), At(2000, 4800, 4320)], []);
        Assert.Equal(1, metrics.ConcealedPercent);
    }

    [Fact]
    public void The_longest_freeze_is_the_largest_step_of_the_sum_or_the_longest_time_without_a_frame()
    {
        var samples = new Samples().Repeat(2, frames: 10);
        var start = samples.Now;
        samples.Add(10, freeze: 0.3).Add(0).Add(0).Add(8, freeze: 1.4).Add(10);
        Assert.Equal(1.4, PhaseMetrics.Of(start, samples.Now, samples.All, []).LongestFreeze, 6);

        samples.Add(0).Add(0).Add(0).Add(0).Add(10).Add(0).Add(10);
        Assert.Equal(2, PhaseMetrics.Of(start, samples.Now, samples.All, []).LongestFreeze, 6);
    }

    [Fact]
    public void The_frame_rate_is_back_when_it_stays_for_two_seconds()
    {
        var samples = new Samples().Repeat(2, frames: 10);
        var start = samples.Now;
        samples.Repeat(4, frames: 0).Add(10).Repeat(4, frames: 1).Repeat(6, frames: 10);
        var metrics = PhaseMetrics.Of(start, samples.Now, samples.All, []);
        Assert.Equal(4.5, metrics.SecondsUntilFrameRate(16));
        Assert.Equal(0, metrics.SecondsUntilFrameRate(0));
        Assert.Equal(double.PositiveInfinity, metrics.SecondsUntilFrameRate(30));
    }

    [Fact]
    public void The_picture_is_whole_again_when_it_stays_of_that_size()
    {
        var samples = new Samples().Repeat(2, frames: 10, lines: 720);
        var start = samples.Now;
        samples.Add(10, lines: 720).Repeat(2, frames: 10, lines: 180).Repeat(2, frames: 10, lines: 720);
        var metrics = PhaseMetrics.Of(start, samples.Now, samples.All, []);
        Assert.Equal(2, metrics.SecondsUntilLines(720));
        Assert.Equal(double.PositiveInfinity, metrics.SecondsUntilLines(1080));
    }

    [Fact]
    public void Waiting_and_drops_are_weighed_by_packets_and_the_second_half_counts_alone()
    {
        PathSample[] path =
        [
            new(1500, 1000, Offered: 100, 0, Lost: 0, QueueDrops: 20, MeanWaitMilliseconds: 200, 0),
            new(2000, 1000, Offered: 300, 0, Lost: 6, QueueDrops: 0, MeanWaitMilliseconds: 40, 0),
        ];
        var metrics = PhaseMetrics.Of(1000, 2000, [], path);
        Assert.Equal(80, metrics.QueueMilliseconds);
        Assert.Equal(5, metrics.QueueDropPercent);
        Assert.Equal(1.5, metrics.LostPercent);
        Assert.Equal(40, metrics.SecondHalf.QueueMilliseconds);
        Assert.Equal(0, metrics.SecondHalf.QueueDropPercent);
    }

    [Fact]
    public void What_a_page_took_is_read_with_the_names_of_webrtc_stats_and_what_is_missing_is_zero()
    {
        using var page = JsonDocument.Parse("""
            [{ "at": 1700000000000.5, "state": "connected", "availableOutgoingBitrate": 300000, "roundTripTime": null, "remotePort": 40000,
               "inbound": [
                 { "mid": "4", "kind": "video", "packetsReceived": 9, "bytesReceived": 900, "framesDecoded": 30, "frameHeight": 360, "totalFreezesDuration": 0.25 },
                 { "mid": "6", "kind": "video", "packetsReceived": 1, "bytesReceived": 20 },
                 { "mid": "5", "kind": "audio", "packetsReceived": 5, "bytesReceived": 400, "totalSamplesReceived": 48000 }],
               "outbound": [{ "kind": "video", "rid": "q", "bytesSent": 5, "qualityLimitationReason": "bandwidth" }] }]
            """);
        var sample = Assert.Single(Sample.Parse(page.RootElement));
        Assert.Equal((40000, 300000, (double?)null), (sample.RemotePort, sample.AvailableOutgoingBitrate, sample.RoundTripTime));
        Assert.Equal((30, 360, 0.25, 0), (sample.Video!.FramesDecoded, sample.Video.FrameHeight, sample.Video.TotalFreezesDuration, sample.Video.PliCount));
        Assert.Equal(48000, sample.Audio!.TotalSamplesReceived);
        Assert.Equal("bandwidth", Assert.Single(sample.Outbound).QualityLimitationReason);
    }
}
