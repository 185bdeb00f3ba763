using System.Text.Json;
using Pendopo.Rtc;
using Pendopo.Testing;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>
/// A meeting in which everything happens that a media worker does all the time: sound and picture of three layers, loss that
/// NACKs and RTX repair, key-frame requests, transport feedback both ways, reports, probes, timers. <c>allocation-budget.json</c>
/// tells how many bytes each kind of work may allocate for each datagram that is sent, once it is warm.
/// </summary>
[Collection(nameof(MeasuringCollection))]
public sealed class AllocationBudgetTests
{
    private const int Windows = 3;

    private static readonly LinkOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10), Rate = DataRate.FromKilobits(6000), QueueBytes = 100_000 };
    private static readonly LinkOptions Lossy = Path with { Loss = 0.03, Reordering = 0.01 };

    private static readonly Dictionary<string, double> Budget =
        JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(System.IO.Path.Combine(Repository.Root, "tests", "Pendopo.Sfu.Tests", "allocation-budget.json")))!;

    [Fact]
    public void Every_kind_of_work_has_a_budget() => Assert.Equal(Enum.GetNames<MeteredWork>().Order(), Budget.Keys.Order());

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

        // What costs memory costs it in every window; what the runtime takes once for itself (a method compiled anew) is warm-up.
        var told = "";
        for (var window = 0; window < Windows; window++)
        {
            var meter = Measure(meeting, speakers, viewers);
            told = string.Join("; ", Enum.GetValues<MeteredWork>().Select(work =>
                $"{work}: {meter.Bytes(work)} B in {meter.Operations(work)}, at most {meter.Worst(work)}"));
            TestContext.Current.TestOutputHelper?.WriteLine($"{meter.Sent} datagrams; {told}");
            if (Enum.GetValues<MeteredWork>().All(work => meter.Bytes(work) <= Budget[work.ToString()] * meter.Sent)) return;
        }

        Assert.Fail($"Over the budget in each of {Windows} windows: {told}");
    }

    /// <summary>Twenty seconds of the meeting, which must have had all that is to be measured.</summary>
    private static AllocationMeter Measure(SimulatedMeeting meeting, List<MediaClient> speakers, List<MediaClient> viewers)
    {
        var recovered = viewers.Sum(static viewer => viewer.Incoming.Sum(static stream => stream.Recovered));
        var pictureLosses = speakers.Sum(static speaker => speaker.PictureLossesReceived);
        var meter = meeting.Meter = new AllocationMeter();
        meeting.RunFor(20);
        meeting.Meter = null;

        // Otherwise nothing would have been measured.
        Assert.True(meter.Sent >= 20_000, $"Only {meter.Sent} datagrams were sent.");
        Assert.True(meter.Operations(MeteredWork.Reports) >= 1_000, $"Only {meter.Operations(MeteredWork.Reports)} RTCP packets came.");
        Assert.True(meter.Operations(MeteredWork.Path) >= 20, $"Only {meter.Operations(MeteredWork.Path)} connectivity checks came.");
        Assert.InRange(viewers.Sum(static viewer => viewer.Incoming.Sum(static stream => stream.Recovered)) - recovered, 100, int.MaxValue);
        Assert.InRange(speakers.Sum(static speaker => speaker.PictureLossesReceived) - pictureLosses, 4, int.MaxValue);
        return meter;
    }
}
