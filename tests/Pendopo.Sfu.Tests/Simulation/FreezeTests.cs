using Pendopo.Rtc;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>Fifty people are stopped while their clients go on sending as if nobody had said anything.</summary>
public sealed class FreezeTests
{
    private static readonly LinkOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };

    /// <summary>Row 9: well within the second that is asked for, nothing of those who are frozen is forwarded, and thawing alone brings nobody back.</summary>
    [Fact]
    public void Failure_09_of_fifty_who_go_on_sending_only_the_host_is_forwarded()
    {
        using var meeting = new SimulatedMeeting(seed: 91, new MediaServerOptions { LoudestVoices = 50 });
        var options = new ClientOptions { SendsVideo = false, Seats = 1, Voices = 4 };
        var people = Enumerable.Range(0, 50).Select(number => meeting.Join($"p{number}", options, Path, Path)).ToList();
        meeting.RunFor(2);
        Assert.All(people, person => Assert.True(person.Incoming.Sum(static stream => stream.Packets) > 0));
        var (host, frozen) = (people[0], people[1..]);

        foreach (var person in frozen) meeting.Mute(person);
        meeting.RunFor(0.1); // what was on its way
        var heard = people.ToDictionary(person => person, person => person.Incoming.Sum(static stream => stream.Packets));
        var dropped = frozen.ToDictionary(person => person, person => Dropped(meeting, person));
        meeting.RunFor(1);

        // The host hears nobody; the others hear the host alone: 50 packets a second.
        Assert.Equal(heard[host], host.Incoming.Sum(static stream => stream.Packets));
        Assert.All(frozen, person => Assert.InRange(person.Incoming.Sum(static stream => stream.Packets) - heard[person], 45, 55));
        Assert.All(frozen, person => Assert.InRange(Dropped(meeting, person) - dropped[person], 45, 55));

        meeting.Publish(frozen[0]);
        meeting.RunFor(1);
        Assert.InRange(host.Incoming.Sum(static stream => stream.Packets) - heard[host], 40, 55);
    }

    private static long Dropped(SimulatedMeeting meeting, MediaClient person) =>
        meeting.Worker.Find(SimulatedMeeting.Room, person.Name)!.Drops[DropReason.NotPublishing];
}
