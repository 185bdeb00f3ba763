using Pendopo.Rtc;
using Pendopo.Sfu.Forwarding;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>Senders that say which of their layers they send, and at which rate (video-layers-allocation).</summary>
public sealed class SentLayersTests
{
    private static readonly LinkOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };
    private static readonly ClientOptions Sender = new() { Seats = 0, LayersAllocation = true };
    private static readonly ClientOptions Viewer = new() { SendsVideo = false, SendsAudio = false, Seats = 1 };

    /// <summary>150, 500 and 1500 kb/s; then without the third stream.</summary>
    private static readonly byte[] All = [0x21, 0x00, 0x96, 0x01, 0xF4, 0x03, 0xDC, 0x0B];
    private static readonly byte[] WithoutLargest = [0x20, 0x11, 0x00, 0x00, 0x96, 0x01, 0xF4, 0x03];

    [Fact]
    public void A_stream_that_its_sender_says_to_have_switched_off_is_left_at_once()
    {
        using var meeting = new SimulatedMeeting(seed: 121);
        var (sender, slot) = Watch(meeting, All);
        Assert.True(meeting.RunUntil(() => slot.Current?.Rid == "f", seconds: 8));

        // By its silence alone it would be found out after a second and a half.
        Switch(sender, "f", false);
        sender.Allocation = WithoutLargest;
        Assert.True(meeting.RunUntil(() => slot.Current?.Rid == "h", seconds: 0.5));

        Switch(sender, "f", true);
        sender.Allocation = All;
        Assert.True(meeting.RunUntil(() => slot.Current?.Rid == "f", seconds: 4));
    }

    [Fact]
    public void What_still_comes_of_a_stream_proves_its_sender_wrong()
    {
        using var meeting = new SimulatedMeeting(seed: 122);
        var (sender, slot) = Watch(meeting, All);
        Assert.True(meeting.RunUntil(() => slot.Current?.Rid == "f", seconds: 8));
        sender.Allocation = WithoutLargest;
        Assert.True(meeting.RunUntil(() => slot.Current?.Rid == "h", seconds: 0.5));
        Assert.True(meeting.RunUntil(() => slot.Current?.Rid == "f", seconds: 4));
        meeting.RunFor(3);
        Assert.Equal("f", slot.Current!.Rid);
    }

    [Theory]
    [InlineData(false, "h")]
    [InlineData(true, "q")]
    public void A_camera_is_reckoned_by_what_its_encoder_aims_at(bool tells, string expected)
    {
        // The middle stream takes 500 kb/s for now, and may take 2000.
        var rate = DataRate.FromKilobits(900);
        using var meeting = new SimulatedMeeting(seed: 123, new MediaServerOptions { StartRate = rate, MaximumRate = rate });
        var (_, slot) = Watch(meeting, tells ? [0x21, 0x00, 0x96, 0x01, 0xD0, 0x0F, 0xA0, 0x1F] : null);
        meeting.RunFor(8);
        Assert.Equal(expected, slot.Current!.Rid);
    }

    [Fact]
    public void A_late_packet_does_not_tell_what_is_over()
    {
        var sent = new SentLayers();
        var now = Instant.FromMilliseconds(1000);
        Assert.True(sent.TryTake(now, 1, 10, All));
        Assert.False(sent.TryTake(now, 1, 11, All));
        Assert.True(sent.TryTake(now, 1, 12, WithoutLargest));
        Assert.False(sent.TryTake(now, 1, 11, All));
        Assert.True(sent.IsOff(2, now));
        Assert.False(sent.IsOff(2, now + TimeSpan.FromMilliseconds(300)));
        Assert.False(sent.IsOff(1, now));
        Assert.Equal(500_000, sent.TargetRate(1, LayerAim.Everything));
        Assert.Equal(500_000, sent.TargetRate(1, new LayerAim(0, 2)));
        Assert.Equal(0, sent.TargetRate(2, LayerAim.Everything));
        Assert.False(sent.TryTake(now, 1, 13, [0xff]));
        Assert.True(sent.IsOff(2, now));
    }

    private static (MediaClient Sender, ReceiveSlot Slot) Watch(SimulatedMeeting meeting, byte[]? allocation)
    {
        var sender = meeting.Join("sender", Sender, Path, Path);
        sender.Allocation = allocation;
        var viewer = meeting.Join("viewer", Viewer, Path, Path);
        meeting.View(viewer, new ViewItem(sender.Name, SourceKind.Camera, 720));
        return (sender, meeting.Worker.Find(SimulatedMeeting.Room, viewer.Name)!.Seats[0].Video!);
    }

    private static void Switch(MediaClient sender, string rid, bool isActive)
    {
        foreach (var layer in sender.Options.Layers(sender.VideoSsrc).Where(layer => layer.Rid == rid)) sender.Vp8.SetActive(layer.Ssrc, isActive);
    }
}
