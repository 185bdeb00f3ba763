using Pendopo.Load.Clients;
using Pendopo.Load.Servers;

namespace Pendopo.Load.Scenarios;

/// <summary>Measures a server under a load that already runs: matches streams for latency, waits, and takes differences.</summary>
internal sealed class Window(IServer server, LoadSession session, TimeSpan length)
{
    private const int SettleSeconds = 15;
    private const int LeastSeconds = 3;
    private const int QuietSeconds = 3;
    private const long QuietNanoseconds = 12_000_000;

    /// <summary>What the kernel's thread may do before a result is marked.</summary>
    private const double KernelShare = 0.03;

    /// <summary>What the compiler may do before a result is marked.</summary>
    private const double CompilationShare = 0.03;

    private static readonly TimeSpan MatchPatience = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Lets a server come to its steady state: at least the given time, and where it has a just-in-time compiler until that has been
    /// quiet for three seconds. Its last tier comes some seconds after the load and takes half a second of CPU once in a process's life.
    /// </summary>
    public async Task SettleAsync(TimeSpan least)
    {
        session.Loop.IsJoining = false;
        await Task.Delay(least);
        if (server.Process.CompilerNanoseconds is not { } before) return;
        var quiet = 0;
        for (var second = 0; second < SettleSeconds && quiet < QuietSeconds; second++)
        {
            await Task.Delay(1000);
            var now = server.Process.CompilerNanoseconds ?? before;
            quiet = now - before < QuietNanoseconds && second >= LeastSeconds ? quiet + 1 : 0;
            before = now;
        }
    }

    /// <param name="scenario">As the report names it.</param>
    /// <param name="receivers">Clients that receive.</param>
    /// <param name="fanOut">How many of the receivers get each packet; 0 where that varies.</param>
    public async Task<Measurement> MeasureAsync(string scenario, int receivers, int fanOut)
    {
        session.Loop.IsJoining = false;
        var unmatched = await MatchAsync();
        await server.ReadStatisticsAsync(); // forgets the worst pause of the joins
        var statistics = await server.ReadStatisticsAsync();
        await session.Loop.InvokeAsync(() =>
        {
            session.Latency.Clear();
            foreach (var client in session.Loop.Clients) client.Source?.TakeWorstDelay();
            return true;
        });
        var compilation = server.Process.CompilerNanoseconds ?? 0;
        var kernel = server.Process.KernelThread.CpuNanoseconds;
        var before = await Snapshot.TakeAsync(session, server.Process);
        await Task.Delay(length);
        var difference = await Snapshot.TakeAsync(session, server.Process) - before;
        kernel = server.Process.KernelThread.CpuNanoseconds - kernel;
        var after = await server.ReadStatisticsAsync();
        var latency = await session.Loop.InvokeAsync(() =>
            (P50: session.Latency.Percentile(50), P99: session.Latency.Percentile(99), P999: session.Latency.Percentile(99.9), session.Latency.Count, session.Latency.Impossible,
                Delay: session.Loop.Clients.Max(static client => client.Source?.TakeWorstDelay().TotalMilliseconds ?? 0)));
        await MatchAsync();
        var judged = await session.Loop.InvokeAsync(Judge);

        var seconds = difference.At / 1e9;
        var result = new Measurement
        {
            Column = server.Name,
            Scenario = scenario,
            Receivers = receivers,
            Profile = session.Loop.Clients.Select(static client => client.Connection.Profile).FirstOrDefault(static profile => profile is not null),
            Seconds = seconds,
            SentPerSecond = difference.Sent / seconds,
            ForwardedPerSecond = difference.Received / seconds,
            MegabitsPerSecond = difference.Bytes * 8 / 1e6 / seconds,
            NanosecondsPerPacket = (double)difference.ServerCpu / Math.Max(1, difference.Received),
            ServerCores = (double)difference.ServerCpu / difference.At,
            GeneratorCores = (double)difference.GeneratorCpu / difference.At,
            Loss = difference.Expected == 0 ? 1 : Math.Max(0, 1 - ((double)difference.Received / difference.Expected)),
            Delivery = fanOut == 0 ? 0 : (double)difference.Received / Math.Max(1, difference.Sent * fanOut),
            LatencyP50 = latency.P50,
            LatencyP99 = latency.P99,
            LatencyP999 = latency.P999,
            LatencySamples = latency.Count,
            AllocatedPerPacket = after is null ? null : (double)(after.AllocatedBytes - statistics!.AllocatedBytes) / Math.Max(1, difference.Received),
            Collections = after?.Collections - statistics?.Collections,
            PauseMilliseconds = after?.PauseMilliseconds - statistics?.PauseMilliseconds,
            WorstPauseMilliseconds = after?.WorstPauseMilliseconds,
            Verified = judged.Verified,
            Corrupt = judged.Corrupt,
            DecodedFrames = judged.Decoded,
            SkippedFrames = judged.Skipped,
            OtherPerSecond = difference.Other / seconds,
            FeedbackPerSecond = difference.Rtcp / seconds,
            WorstSendDelay = latency.Delay,
        };
        if (kernel > difference.ServerCpu * KernelShare) result.Notes.Add($"ksoftirqd took over {(double)kernel / difference.ServerCpu:P0} of the server's time beside.");
        compilation = (server.Process.CompilerNanoseconds ?? 0) - compilation;
        if (compilation > difference.ServerCpu * CompilationShare) result.Notes.Add($"The just-in-time compiler took {(double)compilation / difference.ServerCpu:P0} of the server's time.");
        if (judged.Renumbered > 0) result.Notes.Add($"{judged.Renumbered} streams changed their origin or numbering, which blurs the latencies.");
        if (after is not null && after.Pauses > statistics!.Pauses) result.Notes.Add("Pictures were paused for want of bandwidth.");
        Note(result, unmatched, difference, latency.Impossible, after);
        return result;
    }

    private void Note(Measurement result, int unmatched, Snapshot difference, long impossible, Host.HostStatistics? after)
    {
        if (unmatched > 0) result.Notes.Add($"{unmatched} streams could not be matched; their packets have no latency.");
        if (difference.SendFailures > 0) result.Notes.Add($"The kernel refused {difference.SendFailures} packets of the senders.");
        if (difference.Duplicates > 0) result.Notes.Add($"{difference.Duplicates} packets came twice.");
        if (impossible > 0) result.Notes.Add($"{impossible} packets arrived before they were sent: the clock was set.");
        if (result.GeneratorCores > 0.9) result.Notes.Add("The generator was the bottleneck.");
        if (result.Delivery is > 0 and < 0.98) result.Notes.Add($"Only {result.Delivery:P1} of the packets were forwarded.");
        if (after is { Failures: > 0 }) result.Notes.Add($"{after.Failures} peers were lost.");
        foreach (var failure in session.Failures.Take(3)) result.Notes.Add(failure);
    }

    /// <summary>Lets each stream be matched with what is sent; returns how many did not come to it.</summary>
    private async Task<int> MatchAsync()
    {
        await session.Loop.InvokeAsync(() =>
        {
            foreach (var stream in Streams()) stream.WantsMatch = stream.IsVideo;
            return true;
        });
        var deadline = DateTime.UtcNow + MatchPatience;
        int missing;
        do
        {
            await Task.Delay(100);
            missing = await session.Loop.InvokeAsync(() => Streams().Count(static stream => stream.WantsMatch && stream.Received > 0));
        }
        while (missing > 0 && DateTime.UtcNow < deadline);

        await session.Loop.InvokeAsync(() =>
        {
            foreach (var stream in Streams()) stream.WantsMatch = false;
            return true;
        });
        return missing;
    }

    private IEnumerable<ReceivedStream> Streams() => session.Loop.Clients.SelectMany(static client => client.Sink?.Streams ?? []);

    private (long Verified, long Corrupt, long Decoded, long Skipped, int Renumbered) Judge()
    {
        var (verified, corrupt, decoded, skipped, renumbered) = (0L, 0L, 0L, 0L, 0);
        foreach (var stream in Streams())
        {
            verified += stream.Verified;
            corrupt += stream.Corrupt + (stream.Pictures?.CorruptPackets ?? 0);
            decoded += stream.Pictures?.Decoded.Count ?? 0;
            skipped += stream.Pictures?.SkippedFrames ?? 0;
            renumbered += stream.Rematches;
        }

        return (verified, corrupt, decoded, skipped, renumbered);
    }
}
