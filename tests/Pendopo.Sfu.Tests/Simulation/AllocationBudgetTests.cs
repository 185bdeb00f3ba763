using System.Text.Json;
using Pendopo.Rtc;
using Pendopo.Testing;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>
/// A meeting in which everything happens that a media worker does all the time: sound and picture of three layers, loss that
/// NACKs, RTX and repeats repair, key-frame requests, transport feedback both ways, reports, probes, timers; and one in which the floor goes
/// round. <c>allocation-budget.json</c> tells how many bytes each kind of work may allocate for each datagram that is sent, once it is
/// warm, and how many for each message to somebody above the media plane.
/// </summary>
[Collection(nameof(MeasuringCollection))]
public sealed class AllocationBudgetTests
{
    private const int Windows = 3;

    private static readonly LinkOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10), Rate = DataRate.FromKilobits(6000), QueueBytes = 100_000 };
    private static readonly LinkOptions Lossy = Path with { Loss = 0.03, Reordering = 0.01 };
    private static readonly LinkOptions Bad = Path with { Loss = 0.1 };

    /// <summary>What a message to the planes above may take: one object with what is new in it.</summary>
    private const string Message = "Message";

    private static readonly Dictionary<string, double> Budget =
        JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(System.IO.Path.Combine(Repository.Root, "tests", "Pendopo.Sfu.Tests", "allocation-budget.json")))!;

    [Fact]
    public void Every_kind_of_work_has_a_budget() => Assert.Equal(Enum.GetNames<MeteredWork>().Append(Message).Order(), Budget.Keys.Order());

    [Fact]
    public void The_meter_sees_what_the_worker_allocates_and_not_what_the_network_does()
    {
        var meter = new AllocationMeter();
        meter.Begin(MeteredWork.Reports);
        GC.KeepAlive(new byte[1000]);
        meter.Pause();
        GC.KeepAlive(new byte[100_000]);
        meter.Resume();
        GC.KeepAlive(new byte[1000]);
        meter.End();

        Assert.InRange(meter.Bytes(MeteredWork.Reports), 2000, 2200);
        Assert.Equal(meter.Bytes(MeteredWork.Reports), meter.Worst(MeteredWork.Reports));
        Assert.Equal(1, meter.Sent);
        Assert.Equal(0, meter.Bytes(MeteredWork.Media));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_meeting_with_all_that_its_receivers_ask_for_keeps_its_budget(bool batching)
    {
        using var meeting = new SimulatedMeeting(seed: 71, batching: batching);
        var speakers = Enumerable.Range(0, 2).Select(i => meeting.Join($"speaker{i}", new ClientOptions { AudioRtx = true }, Path, Path)).ToList();
        var viewers = Enumerable.Range(0, 4)
            .Select(i => meeting.Join($"viewer{i}", new ClientOptions { SendsVideo = false, SendsAudio = i == 0, AudioRtx = true, Seats = 2, Voices = 1 }, Path, i < 2 ? Lossy : Path))
            .ToList();
        viewers.Add(meeting.Join("bad", new ClientOptions { SendsVideo = false, SendsAudio = false, AudioNack = true, Seats = 2, Voices = 1 }, Path, Bad));
        viewers.Add(meeting.Join("mute", new ClientOptions { SendsVideo = false, SendsAudio = false, Seats = 2, Voices = 1 }, Path, Bad));
        var everybody = speakers.Concat(viewers).ToList();
        meeting.Clock.Every(TimeSpan.FromSeconds(1), () =>
        {
            foreach (var client in everybody) client.SendReceiverReport();
            return true;
        });
        meeting.Clock.Every(TimeSpan.FromSeconds(3), () =>
        {
            foreach (var viewer in viewers) viewer.SendPictureLoss(viewer.Video().Ssrc);
            return true;
        });
        foreach (var viewer in viewers) meeting.View(viewer, [.. speakers.Select(static speaker => new ViewItem(speaker.Name, SourceKind.Camera, 720))]);
        meeting.RunFor(20);

        AssertBudget(() => Measure(meeting, speakers, viewers));
    }

    /// <summary>
    /// Ten people with four seats and two audio-only slots each; three voices are forwarded and two or three speak, others every 2 s. One
    /// in two has no room for all that it wants, so speakers' pictures come first there.
    /// </summary>
    [Fact]
    public void A_meeting_in_which_the_floor_goes_round_allocates_what_is_told_and_nothing_else()
    {
        using var meeting = new SimulatedMeeting(seed: 72, new MediaServerOptions { LoudestVoices = 3 }, batching: true);
        var narrow = Path with { Rate = DataRate.FromKilobits(900), QueueBytes = 40_000 };
        var people = Enumerable.Range(0, 10)
            .Select(i => meeting.Join($"p{i}", new ClientOptions { Seats = 4, Voices = 2, DiscontinuousTransmission = true }, Path, i % 2 == 0 ? narrow : Path)).ToList();
        var turn = 0;
        meeting.Clock.Every(TimeSpan.FromSeconds(2), () =>
        {
            turn++;
            for (var i = 0; i < people.Count; i++) people[i].Opus.IsSpeaking = (i + (turn * 3)) % people.Count < 2 + (turn % 2);

            // Whoever has the floor is shown large, and first; one of them leaves the view to the server.
            var first = people.FindIndex(static person => person.Opus.IsSpeaking);
            foreach (var person in people.Skip(1))
            {
                meeting.View(person, [.. Enumerable.Range(0, 4).Select(step => new ViewItem(people[(first + step) % people.Count].Name, SourceKind.Camera, step == 0 ? 720 : 180))]);
            }

            return true;
        });
        meeting.RunFor(20);
        AssertBudget(() =>
        {
            var meter = meeting.Meter = new AllocationMeter();
            var from = meeting.Events.Count;
            meeting.RunFor(20);
            meeting.Meter = null;

            // Otherwise nothing would have been measured.
            var events = meeting.Events.Skip(from).ToList();
            Assert.InRange(events.OfType<MediaEvent.SpeakersChanged>().Count(), 20, 100);
            Assert.True(events.OfType<MediaEvent.SeatsChanged>().Count() >= 50, $"Only {events.OfType<MediaEvent.SeatsChanged>().Count()} changes of seats were told.");
            Assert.True(meter.Sent >= 20_000, $"Only {meter.Sent} datagrams were sent.");
            return meter;
        });
    }

    /// <summary>What costs memory costs it in every window; what the runtime takes once for itself (a method compiled anew) is warm-up.</summary>
    private static void AssertBudget(Func<AllocationMeter> measure)
    {
        var told = "";
        for (var window = 0; window < Windows; window++)
        {
            var meter = measure();
            told = string.Join("; ", Enum.GetValues<MeteredWork>().Select(work =>
                $"{work}: {meter.Bytes(work)} B in {meter.Operations(work)}, at most {meter.Worst(work)}"));
            told = $"{meter.Sent} datagrams, {meter.Told} messages; {told}";
            TestContext.Current.TestOutputHelper?.WriteLine(told);
            if (Enum.GetValues<MeteredWork>().All(work => meter.Bytes(work) <= Allowed(work, meter))) return;
        }

        Assert.Fail($"Over the budget in each of {Windows} windows: {told}");
    }

    /// <summary>Messages are told as time passes.</summary>
    private static double Allowed(MeteredWork work, AllocationMeter meter) =>
        (Budget[work.ToString()] * meter.Sent) + (work == MeteredWork.Time ? Budget[Message] * meter.Told : 0);

    /// <summary>Packets of sound that were sent to a viewer once more.</summary>
    private static long Again(SimulatedMeeting meeting, string viewer) =>
        meeting.Worker.Find(SimulatedMeeting.Room, viewer)!.Slots.Where(static slot => slot.Kind == Pendopo.Rtc.Rtp.MediaKind.Audio).Sum(static slot => slot.Retransmissions);

    /// <summary>Twenty seconds of the meeting, which must have had all that is to be measured.</summary>
    private static AllocationMeter Measure(SimulatedMeeting meeting, List<MediaClient> speakers, List<MediaClient> viewers)
    {
        var recovered = viewers.Sum(static viewer => viewer.Incoming.Sum(static stream => stream.Recovered));
        var pictureLosses = speakers.Sum(static speaker => speaker.PictureLossesReceived);
        var meter = meeting.Meter = new AllocationMeter();
        var (answered, repeated) = (Again(meeting, "bad"), Again(meeting, "mute"));
        meeting.RunFor(20);
        meeting.Meter = null;
        Assert.InRange(Again(meeting, "bad") - answered, 50, long.MaxValue);
        Assert.InRange(Again(meeting, "mute") - repeated, 500, long.MaxValue);

        // Otherwise nothing would have been measured.
        Assert.True(meter.Sent >= 20_000, $"Only {meter.Sent} datagrams were sent.");
        Assert.True(meter.Operations(MeteredWork.Reports) >= 1_000, $"Only {meter.Operations(MeteredWork.Reports)} RTCP packets came.");
        Assert.True(meter.Operations(MeteredWork.Path) >= 20, $"Only {meter.Operations(MeteredWork.Path)} connectivity checks came.");
        Assert.InRange(viewers.Sum(static viewer => viewer.Incoming.Sum(static stream => stream.Recovered)) - recovered, 100, int.MaxValue);
        Assert.InRange(speakers.Sum(static speaker => speaker.PictureLossesReceived) - pictureLosses, 4, int.MaxValue);
        return meter;
    }
}
