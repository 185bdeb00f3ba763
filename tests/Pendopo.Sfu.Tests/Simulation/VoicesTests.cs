using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>More microphones than voices are forwarded, with and without discontinuous transmission.</summary>
public sealed class VoicesTests
{
    private static readonly LinkOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };

    [Fact]
    public void Of_many_microphones_only_those_who_speak_are_forwarded_and_every_stream_is_continuous()
    {
        using var meeting = new SimulatedMeeting(seed: 71, new MediaServerOptions { LoudestVoices = 2 });
        var people = Enumerable.Range(0, 5).Select(i => meeting.Join($"p{i}", new ClientOptions { SendsVideo = false, Seats = 4 }, Path, Path)).ToList();
        foreach (var person in people) person.Opus.IsSpeaking = false;
        meeting.RunFor(2);
        var listener = people[0];
        for (var turn = 0; turn < 8; turn++)
        {
            var speaker = people[1 + (turn % 4)];
            var before = listener.Incoming.Sum(static stream => stream.Packets);
            var from = meeting.Now;
            speaker.Opus.IsSpeaking = true;
            meeting.RunFor(3);
            speaker.Opus.IsSpeaking = false;

            // The very first packet of speech is there, and at most two streams flow.
            var first = speaker.SoundsCaptured.Where(sound => sound.Value > from).MinBy(static sound => sound.Value);
            Assert.Contains(listener.Incoming.SelectMany(static stream => stream.Sounds), sound => sound.Id == first.Key);
            Assert.InRange(listener.Incoming.Sum(static stream => stream.Packets) - before, 145, 2 * 155);
            meeting.RunFor(2);
        }

        foreach (var person in people)
        {
            foreach (var stream in person.Incoming.Where(static stream => !stream.IsVideo))
            {
                Assert.Equal(0, stream.MissingSequences);
                AssertMediaTimeFollowsArrival(stream, TimeSpan.FromMilliseconds(5));
            }
        }
    }

    [Fact]
    public void A_small_meeting_forwards_every_packet_of_everybody()
    {
        using var meeting = new SimulatedMeeting(seed: 72);
        var people = Enumerable.Range(0, 3).Select(i => meeting.Join($"p{i}", new ClientOptions { SendsVideo = false }, Path, Path)).ToList();
        foreach (var person in people) person.Opus.IsSpeaking = false;
        meeting.RunFor(3);
        foreach (var person in people)
        {
            for (var seat = 0; seat < 2; seat++) Assert.InRange(person.Audio(seat).Audio.Received, 140, 151);
        }
    }

    [Fact]
    public void Without_a_seat_a_speaker_is_heard_on_an_audio_only_slot_from_the_first_packet()
    {
        using var meeting = new SimulatedMeeting(seed: 73, new MediaServerOptions { LoudestVoices = 2 });
        var listener = meeting.Join("listener", new ClientOptions { SendsVideo = false, SendsAudio = false, Seats = 1, Voices = 1 }, Path, Path);
        var people = Enumerable.Range(0, 4).Select(i => meeting.Join($"p{i}", new ClientOptions { SendsVideo = false, Seats = 0 }, Path, Path)).ToList();
        foreach (var person in people) person.Opus.IsSpeaking = false;
        meeting.RunFor(3);
        var voice = listener.Voice();
        for (var turn = 0; turn < 4; turn++)
        {
            // The first one has the seat.
            var speaker = people[1 + (turn % 3)];
            var from = meeting.Now;
            speaker.Opus.IsSpeaking = true;
            meeting.RunFor(1);
            var first = speaker.SoundsCaptured.Where(sound => sound.Value > from).MinBy(static sound => sound.Value);
            Assert.Contains(voice.Sounds, sound => sound.Id == first.Key);
            var told = meeting.Events.OfType<MediaEvent.SeatsChanged>().Last(change => change.Peer == listener.Name).Voices;
            Assert.Equal(speaker.Name, Assert.Single(told).Peer);
            speaker.Opus.IsSpeaking = false;
            meeting.RunFor(2.5);
        }

        Assert.Equal(0, voice.MissingSequences);
    }

    [Fact]
    public void Who_rests_gets_neither_sound_nor_picture_and_everything_again_afterwards()
    {
        using var meeting = new SimulatedMeeting(seed: 75);
        foreach (var name in new[] { "first", "second", "third" }) meeting.Join(name, uplink: Path, downlink: Path);
        // Two seats, one slot for a voice: three people are heard in both ways.
        var listener = meeting.Join("listener", new ClientOptions { SendsVideo = false, SendsAudio = false, Seats = 2, Voices = 1 }, Path, Path);
        meeting.RunFor(3);
        meeting.Rest(listener, true);
        // What is under way comes, and then nothing.
        meeting.RunFor(1);
        var (sounds, pictures) = Count();
        Assert.True(sounds > 200 && pictures > 100, $"{sounds} sounds and {pictures} pictures before the rest.");
        meeting.RunFor(3);
        Assert.Equal((sounds, pictures), Count());
        Assert.Empty(meeting.Events.OfType<MediaEvent.SeatsChanged>().Last(change => change.Peer == listener.Name).Seats);

        meeting.Rest(listener, false);
        meeting.RunFor(3);
        var (soundsAgain, picturesAgain) = Count();
        Assert.True(soundsAgain > sounds + 200 && picturesAgain > pictures + 50, $"{soundsAgain - sounds} sounds and {picturesAgain - pictures} pictures after the rest.");

        (long Sounds, long Pictures) Count() => (
            listener.Incoming.Where(static stream => !stream.IsVideo).Sum(static stream => (long)stream.Packets), listener.Incoming.Where(static stream => stream.IsVideo).Sum(static stream => (long)stream.Packets));
    }

    [Fact]
    public void Discontinuous_transmission_comes_through_as_gaps_in_media_time_without_gaps_in_numbers_and_bursts()
    {
        using var meeting = new SimulatedMeeting(seed: 74);
        var options = new ClientOptions { SendsVideo = false, Seats = 1, DiscontinuousTransmission = true };
        var first = meeting.Join("first", options, Path, Path);
        meeting.RunFor(0.123);
        var second = meeting.Join("second", options, Path, Path);
        var listener = meeting.Join("listener", new ClientOptions { SendsVideo = false, SendsAudio = false, Seats = 1 }, Path, Path);
        foreach (var shown in new[] { first, second, first, second })
        {
            meeting.View(listener, new ViewItem(shown.Name, SourceKind.Camera, 0));
            foreach (var speaks in new[] { true, false, true, false })
            {
                shown.Opus.IsSpeaking = speaks;
                meeting.RunFor(1.7);
            }
        }

        var audio = listener.Audio();
        Assert.Equal(0, audio.MissingSequences);
        Assert.InRange(audio.Audio.Received, 8 * 80, 8 * 100);
        AssertMediaTimeFollowsArrival(audio, TimeSpan.FromMilliseconds(22));
    }

    [Fact]
    public void Silence_of_a_microphone_with_discontinuous_transmission_costs_two_or_three_packets_a_second()
    {
        using var meeting = new SimulatedMeeting(seed: 75);
        var options = new ClientOptions { SendsVideo = false, Seats = 1, DiscontinuousTransmission = true };
        var silent = meeting.Join("silent", options, Path, Path);
        var listener = meeting.Join("listener", options with { SendsAudio = false }, Path, Path);
        silent.Opus.IsSpeaking = false;
        meeting.RunFor(1);
        var before = listener.Audio().Packets;
        meeting.RunFor(10);
        Assert.InRange(listener.Audio().Packets - before, 24, 26);
    }

    /// <summary>
    /// A jitter buffer sees no jump: between any two packets the media time moves by the time that passes, and nothing arrives in
    /// a burst.
    /// </summary>
    private static void AssertMediaTimeFollowsArrival(IncomingStream stream, TimeSpan tolerance)
    {
        for (var i = 1; i < stream.Sounds.Count; i++)
        {
            var media = TimeSpan.FromSeconds((int)(stream.Sounds[i].Timestamp - stream.Sounds[i - 1].Timestamp) / 48_000.0);
            var passed = stream.Sounds[i].At - stream.Sounds[i - 1].At;
            Assert.True(media > TimeSpan.Zero, $"Media time goes back by {media} at {stream.Sounds[i].At}.");
            Assert.True((media - passed).Duration() <= tolerance, $"Media time moves by {media} while {passed} pass at {stream.Sounds[i].At}.");
        }
    }
}
