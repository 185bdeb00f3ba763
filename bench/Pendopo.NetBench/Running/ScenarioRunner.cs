using System.Diagnostics;
using System.Net;
using Pendopo.EndToEnd.Harness;
using Pendopo.NetBench.Scenarios;

namespace Pendopo.NetBench.Running;

/// <summary>Plays scenarios with running browsers on a running server.</summary>
internal sealed class ScenarioRunner(Browsers browsers, ServerProcess server, IPEndPoint media, int seed)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(30);

    /// <summary>How long the picture may take to its full size before the first phase begins without it.</summary>
    private static readonly TimeSpan WarmUpLimit = TimeSpan.FromSeconds(15);

    /// <summary>All receivers sit in one meeting and see the same sender, each through a network of its own.</summary>
    public async Task<IReadOnlyList<ScenarioResult>> RunAsync(Scenario scenario, IReadOnlyList<BrowserKind> receivers)
    {
        var seats = new List<Seat>();
        try
        {
            var link = server.Address + (await server.CreateBroadcastAsync().ConfigureAwait(false)).Path;
            var sender = await JoinAsync(scenario.Sender, link, "Sari", sends: true, 0).ConfigureAwait(false);
            seats.Add(sender);
            foreach (var kind in receivers) seats.Add(await JoinAsync(kind, link, $"Wayan {seats.Count}", sends: false, seats.Count).ConfigureAwait(false));
            await WarmUpAsync(seats).ConfigureAwait(false);
            return await PlayAsync(scenario, seats).ConfigureAwait(false);
        }
        finally
        {
            foreach (var seat in seats) await seat.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static double Now() => (DateTime.UtcNow - DateTime.UnixEpoch).TotalMilliseconds;

    /// <summary>Until everybody decodes, and then until the picture is whole or its time is over: a start is another measurement.</summary>
    private static async Task WarmUpAsync(List<Seat> seats)
    {
        var receivers = seats.Skip(1).ToList();
        await Wait.UntilAsync("every receiver decodes", JoinLimit, () => AllAsync(receivers, static seat => seat.Samples is [.., { Video.FramesDecoded: > 0, Audio.TotalSamplesReceived: > 0 }]),
            () => Task.FromResult(string.Join("; ", receivers.Select(static seat => seat.Describe())))).ConfigureAwait(false);
        var clock = Stopwatch.StartNew();
        await Wait.UntilAsync(
            "the picture is whole", WarmUpLimit + Interval,
            async () => await AllAsync(receivers, static seat => seat.Samples is [.., { Video.FrameHeight: >= 700 }]).ConfigureAwait(false) || clock.Elapsed >= WarmUpLimit).ConfigureAwait(false);
        foreach (var seat in seats)
        {
            seat.Relay.ClearLateness();
            seat.Relay.TakeCounters();
        }
    }

    private static async Task<bool> AllAsync(List<Seat> seats, Func<Seat, bool> condition)
    {
        foreach (var seat in seats) await seat.TakeSamplesAsync().ConfigureAwait(false);
        return seats.TrueForAll(seat => condition(seat));
    }

    private static async Task<IReadOnlyList<ScenarioResult>> PlayAsync(Scenario scenario, List<Seat> seats)
    {
        var ofSender = scenario.Impaired == Impaired.Sender;
        var impaired = ofSender ? seats.Take(1).ToList() : seats.Skip(1).ToList();
        var load = new MachineLoad();
        var spans = new List<PhaseSpan>();
        var last = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        foreach (var phase in scenario.Phases)
        {
            var start = Now();
            foreach (var seat in impaired) seat.Change(phase);
            while (Now() < start + phase.Duration.TotalMilliseconds)
            {
                await timer.WaitForNextTickAsync().ConfigureAwait(false);
                var elapsed = Stopwatch.GetElapsedTime(last);
                last = Stopwatch.GetTimestamp();
                foreach (var seat in impaired) seat.SamplePath(phase, ofSender, Now(), elapsed);
            }

            spans.Add(new(phase, start, Now()));
        }

        var busy = load.Read();
        foreach (var seat in seats)
        {
            await seat.TakeSamplesAsync().ConfigureAwait(false);
            if (seat.CheckRelay() is { } problem) throw new InvalidOperationException(problem);
        }

        return [.. seats.Skip(1).Select(seat => new ScenarioResult(
            scenario, seat.Kind, spans, seat.Samples, (ofSender ? seats[0] : seat).Path, seats[0].Samples, busy,
            seats.Max(static one => one.Relay.Lateness.P99Milliseconds), seats.Max(static one => one.Relay.Lateness.LongestMilliseconds)))];
    }

    private async Task<Seat> JoinAsync(BrowserKind kind, string link, string name, bool sends, int place)
    {
        var browser = await browsers.GetAsync(kind).ConfigureAwait(false);
        return await Seat.JoinAsync(browser, kind, link, name, sends, media, unchecked(seed * 131 + place)).ConfigureAwait(false);
    }
}
