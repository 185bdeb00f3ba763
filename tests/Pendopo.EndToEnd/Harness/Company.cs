using System.Text;

namespace Pendopo.EndToEnd.Harness;

/// <summary>The people of one encrypted meeting, the host first, and what must hold between them.</summary>
internal sealed class Company(Browsers browsers) : IAsyncDisposable
{
    /// <summary>Frames per second that a remote camera must reach on every screen.</summary>
    public const double FrameRate = 10;

    private static readonly TimeSpan Span = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Spans in which everybody must have come to full rate. Browsers that begin to encode, encrypt and decode at once on two cores may stall for a
    /// second; who stalls in the second span too does not because of the beginning.
    /// </summary>
    private const int Windows = 2;

    private readonly List<Participant> _people = [];

    public IReadOnlyList<Participant> People => _people;

    public Participant Host => _people[0];

    /// <summary>The whole link, fragment included.</summary>
    public string Link { get; private set; } = "";

    /// <summary>Somebody starts the meeting and enters it.</summary>
    public async Task<Participant> FoundAsync(ServerProcess server, string name, params string[] videoCodecs)
    {
        var host = await Participant.FoundAsync(browsers, server, name, videoCodecs).ConfigureAwait(false);
        return await BeginAsync(host).ConfigureAwait(false);
    }

    /// <summary>The host, who has given a name, enters.</summary>
    public async Task<Participant> BeginAsync(Participant host)
    {
        _people.Add(host);
        Link = await host.LinkAsync().ConfigureAwait(false);
        await host.KnockAsync().ConfigureAwait(false);
        await host.WaitForRoomAsync().ConfigureAwait(false);
        return host;
    }

    /// <summary>Somebody comes by the link, knocks, and is let in by the host.</summary>
    public async Task<Participant> JoinAsync(BrowserKind kind, string name, PageOptions? options = null)
    {
        var guest = await Participant.OpenAsync(browsers, kind, Link, name, options).ConfigureAwait(false);
        await EnterAsync(guest).ConfigureAwait(false);
        return guest;
    }

    /// <summary>Who has opened the link knocks and is let in.</summary>
    public async Task EnterAsync(Participant guest)
    {
        await guest.KnockAsync().ConfigureAwait(false);
        await EnterKnockingAsync(guest).ConfigureAwait(false);
    }

    /// <summary>Who knocks already is let in.</summary>
    public async Task EnterKnockingAsync(Participant guest)
    {
        _people.Add(guest);
        await Host.AdmitAsync().ConfigureAwait(false);
        await guest.WaitForRoomAsync().ConfigureAwait(false);
    }

    /// <summary>Who comes in by other ways is counted from now on.</summary>
    public void Add(Participant participant) => _people.Add(participant);

    /// <summary>Who has left is no longer counted; the page stays.</summary>
    public void Remove(Participant participant) => _people.Remove(participant);

    /// <summary>Everybody's badge says that the meeting is encrypted, and the three counts are those of the people.</summary>
    public Task WaitUntilAllAreEncryptedAsync(TimeSpan limit) => Wait.UntilAsync(
        $"all {_people.Count} badges say that the meeting is encrypted", limit,
        async () =>
        {
            foreach (var participant in _people)
            {
                if (await participant.BadgeAsync().ConfigureAwait(false) != "encrypted") return false;
                var counter = await participant.Page.EvaluateAsync(
                    "async () => { const { counter } = (await window.__pendopo.stats()).encryption; return [counter.present, counter.keys, counter.receivers]; }").ConfigureAwait(false);
                if (counter.EnumerateArray().Any(number => number.GetInt32() != _people.Count)) return false;
            }

            return true;
        },
        async () =>
        {
            var text = new StringBuilder();
            foreach (var participant in _people)
            {
                text.AppendLine().Append(participant.Name).Append(": ").Append(await participant.BadgeAsync().ConfigureAwait(false)).Append(' ')
                    .Append(await participant.Page.EvaluateAsync("async () => JSON.stringify((await window.__pendopo.stats())?.encryption ?? null)").ConfigureAwait(false));
            }

            return text.AppendLine().Append(Log.Take()).ToString();
        });

    /// <summary>Waits until each decodes a frame of every other, and sound has energy.</summary>
    public Task<TimeSpan> WaitUntilAllSeeAndHearAllAsync(TimeSpan limit) =>
        Wait.UntilAsync($"all {_people.Count} see and hear each other", limit, EveryoneAsync, DescribeAsync);

    /// <summary>
    /// Waits for all, then measures: every remote video ≥ 10 frames per second, every remote sound growing in energy, in one of the first
    /// <see cref="Windows"/> spans. Where the first does not do, the test's output says what was missing.
    /// </summary>
    public async Task AssertAllSeeAndHearAllAsync(TimeSpan limit)
    {
        await WaitUntilAllSeeAndHearAllAsync(limit).ConfigureAwait(false);
        for (var window = 1; ; window++)
        {
            var faults = await MeasureAsync().ConfigureAwait(false);
            if (faults.Length == 0) return;
            if (window == Windows) Assert.Fail($"{faults}{await DescribeAsync().ConfigureAwait(false)}");
            TestContext.Current.TestOutputHelper?.WriteLine($"Not at full rate {window * Span.TotalSeconds:0} s after all were seen and heard: {faults}");
        }
    }

    /// <summary>What is missing in one span; empty: nothing.</summary>
    private async Task<string> MeasureAsync()
    {
        var before = await SampleAsync().ConfigureAwait(false);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Wait.MeasureForAsync(Span).ConfigureAwait(false);
        var after = await SampleAsync().ConfigureAwait(false);
        var seconds = clock.Elapsed.TotalSeconds;

        var faults = new StringBuilder();
        var others = _people.Count - 1;
        foreach (var (participant, first, last) in _people.Zip(before, after))
        {
            var rates = Growth(first.Video, last.Video, stream => stream.FramesDecoded / seconds);
            var energies = Growth(first.Audio, last.Audio, stream => stream.TotalAudioEnergy);
            var seen = rates.Count(rate => rate >= FrameRate);
            var heard = energies.Count(energy => energy > 0);
            if (seen < others) faults.AppendLine($"{participant.Name} sees {seen} of {others}: frames/s {string.Join(", ", rates.Select(rate => $"{rate:0.0}"))}");
            if (heard < others) faults.AppendLine($"{participant.Name} hears {heard} of {others}: energy {string.Join(", ", energies)}");
        }

        return faults.ToString();
    }

    /// <summary>The names of the codecs that anybody receives video in.</summary>
    public async Task<IReadOnlyCollection<string?>> VideoCodecsAsync() =>
        [.. (await SampleAsync().ConfigureAwait(false)).SelectMany(stats => stats.Video).Select(stream => stream.Codec).Distinct()];

    public async Task<IReadOnlyCollection<string?>> ProtocolsAsync() =>
        [.. (await SampleAsync().ConfigureAwait(false)).Select(stats => stats.Protocol).Distinct()];

    public async ValueTask DisposeAsync()
    {
        foreach (var participant in _people) await participant.DisposeAsync().ConfigureAwait(false);
    }

    private static IReadOnlyList<double> Growth(IEnumerable<InboundStats> first, IEnumerable<InboundStats> last, Func<InboundStats, double> value) =>
        [.. last.Select(stream => value(stream) - (first.FirstOrDefault(earlier => earlier.Mid == stream.Mid) is { } earlier ? value(earlier) : 0))];

    private async Task<bool> EveryoneAsync()
    {
        foreach (var participant in _people)
        {
            if (await participant.Page.StatsAsync().ConfigureAwait(false) is not { } stats) return false;
            if (stats.Video.Count(stream => stream.FramesDecoded > 0) < _people.Count - 1) return false;
            if (stats.Audio.Count(stream => stream.TotalAudioEnergy > 0) < _people.Count - 1) return false;
        }

        return true;
    }

    private async Task<IReadOnlyList<PeerStats>> SampleAsync()
    {
        var all = new List<PeerStats>();
        foreach (var participant in _people)
        {
            var stats = await participant.Page.StatsAsync().ConfigureAwait(false);
            Assert.True(stats is not null, $"{participant.Name} has no peer connection.");
            all.Add(stats);
        }

        return all;
    }

    private async Task<string> DescribeAsync()
    {
        var text = new StringBuilder();
        foreach (var participant in _people)
        {
            var stats = await participant.Page.StatsAsync().ConfigureAwait(false);
            text.AppendLine().Append(participant.Name).Append(": ").Append(stats?.State).Append(' ').Append(stats?.Protocol)
                .Append(" in: ").AppendJoin("; ", stats?.Inbound.Select(stream => stream.ToString()) ?? [])
                .Append(" out: ").AppendJoin("; ", stats?.Outbound.Select(stream => stream.ToString()) ?? []);
        }

        return text.AppendLine().Append(Log.Take()).ToString();
    }
}
