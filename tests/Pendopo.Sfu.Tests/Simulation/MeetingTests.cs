using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>People meet: who is seen and heard, on paths without loss.</summary>
public sealed class MeetingTests
{
    private static readonly LinkOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Everybody_sees_and_hears_everybody_else(int people)
    {
        using var meeting = new SimulatedMeeting(seed: people);
        var clients = Enumerable.Range(0, people).Select(i => meeting.Join($"p{i}", uplink: Path, downlink: Path)).ToList();
        meeting.RunFor(5);

        foreach (var client in clients)
        {
            for (var seat = 0; seat < people - 1; seat++)
            {
                var video = client.Video(seat).Video;
                Assert.InRange(video.Decoded.Count, 130, 151);
                Assert.Equal(0, video.CorruptPackets);
                Assert.Empty(video.Freezes(TimeSpan.FromMilliseconds(200), meeting.Now));
                Assert.InRange(client.Audio(seat).Audio.Received, 240, 251);
                Assert.Equal(0, client.Audio(seat).Audio.Lost);
            }

            for (var seat = people - 1; seat < client.Options.Seats; seat++) Assert.Equal(0, client.Video(seat).Packets);
        }

        Assert.Equal(people, meeting.Events.OfType<MediaEvent.Connected>().Count());
        Assert.Equal(people, meeting.Events.OfType<MediaEvent.SpeakersChanged>().Last().Speakers.Count);
    }
}
