using Pendopo.Rtc;
using Pendopo.Sfu.Forwarding;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>Redundant audio is asked for where loss and everybody's abilities allow it, and taken apart only where that is allowed.</summary>
public sealed class RedundancyTests
{
    private static readonly LinkOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };
    private static readonly LinkOptions Lossy = Path with { Loss = 0.08 };
    private static readonly ClientOptions WithRed = new() { Red = true, SendsVideo = false, Seats = 1 };

    [Fact]
    public void Loss_of_a_receiver_makes_its_sources_redundant_and_its_end_makes_them_plain_again()
    {
        using var meeting = new SimulatedMeeting(seed: 81);
        var sender = meeting.Join("sender", WithRed, Path, Path);
        var viewer = meeting.Join("viewer", WithRed, Path, Lossy);
        Assert.True(meeting.RunUntil(() => Wanted(meeting, sender) == true, 8), "Nobody asked for redundancy.");

        // The other way loses nothing.
        Assert.Null(Wanted(meeting, viewer));
        sender.SendsRed = true;
        meeting.RunFor(2);
        Assert.InRange(viewer.Audio().RedPackets, 85, 101);

        meeting.Endpoint(viewer).Downlink.Options = Path;
        meeting.RunFor(10);
        Assert.True(Wanted(meeting, sender));
        Assert.True(meeting.RunUntil(() => Wanted(meeting, sender) == false, 15), "Redundancy is never taken back.");
    }

    [Fact]
    public void Loss_of_the_senders_own_way_counts_too()
    {
        using var meeting = new SimulatedMeeting(seed: 82);
        var sender = meeting.Join("sender", WithRed, Lossy, Path);
        meeting.Join("viewer", WithRed, Path, Path);
        Assert.True(meeting.RunUntil(() => Wanted(meeting, sender) == true, 8), "Nobody asked for redundancy.");
    }

    [Fact]
    public void Without_loss_nobody_is_told_to_be_redundant()
    {
        using var meeting = new SimulatedMeeting(seed: 83);
        meeting.Join("sender", WithRed, Path, Path);
        meeting.Join("viewer", WithRed, Path, Path);
        meeting.RunFor(20);
        Assert.Empty(meeting.Events.OfType<MediaEvent.RedundancyChanged>());
    }

    [Fact]
    public void When_somebody_without_red_joins_sources_leave_it_before_the_joiner_is_connected()
    {
        using var meeting = new SimulatedMeeting(seed: 84);
        var sender = meeting.Join("sender", WithRed, Path, Path);
        var viewer = meeting.Join("viewer", WithRed, Path, Lossy);
        Assert.True(meeting.RunUntil(() => Wanted(meeting, sender) == true, 8));
        sender.SendsRed = true;
        var joining = meeting.Prepare("joining", WithRed with { Red = false, SendsAudio = false }, Path, Path);
        meeting.RunFor(0.03);
        Assert.False(Wanted(meeting, sender));
        sender.SendsRed = false;
        meeting.Connect(joining);
        meeting.RunFor(1);
        Assert.InRange(joining.Audio().Audio.Received, 45, 51);
        Assert.Equal(0, joining.Audio().RedPackets);

        // Loss alone does not bring it back.
        meeting.RunFor(6);
        Assert.False(Wanted(meeting, sender));
        Assert.Equal(0, viewer.Audio().Audio.Malformed);
    }

    [Fact]
    public void In_an_open_broadcast_a_viewer_without_red_gets_the_primary_block_meanwhile()
    {
        using var meeting = new SimulatedMeeting(seed: 85);
        var sender = meeting.Join("sender", WithRed, Path, Path);
        sender.SendsRed = true;
        var viewer = meeting.Join("viewer", new ClientOptions { Seats = 1, SendsAudio = false, SendsVideo = false, IsWhip = true }, Path, Path);
        meeting.RunFor(2);
        Assert.InRange(viewer.Audio().Audio.Received, 95, 101);
        Assert.Equal(0, viewer.Audio().RedPackets);
        Assert.All(viewer.Audio().Sounds, sound => Assert.Contains(sound.Id, sender.SoundsCaptured.Keys));
        Assert.Equal(0, viewer.Audio().MissingSequences);
    }

    [Fact]
    public void In_an_encrypted_meeting_nothing_is_taken_apart()
    {
        using var meeting = new SimulatedMeeting(seed: 86);
        var sender = meeting.Join("sender", WithRed, Path, Path);
        sender.SendsRed = true;
        var viewer = meeting.Join("viewer", new ClientOptions { Seats = 1, SendsAudio = false, SendsVideo = false }, Path, Path);
        meeting.RunFor(2);
        Assert.Equal(0, viewer.Audio().Packets);
    }

    [Fact]
    public void A_policy_waits_for_lasting_loss_and_for_longer_peace()
    {
        var policy = default(RedundancyPolicy);
        var now = Instant.FromMilliseconds(1_000);
        Assert.False(Run(ref policy, ref now, seconds: 3.2, loss: 0.2));
        Assert.False(Run(ref policy, ref now, seconds: 1, loss: 0.02));
        Assert.False(Run(ref policy, ref now, seconds: 3.2, loss: 0.2));
        Assert.True(Run(ref policy, ref now, seconds: 0.6, loss: 0.2));
        Assert.True(Run(ref policy, ref now, seconds: 14, loss: 0));
        Assert.True(Run(ref policy, ref now, seconds: 0.2, loss: 0.02));
        Assert.True(Run(ref policy, ref now, seconds: 14, loss: 0));
        Assert.False(Run(ref policy, ref now, seconds: 1.5, loss: 0));
        Assert.True(Run(ref policy, ref now, seconds: 4, loss: 0.1));
        policy.Update(now, 0.1, isPossible: false);
        Assert.False(policy.IsWanted);
    }

    private static bool Run(ref RedundancyPolicy policy, ref Instant now, double seconds, double loss)
    {
        for (var end = now + TimeSpan.FromSeconds(seconds); now < end; now += TimeSpan.FromMilliseconds(200)) policy.Update(now, loss, isPossible: true);
        return policy.IsWanted;
    }

    /// <summary>What the client was told last; null for nothing.</summary>
    private static bool? Wanted(SimulatedMeeting meeting, MediaClient client) =>
        meeting.Events.OfType<MediaEvent.RedundancyChanged>().LastOrDefault(change => change.Peer == client.Name)?.IsWanted;
}
