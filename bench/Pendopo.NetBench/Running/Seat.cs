using System.Globalization;
using System.Net;
using Pendopo.EndToEnd.Harness;
using Pendopo.NetBench.Measuring;
using Pendopo.NetBench.Relay;
using Pendopo.NetBench.Scenarios;

namespace Pendopo.NetBench.Running;

/// <summary>One browser in a meeting with the network between it and the server.</summary>
internal sealed class Seat : IAsyncDisposable
{
    private static readonly string Sampler = ReadSampler();
    private static readonly TimeSpan PageLimit = TimeSpan.FromSeconds(30);
    private readonly List<Sample> _samples = [];
    private readonly List<PathSample> _path = [];

    private Seat(string name, BrowserKind kind, IBrowserPage page, UdpRelay relay) => (Name, Kind, Page, Relay) = (name, kind, page, relay);

    public string Name { get; }

    public BrowserKind Kind { get; }

    public UdpRelay Relay { get; }

    public IReadOnlyList<Sample> Samples => _samples;

    /// <summary>The direction of the path that the scenario impairs: the downlink of a receiver, the uplink of a sender.</summary>
    public IReadOnlyList<PathSample> Path => _path;

    private IBrowserPage Page { get; }

    /// <summary>Opens a page whose media go through a relay of its own, and joins.</summary>
    /// <param name="sends">Without, camera and microphone are switched off at the door: encoders would take the machine's time.</param>
    public static async Task<Seat> JoinAsync(IBrowser browser, BrowserKind kind, string link, string name, bool sends, IPEndPoint server, int seed)
    {
        var relay = new UdpRelay(server.Address, OutsideAddresses.WiFi, server, ScenarioCatalog.GoodLink, ScenarioCatalog.GoodLink, seed);
        var script = Sampler.Replace("/*relayPort*/0", relay.Address.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var page = await browser.OpenAsync(name, new PageOptions { Script = script, ReducedMotion = true }).ConfigureAwait(false);
        var seat = new Seat(name, kind, page, relay);
        await page.GoToAsync(link).ConfigureAwait(false);
        await page.WaitForAsync("prejoin-name", PageLimit).ConfigureAwait(false);
        if (!sends)
        {
            await page.ClickAsync("prejoin-camera").ConfigureAwait(false);
            await page.ClickAsync("prejoin-mic").ConfigureAwait(false);
        }

        await page.FillAsync("prejoin-name", name).ConfigureAwait(false);
        await page.ClickAsync("prejoin-join").ConfigureAwait(false);
        await page.WaitForAsync("room-leave", PageLimit).ConfigureAwait(false);

        // The speaker large: in the grid the small tiles of few people want no full picture.
        if (!sends) await page.ClickAsync("room-layout").ConfigureAwait(false);
        return seat;
    }

    public void Change(Phase phase)
    {
        Relay.Change(phase.Uplink, phase.Downlink);
        if (phase.Event == NetworkEvent.Outage) Relay.Interrupt(TimeSpan.FromSeconds(2));
        if (phase.Event == NetworkEvent.Rebind) Relay.Rebind(OutsideAddresses.Mobile);
    }

    /// <summary>Writes down what the path did since the last call.</summary>
    public void SamplePath(Phase phase, bool uplink, double now, TimeSpan elapsed)
    {
        var (up, down) = Relay.TakeCounters();
        var counters = uplink ? up : down;
        var rate = (uplink ? phase.Uplink : phase.Downlink).Rate;
        _path.Add(new(
            now, rate.Kilobits, counters.Offered, counters.OfferedBytes * 8 / elapsed.TotalMilliseconds, counters.Lost, counters.QueueDrops,
            counters.MeanWaitMilliseconds, counters.LongestWait.TotalMilliseconds));
    }

    /// <summary>Fetches the samples that the page has taken since the last call.</summary>
    public async Task TakeSamplesAsync() =>
        _samples.AddRange(Sample.Parse(await Page.EvaluateAsync("() => window.__netbench.take()").ConfigureAwait(false)));

    /// <summary>The latest counters, for messages.</summary>
    public string Describe() => _samples.Count == 0
        ? $"{Page.Name}: no samples, {Relay.Flows} flows"
        : $"{Page.Name}: {_samples[^1].State}, {Relay.Flows} flows, {_samples[^1].Video} {_samples[^1].Audio}";

    public Task ScreenshotAsync(string path) => Page.ScreenshotAsync(path);

    /// <summary>Says what is wrong with the set-up, or null: media that pass the relay by would make every measurement a lie.</summary>
    public string? CheckRelay()
    {
        if (Relay.Flows == 0) return $"{Page.Name} sent nothing through its relay.";
        var port = _samples.LastOrDefault(sample => sample.RemotePort is not null)?.RemotePort;
        return port is not null && port != Relay.Address.Port ? $"{Page.Name} uses port {port}, not its relay's {Relay.Address.Port}." : null;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Page.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            Relay.Dispose();
        }
    }

    private static string ReadSampler()
    {
        using var stream = typeof(Seat).Assembly.GetManifestResourceStream("sampler.js") ?? throw new InvalidOperationException("sampler.js is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
