using Pendopo.Rtc;
using Pendopo.Testing.Media;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>One stream with layers in it: each receiver gets the layers it needs, in a form that its decoder takes.</summary>
public sealed class ScalableTests
{
    private static readonly LinkOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };

    [Theory]
    [InlineData("L3T3", SvcForm.Av1)]
    [InlineData("L3T3_KEY", SvcForm.Av1)]
    [InlineData("L3T3", SvcForm.Vp9Flexible)]
    [InlineData("L3T3_KEY", SvcForm.Vp9Flexible)]
    [InlineData("L3T3", SvcForm.Vp9)]
    public void A_tile_gets_the_spatial_layer_of_its_size_and_every_frame_is_decodable(string mode, SvcForm form)
    {
        using var meeting = new SimulatedMeeting(seed: 81);
        var options = new ClientOptions { Svc = (mode, form), Seats = 1 };
        var sender = meeting.Join("sender", options, Path, Path);
        var viewer = meeting.Join("viewer", options with { SendsVideo = false }, Path, Path);
        var other = meeting.Join("other", options with { SendsVideo = false }, Path, Path);
        meeting.View(other, new ViewItem(sender.Name, SourceKind.Camera, 720));
        var picture = viewer.Video().Svc!;
        foreach (var (height, layer) in new (int, byte)[] { (180, 0), (720, 2), (360, 1), (180, 0), (720, 2) })
        {
            meeting.View(viewer, new ViewItem(sender.Name, SourceKind.Camera, height));
            Assert.True(meeting.RunUntil(() => TopOf(picture, meeting.Now) == layer, 8), $"Layer {TopOf(picture, meeting.Now)} for {height} lines.");
            meeting.RunFor(0.5);
            Assert.Equal(layer, TopOf(picture, meeting.Now));
        }

        AssertSound(viewer);
        AssertSound(other);
        Assert.Empty(picture.Freezes(TimeSpan.FromMilliseconds(150), Instant.FromMilliseconds(2000), meeting.Now));
    }

    [Theory]
    [InlineData("L3T3", SvcForm.Av1)]
    [InlineData("L3T3_KEY", SvcForm.Vp9Flexible)]
    public void A_line_that_narrows_takes_layers_away_and_leaves_the_picture_moving(string mode, SvcForm form)
    {
        using var meeting = new SimulatedMeeting(seed: 82);
        var options = new ClientOptions { Svc = (mode, form), Seats = 1 };
        var sender = meeting.Join("sender", options, Path, Path);
        var wide = Path with { Rate = DataRate.FromKilobits(3000), QueueBytes = 60_000 };
        var viewer = meeting.Join("viewer", options with { SendsVideo = false }, Path, wide);
        meeting.View(viewer, new ViewItem(sender.Name, SourceKind.Camera, 720));
        meeting.RunFor(12);
        var picture = viewer.Video().Svc!;
        Assert.True(TopOf(picture, meeting.Now) > 0, "3 Mb/s carry more than the smallest layer.");

        meeting.Endpoint(viewer).Downlink.Options = wide with { Rate = DataRate.FromKilobits(300), QueueBytes = 15_000 };
        meeting.RunFor(8);
        var from = meeting.Now;
        meeting.RunFor(6);
        var after = picture.Decoded.Count(frame => frame.At > meeting.Now - TimeSpan.FromSeconds(2));
        Assert.Equal(0, TopOf(picture, meeting.Now));
        Assert.True(after >= 10, $"Only {after} frames in two seconds.");

        // Two seconds: a key picture of 2.5 kB and its repair on a line that probes have just filled.
        Assert.All(picture.Freezes(TimeSpan.FromSeconds(2), from, meeting.Now), freeze => Assert.Fail($"Frozen at {freeze.From} for {freeze.Length}."));
        Assert.Empty(picture.Faults);
    }

    [Fact]
    public void Temporal_layers_of_Vp8_are_left_out_before_the_picture_is_paused()
    {
        // The estimate is held down instead of the line, so that nothing is lost and every number counts.
        using var meeting = new SimulatedMeeting(seed: 83, new MediaServerOptions { StartRate = DataRate.FromKilobits(120), MaximumRate = DataRate.FromKilobits(130) });
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var viewer = meeting.Join("viewer", new ClientOptions { SendsVideo = false, Seats = 1 }, Path, Path);
        meeting.RunFor(3);
        var from = meeting.Now;
        meeting.RunFor(4);
        Assert.InRange(viewer.Video().FramesSince(from).Count(), 58, 62); // 15 of 30 a second
        Continuity.AssertSmooth(viewer.Video(), from, TimeSpan.FromMilliseconds(60));
    }

    private static void AssertSound(MediaClient viewer)
    {
        var picture = viewer.Video().Svc!;
        Assert.Empty(picture.Faults);
        Assert.Equal(0, picture.Undecodable);
        Assert.Equal(0, picture.BadMarkers);
        Assert.Equal(0, viewer.Video().MissingSequences);
    }

    /// <summary>The highest spatial layer of the last 300 ms.</summary>
    private static int TopOf(SvcAssembler picture, Instant now) =>
        picture.Decoded.Where(frame => frame.At > now - TimeSpan.FromMilliseconds(300)).Select(static frame => (int)frame.Stamp.Spatial).DefaultIfEmpty(-1).Max();
}
