using System.Diagnostics;
using Pendopo.Load.Clients;
using Pendopo.Load.Network;
using Pendopo.Load.Servers;
using Pendopo.Rtc;
using Pendopo.Rtc.Srtp;
using Pendopo.Sfu;
using Pendopo.Testing.Media;

namespace Pendopo.Load.Scenarios;

/// <summary>
/// A full meeting: everybody sends three encodings and sound with DTX, five speak at a time, and everybody sees others in small
/// tiles, so the lowest encoding of each.
/// </summary>
internal sealed record MeetingScenario
{
    private const int Speakers = 5;
    private const int Sampled = 1;

    /// <summary>Lines of a tile in a grid of 25; asks for the lowest encoding.</summary>
    private const int TileHeight = 180;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(4);

    /// <summary>An estimate that starts at 2.5 Mb/s has to be probed up to what 25 tiles cost.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public required int Participants { get; init; }

    public int Seats { get; init; } = 25;

    public int Voices { get; init; } = 5;

    public required TimeSpan WarmUp { get; init; }

    public required TimeSpan Length { get; init; }

    public required SrtpProfile Profile { get; init; }

    public required bool SendsFeedback { get; init; }

    private int Shown => Math.Min(Seats, Participants - 1);

    public async Task<Measurement> RunAsync(Func<Task<PendopoServer>> start)
    {
        await using var server = await start();
        using var session = new LoadSession(Profile, SendsFeedback);
        var memory = server.Process.ResidentBytes;
        var joins = await JoinAsync(server, session);
        for (var i = 0; i < Participants; i++) await server.SetViewAsync(PendopoServer.Participant(i), View(i));
        var shown = await WaitForPicturesAsync(session);
        var window = new Window(server, session, Length);
        await window.SettleAsync(WarmUp);
        var result = await window.MeasureAsync($"meeting {Participants} × {Seats}", Participants, fanOut: 0);
        result.Notes.Add($"{shown.Streams} of {Participants * Shown} tiles showed a picture after {shown.Seconds:F1} s.");
        return result with
        {
            JoinP50 = BroadcastScenario.Percentile(joins, 50),
            JoinP99 = BroadcastScenario.Percentile(joins, 99),
            KilobytesPerReceiver = (server.Process.ResidentBytes - memory) / 1000.0 / Participants,
        };
    }

    private async Task<IReadOnlyList<double>> JoinAsync(PendopoServer server, LoadSession session)
    {
        var shape = new OfferShape { Sends = true, Rids = ["q", "h", "f"], Seats = Seats, Voices = Voices, TransportWideCc = SendsFeedback };
        var times = new double[Participants];
        for (var i = 0; i < Participants; i++)
        {
            var index = i;
            var watch = Stopwatch.StartNew();
            var client = await server.ParticipateAsync(session, index, shape, (audio, video) => Source(index, audio, video));
            times[i] = watch.Elapsed.TotalMilliseconds;
            if (index < Sampled) await session.Loop.InvokeAsync(() =>
            {
                client.Sink!.Sample();
                return true;
            });
        }

        return times;
    }

    /// <summary>Those who follow in the circle.</summary>
    private List<ViewItem> View(int index) =>
        [.. Enumerable.Range(1, Shown).Select(step => new ViewItem(PendopoServer.Participant((index + step) % Participants), SourceKind.Camera, TileHeight))];

    private SourceOptions Source(int index, uint audioSsrc, uint videoSsrc) => new()
    {
        AudioSsrc = audioSsrc,
        Layers =
        [
            new Vp8Layer("q", videoSsrc, 320, 180, DataRate.FromKilobits(150)),
            new Vp8Layer("h", videoSsrc + 1, 640, 360, DataRate.FromKilobits(500)),
            new Vp8Layer("f", videoSsrc + 2, 1280, 720, DataRate.FromKilobits(1500)),
        ],
        Seed = 100 * index,
        Phase = TimeSpan.FromSeconds(index / 30.0 / Participants),
        IsSpeaking = () => IsSpeaking(index),
    };

    /// <summary>The floor goes round: five neighbours have it for a turn.</summary>
    private bool IsSpeaking(int index)
    {
        var turn = (int)(Clock.Now.Ticks / Turn.Ticks);
        return (index - (turn * Speakers % Participants) + Participants) % Participants < Speakers;
    }

    /// <summary>Until every tile shows a picture, or patience is over; how many do, and after what time.</summary>
    private async Task<(int Streams, double Seconds)> WaitForPicturesAsync(LoadSession session)
    {
        var watch = Stopwatch.StartNew();
        int streams;
        do
        {
            var before = await CountAsync();
            await Task.Delay(1000);
            var after = await CountAsync();
            streams = after.Zip(before).Count(static pair => pair.First > pair.Second);
        }
        while (streams < Participants * Shown && watch.Elapsed < Patience);

        return (streams, watch.Elapsed.TotalSeconds);

        Task<List<long>> CountAsync() => session.Loop.InvokeAsync(() =>
            session.Loop.Clients.SelectMany(static client => client.Sink?.Streams ?? []).Where(static stream => stream.IsVideo).Select(static stream => stream.Received).ToList());
    }
}
