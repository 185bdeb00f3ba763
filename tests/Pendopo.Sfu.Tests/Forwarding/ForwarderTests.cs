using Pendopo.Rtc;
using Pendopo.Sfu.Tests.Simulation;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Forwarding;

/// <summary>How packets that arrive together leave: order, lengths, and how long they wait.</summary>
public sealed class ForwarderTests
{
    private static readonly LinkOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pictures_and_sound_are_the_same_whether_packets_leave_together_or_one_by_one(bool batching)
    {
        using var meeting = new SimulatedMeeting(seed: 71, batching: batching);
        meeting.Join("sender", uplink: Path, downlink: Path);
        var viewer = meeting.Join("viewer", uplink: Path, downlink: Path);
        meeting.RunFor(6);
        Continuity.AssertSmooth(viewer.Video(), Instant.Zero, TimeSpan.FromMilliseconds(60));
        Assert.True(viewer.Video().Video.Decoded.Count > 150);
        Assert.Equal(0, viewer.Audio().Audio.Lost);
    }

    [Fact]
    public void A_frame_leaves_subscriber_by_subscriber_in_packets_of_one_length()
    {
        using var meeting = new SimulatedMeeting(seed: 73, batching: true);
        var sender = meeting.Join("sender", new ClientOptions { Seats = 0, SendsAudio = false, Simulcast = false }, uplink: Path, downlink: Path);
        for (var i = 0; i < 4; i++) meeting.Join($"viewer{i}", new ClientOptions { SendsVideo = false, SendsAudio = false, Seats = 1 }, uplink: Path, downlink: Path);
        meeting.RunFor(4);
        meeting.Sent = [];
        meeting.RunFor(2);

        // Runs as a socket would form them: neighbours to one destination of one length, of which the last may be shorter.
        var media = meeting.Sent.Where(sent => sent.Length > 300 && sent.To != meeting.Endpoint(sender).Address).ToList();
        var runs = 0;
        for (var i = 0; i < media.Count; i++)
        {
            var continues = i > 0 && media[i].To == media[i - 1].To && media[i].Length <= media[i - 1].Length && (i < 2 || media[i - 2].To != media[i].To || media[i - 1].Length == media[i - 2].Length);
            if (!continues) runs++;
        }

        // 600 kb/s at 30 frames are two to three packets a frame: without padding and order, every packet would be a run.
        Assert.True(media.Count > 400, $"{media.Count} packets.");
        Assert.True(media.Count > 1.8 * runs, $"{media.Count} packets in {runs} runs.");
    }

    [Fact]
    public void A_packet_whose_frame_is_not_whole_waits_as_long_as_the_load_allows_and_leaves_without_input()
    {
        using var meeting = new SimulatedMeeting(seed: 74);
        var sender = meeting.Join("sender", new ClientOptions { Seats = 0, SendsAudio = false, Simulcast = false });
        meeting.Join("viewer", new ClientOptions { SendsVideo = false, SendsAudio = false, Seats = 1 });
        meeting.RunFor(3);
        var recorded = meeting.Record(sender, seconds: 1);

        // The first of a frame's packets: full, and without the marker.
        var index = recorded.FindIndex(static sent => sent.Datagram[0] >> 6 == 2 && sent.Datagram.Length > 900 && (sent.Datagram[1] & 0x80) == 0);
        var (at, datagram) = recorded[index];
        meeting.IsCountingOnly = true;
        meeting.Worker.Hold = TimeSpan.FromMilliseconds(5);
        var before = meeting.CountedDatagrams;
        meeting.Worker.BeginBatch();
        meeting.Worker.Receive(at, meeting.Endpoint(sender).Address, datagram);
        meeting.Worker.EndBatch(at);
        Assert.Equal(before, meeting.CountedDatagrams);
        Assert.True(meeting.Worker.NextDue <= at + TimeSpan.FromMilliseconds(5));
        meeting.Worker.EndBatch(at + TimeSpan.FromMilliseconds(4.9));
        Assert.Equal(before, meeting.CountedDatagrams);
        meeting.Worker.EndBatch(at + TimeSpan.FromMilliseconds(5));
        Assert.Equal(before + 1, meeting.CountedDatagrams);
    }

    [Fact]
    public void Under_load_video_waits_for_the_rest_of_its_frame_but_not_longer_than_allowed_and_sound_not_at_all()
    {
        using var meeting = new SimulatedMeeting(seed: 72, batching: true);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var viewer = meeting.Join("viewer", uplink: Path, downlink: Path);
        meeting.RunFor(3);
        var (soundBefore, videoBefore) = (Delays(viewer), viewer.Video().Video.Decoded.Count);
        meeting.Worker.Hold = TimeSpan.FromMilliseconds(5);
        meeting.RunFor(3);
        Assert.InRange(viewer.Video().Video.Decoded.Count - videoBefore, 85, 95);
        Assert.Equal(0, viewer.Video().Video.CorruptPackets);
        Assert.Equal(soundBefore, Delays(viewer));

        TimeSpan Delays(MediaClient client) => client.Audio().Sounds.TakeLast(50).Max(sound => sound.At - sender.SoundsCaptured[sound.Id]);
    }
}
