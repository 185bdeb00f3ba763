using Pendopo.Sfu.Limits;
using Pendopo.Sfu.Tests.Simulation;
using Xunit;

namespace Pendopo.Sfu.Tests.Limits;

public sealed class WorkerLimitsTests
{
    [Fact]
    public void One_address_begins_a_bounded_number_of_handshakes_and_another_is_not_held_up()
    {
        using var meeting = new SimulatedMeeting(seed: 91);
        var limits = new WorkerLimits(new IngressLimits { HandshakesPerSecond = 1 }, new Random(91));
        var peers = Enumerable.Range(0, 16).Select(i => meeting.Worker.Find(SimulatedMeeting.Room, meeting.Prepare($"p{i}").Name)!).ToList();
        byte[] hello = [22, 0xFE, 0xFF, 0, 0];
        var (crowded, other) = (meeting.NextAddress(), meeting.NextAddress());
        var admitted = peers.Take(15).Where(peer => limits.AdmitKnown(meeting.Now, crowded, peer, hello)).ToList();
        Assert.Equal(10, admitted.Count);
        Assert.True(limits.AdmitKnown(meeting.Now, other, peers[15], hello));

        // Who has begun goes on; who was held up begins when its address has room again.
        Assert.All(admitted, peer => Assert.True(limits.AdmitKnown(meeting.Now, crowded, peer, hello)));
        var late = peers.Take(15).First(peer => !admitted.Contains(peer));
        Assert.False(limits.AdmitKnown(meeting.Now, crowded, late, hello));
        Assert.True(limits.AdmitKnown(meeting.Now + TimeSpan.FromSeconds(1.1), crowded, late, hello));
        Assert.Equal(2, late.Limits.Refused(LimitKind.Dtls));
    }

    [Fact]
    public void Everybodys_budget_of_checks_is_used_up_by_many_peers_and_not_by_one()
    {
        var options = new IngressLimits { WorkerChecksPerSecond = 50, ChecksPerSecond = 20 };
        using var meeting = new SimulatedMeeting(seed: 92, new MediaServerOptions { Limits = options });
        var limits = new WorkerLimits(options, new Random(92));
        var peers = Enumerable.Range(0, 4).Select(i => meeting.Worker.Find(SimulatedMeeting.Room, meeting.Prepare($"p{i}").Name)!).ToList();
        Assert.Equal([20, 20, 10, 0], peers.Select(peer => Enumerable.Range(0, 1000).Count(_ => limits.AdmitCheck(meeting.Now, peer))));
        Assert.Equal([980L, 980L, 990L, 1000L], peers.Select(peer => peer.Limits.Refused(LimitKind.Stun)));
    }
}
