using System.Diagnostics;
using Pendopo.Load.Clients;
using Pendopo.Load.Servers;
using Pendopo.Rtc;
using Pendopo.Rtc.Srtp;
using Pendopo.Testing.Media;

namespace Pendopo.Load.Scenarios;

/// <summary>One publisher, many receivers, as WHIP and WHEP have it.</summary>
internal sealed record BroadcastScenario
{
    /// <summary>Receivers that join before the others: they pay in memory and time for what the server does only once.</summary>
    private const int Pioneers = 4;

    /// <summary>Receivers that are decrypted whole and judged.</summary>
    private const int Sampled = 2;

    /// <summary>Joins under way at one moment: enough to keep both sides busy, few enough that a join is not a queue.</summary>
    private const int Joiners = 4;

    /// <summary>For the memory before the joins to be the server's own.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(700);

    public required int Subscribers { get; init; }

    public required Burst Burst { get; init; }

    public required DataRate VideoRate { get; init; }

    public required TimeSpan WarmUp { get; init; }

    public required TimeSpan Length { get; init; }

    public required SrtpProfile Profile { get; init; }

    public required bool SendsFeedback { get; init; }

    /// <summary>Names the run in the report, where it is not the usual one.</summary>
    public string? Title { get; init; }

    public string Name => Title ?? $"broadcast, {(Burst == Burst.Frame ? "whole frames" : "3 packets per 5 ms")}";

    public async Task<Measurement> RunAsync(Func<Task<IServer>> start)
    {
        await using var server = await start();
        using var session = new LoadSession(Profile, SendsFeedback);
        await server.PublishAsync(session, Source);
        await Task.Delay(Settle);
        await JoinAsync(server, session, 0, Pioneers);
        var memory = server.Process.ResidentBytes;
        var joins = await JoinAsync(server, session, Pioneers, Subscribers);
        var window = new Window(server, session, Length);
        await window.SettleAsync(WarmUp);
        var result = await window.MeasureAsync(Name, Subscribers, Subscribers);
        return result with
        {
            JoinP50 = Percentile(joins, 50),
            JoinP99 = Percentile(joins, 99),
            KilobytesPerReceiver = (server.Process.ResidentBytes - memory) / 1000.0 / (Subscribers - Pioneers),
        };
    }

    internal static double Percentile(IReadOnlyList<double> values, double percent)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(sorted.Count * percent / 100) - 1)];
    }

    private SourceOptions Source(uint audioSsrc, uint videoSsrc) => new()
    {
        AudioSsrc = audioSsrc,
        Layers = [new Vp8Layer("", videoSsrc, 1280, 720, VideoRate)],
        Burst = Burst,
        Seed = 7,
    };

    /// <summary>Milliseconds from the offer to the first packet of media, by receiver.</summary>
    private static async Task<IReadOnlyList<double>> JoinAsync(IServer server, LoadSession session, int from, int to)
    {
        var times = new double[to - from];
        await Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = Joiners }, async (index, cancellation) =>
        {
            var watch = Stopwatch.StartNew();
            var client = await server.SubscribeAsync(session, index);
            if (index < Sampled) await session.Loop.InvokeAsync(() =>
            {
                client.Sink!.Sample();
                return true;
            });
            await client.FirstMedia.WaitAsync(TimeSpan.FromSeconds(30), cancellation);
            times[index - from] = watch.Elapsed.TotalMilliseconds;
        });
        return times;
    }
}
