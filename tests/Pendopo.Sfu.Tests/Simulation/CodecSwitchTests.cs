using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>A sender changes its codec without a negotiation: who has both sees it go on, who has not gets nothing of the other.</summary>
public sealed class CodecSwitchTests
{
    private static readonly LinkOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };
    private static readonly ClientOptions WithH264 = new() { H264 = 102, Seats = 1 };
    private static readonly ClientOptions WithoutH264 = new() { Seats = 1, SendsVideo = false, SendsAudio = false };

    /// <summary>A key frame's packets and a plan; a request and its way would take longer.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(120);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_receiver_of_both_codecs_sees_the_picture_go_on_by_its_own_payload_types(int worker)
    {
        using var meeting = new SimulatedMeeting(seed: 91, workers: 2);
        var sender = meeting.Join("sender", WithH264, Path, Path);
        var viewer = meeting.Join("viewer", WithH264 with { H264 = 124, SendsVideo = false }, Path, Path, worker: worker);
        Assert.True(meeting.RunUntil(() => viewer.Video().Video.Decoded.Count > 60, 5), "No picture.");
        Assert.Equal(ClientOffer.Vp8, Assert.Single(viewer.Video().PayloadTypes));
        var (from, asked) = (meeting.Now, sender.PictureLossesReceived);
        foreach (var h264 in new[] { true, false, true })
        {
            sender.SendsH264 = h264;
            meeting.RunFor(1.5);
        }

        Assert.Equal([ClientOffer.Vp8, (byte)124], viewer.Video().PayloadTypes.Order().ToArray());
        Assert.InRange(Continuity.LongestPause(viewer.Video(), from, meeting.Now), TimeSpan.Zero, Tolerance);
        Assert.Equal(0, viewer.Video().MissingSequences);
        Assert.Equal(0, viewer.Video().Video.CorruptPackets);
        Assert.Equal(asked, sender.PictureLossesReceived);
    }

    [Fact]
    public void Who_has_not_negotiated_a_codec_gets_nothing_of_it_and_the_first_key_frame_of_the_next()
    {
        using var meeting = new SimulatedMeeting(seed: 92);
        var sender = meeting.Join("sender", WithH264, Path, Path);
        sender.SendsH264 = true;
        var viewer = meeting.Join("viewer", WithH264 with { SendsVideo = false }, Path, Path);
        meeting.RunFor(2);
        var asked = sender.PictureLossesReceived;

        var joining = meeting.Join("joining", WithoutH264, Path, Path);
        meeting.RunFor(1);
        Assert.Equal(0, joining.Video().Packets);
        Assert.Equal(PauseReason.Codec, Assert.Single(SeatsOf(joining)).Pause);

        // A key frame that it cannot decode would cost all the others, and delay the one that it can.
        Assert.Equal(asked, sender.PictureLossesReceived);

        sender.SendsH264 = false;
        var from = meeting.Now;
        Assert.True(meeting.RunUntil(() => joining.Video().Video.Decoded.Count > 0, 1), "No picture.");
        Assert.InRange(meeting.Now - from, TimeSpan.Zero, TimeSpan.FromMilliseconds(80));
        meeting.RunFor(1);
        Assert.Equal(ClientOffer.Vp8, Assert.Single(joining.Video().PayloadTypes));
        Assert.Equal(PauseReason.None, Assert.Single(SeatsOf(joining)).Pause);
        Assert.InRange(Continuity.LongestPause(viewer.Video(), from, meeting.Now), TimeSpan.Zero, Tolerance);

        IReadOnlyList<SeatBinding> SeatsOf(MediaClient client) => meeting.Events.OfType<MediaEvent.SeatsChanged>().Last(change => change.Peer == client.Name).Seats;
    }

    [Fact]
    public void A_late_key_frame_of_the_codec_before_does_not_lead_back_to_it()
    {
        using var meeting = new SimulatedMeeting(seed: 93);
        var sender = meeting.Join("sender", WithH264, Path, Path);
        var viewer = meeting.Join("viewer", WithH264 with { SendsVideo = false }, Path, Path);
        sender.SendsH264 = true;
        meeting.RunFor(2);

        // A key frame is lost and repaired only after the sender has changed its codec.
        sender.SendsH264 = true;
        meeting.Record(sender, 0.05);
        meeting.RunFor(0.06);
        var from = meeting.Now;
        sender.SendsH264 = false;
        var repaired = sender.Outgoing.Values.Sum(stream => stream.Retransmissions);
        meeting.RunFor(1.5);
        Assert.True(sender.Outgoing.Values.Sum(stream => stream.Retransmissions) > repaired, "Nothing was repaired.");
        Assert.InRange(Continuity.LongestPause(viewer.Video(), from, meeting.Now), TimeSpan.Zero, Tolerance);
    }

    [Fact]
    public void A_change_whose_first_packet_is_lost_is_followed_by_a_request()
    {
        using var meeting = new SimulatedMeeting(seed: 94);
        var sender = meeting.Join("sender", WithH264, Path, Path);
        var viewer = meeting.Join("viewer", WithH264 with { SendsVideo = false }, Path, Path);
        meeting.RunFor(2);
        var asked = sender.PictureLossesReceived;
        sender.SendsH264 = true;
        meeting.Record(sender, 0.05);
        var from = meeting.Now;
        meeting.RunFor(1);
        Assert.True(sender.PictureLossesReceived > asked, "Nobody asked for a key frame.");
        Assert.InRange(Continuity.LongestPause(viewer.Video(), from, meeting.Now), TimeSpan.Zero, TimeSpan.FromMilliseconds(250));
    }
}
