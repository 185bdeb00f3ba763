using Pendopo.Rtc;
using Pendopo.Rtc.Congestion;
using Pendopo.Sfu.Forwarding;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>
/// A viewer behind a line that is to be judged, and people with cameras and microphones on good lines. Every 50 ms of virtual time
/// the estimate, the line and its queue are looked at; pictures and sounds are judged by what the viewer got.
/// </summary>
internal sealed class NetworkScenario : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>The lines that are not judged: a fast access in the same country.</summary>
    private static readonly LinkOptions Good = new() { Delay = TimeSpan.FromMilliseconds(10) };

    private readonly List<Sample> _samples = [];
    private readonly string _name;

    public NetworkScenario(int seed, LinkOptions downlink, int senders = 3, LinkOptions? uplink = null, ClientOptions? sender = null, ClientOptions? viewer = null, double startKilobits = 2500, [System.Runtime.CompilerServices.CallerMemberName] string name = "")
    {
        _name = name;
        Meeting = new SimulatedMeeting(seed, new MediaServerOptions { StartRate = DataRate.FromKilobits(startKilobits) });
        var options = sender ?? new ClientOptions { Seats = 0, AudioRtx = true };

        // One speaks; the microphones of the others are muted, as in most meetings.
        Senders = [.. Enumerable.Range(0, senders).Select(i => Meeting.Join($"sender{i}", i == 0 ? options : options with { SendsAudio = false }, Good, Good))];
        Meeting.RunFor(1);
        uplink ??= new LinkOptions { Delay = downlink.Delay };
        var roundTrip = Good.Delay + downlink.Delay + uplink.Delay + TimeSpan.FromMilliseconds(10);
        viewer ??= new ClientOptions { AudioRtx = true };
        Viewer = Meeting.Join("viewer", viewer with { SendsAudio = false, SendsVideo = false, Seats = senders, RoundTrip = roundTrip }, uplink, downlink);
        Start = Meeting.Now;
    }

    public SimulatedMeeting Meeting { get; }

    public IReadOnlyList<MediaClient> Senders { get; }

    public MediaClient Viewer { get; }

    public Instant Start { get; }

    public Instant Now => Meeting.Now;

    public MediaPeer Peer => Meeting.Worker.Find(SimulatedMeeting.Room, Viewer.Name)!;

    public BandwidthEstimator Estimator => Peer.Estimator;

    public SimulatedLink Downlink => Meeting.Endpoint(Viewer).Downlink;

    /// <summary>A line of that rate whose queue holds three tenths of a second, as home routers do at the least.</summary>
    public static LinkOptions Line(double kilobits, double delayMilliseconds = 20) => new()
    {
        Rate = DataRate.FromKilobits(kilobits),
        QueueBytes = Math.Max(6000, (int)(kilobits * 1000 / 8 * 0.3)),
        Delay = TimeSpan.FromMilliseconds(delayMilliseconds),
    };

    /// <summary>Changes the viewer's line; returns the moment.</summary>
    public Instant Change(LinkOptions downlink)
    {
        Downlink.Options = downlink;
        return Now;
    }

    public void Run(double seconds)
    {
        for (var end = Now + TimeSpan.FromSeconds(seconds); Now < end;)
        {
            Meeting.Clock.RunFor(Step);
            _samples.Add(new(Now, Downlink.Options.Rate, Estimator.Estimate, Downlink.QueueDelay(Now), Downlink.OfferedBytes));
        }
    }

    /// <summary>Seconds from a moment until the estimate first lies at or above that rate; infinite if it never did.</summary>
    public double SecondsToReach(double kilobits, Instant from) => SecondsUntil(from, sample => sample.Estimate.Kilobits >= kilobits);

    public double SecondsToFallBelow(double kilobits, Instant from) => SecondsUntil(from, sample => sample.Estimate.Kilobits < kilobits);

    public double MeanKilobits(Instant from) => Since(from).Average(static sample => sample.Estimate.Kilobits);

    /// <summary>What left for the viewer from one moment to now, in kb/s.</summary>
    public double SentKilobits(Instant from)
    {
        var (first, last) = (Since(from).First(), _samples[^1]);
        return (last.OfferedBytes - first.OfferedBytes) * 8 / (last.At - first.At).TotalMilliseconds;
    }

    /// <summary>The share of half seconds in which more was sent than the line carries.</summary>
    public double Overuse(Instant from)
    {
        var samples = Since(from).ToList();
        var (over, count) = (0, 0);
        for (var i = 10; i < samples.Count; i += 10, count++)
        {
            if (DataRate.Of(samples[i].OfferedBytes - samples[i - 10].OfferedBytes, samples[i].At - samples[i - 10].At) > samples[i].Capacity) over++;
        }

        return count == 0 ? 0 : (double)over / count;
    }

    /// <summary>Milliseconds that a packet waited at the bottleneck: the mean, and what 95 of 100 moments stay below.</summary>
    public (double Mean, double High) QueueDelay(Instant from)
    {
        var delays = Since(from).Select(static sample => sample.Queue.TotalMilliseconds).Order().ToList();
        return (delays.Average(), delays[delays.Count * 95 / 100]);
    }

    /// <summary>The longest time without a frame of the first seat.</summary>
    public TimeSpan LongestFreeze(Instant from) => Continuity.LongestPause(Viewer.Video(), from, Now);

    /// <summary>How often the first seat's picture stood for more than 200 ms.</summary>
    public int Freezes(Instant from) => Viewer.Video().Video.Freezes(TimeSpan.FromMilliseconds(200), Now).Count(freeze => freeze.From >= from);

    /// <summary>
    /// The share of sound, captured from a moment until a second ago, that was not there when a player had to have it: so long after
    /// capture, which a jitter buffer adapts to.
    /// </summary>
    public double Concealed(Instant from, double playoutMilliseconds, int seat = 0)
    {
        var sender = Sender(seat);
        var due = TimeSpan.FromMilliseconds(playoutMilliseconds);
        var heard = Viewer.Audio(seat).Sounds.Where(sound => sender.SoundsCaptured.TryGetValue(sound.Id, out var at) && sound.At - at <= due).Select(static sound => sound.Id).ToHashSet();
        var captured = sender.SoundsCaptured.Where(sound => sound.Value >= from && sound.Value < Now - TimeSpan.FromSeconds(1)).Select(static sound => sound.Key).ToList();
        Assert.NotEmpty(captured);
        return (double)captured.Count(id => !heard.Contains(id)) / captured.Count;
    }

    /// <summary>Writes the measures to the test's output.</summary>
    public string Report(Instant from, double playoutMilliseconds = 250)
    {
        var (mean, high) = QueueDelay(from);
        var text = $"{_name} {(from - Start).TotalSeconds:0.0}–{(Now - Start).TotalSeconds:0.0} s: estimate {MeanKilobits(from):0}, sent {SentKilobits(from):0} of {Downlink.Options.Rate.Kilobits:0} kb/s, "
            + $"queue {mean:0}/{high:0} ms, overuse {Overuse(from):P0}, freezes {Freezes(from)}, longest {LongestFreeze(from).TotalMilliseconds:0} ms, concealed {Concealed(from, playoutMilliseconds):P1}, layer {(Viewer.Video().Video.Decoded.Count > 0 ? Continuity.LayerAt(Viewer.Video()) : -1)}";
        TestContext.Current.TestOutputHelper?.WriteLine(text);
        return text;
    }

    /// <summary>The estimates, for a closer look.</summary>
    public void Trace(Instant from, int every = 4)
    {
        foreach (var sample in Since(from).Where((_, i) => i % every == 0))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{(sample.At - Start).TotalSeconds:0.00} {sample.Estimate.Kilobits:0} {sample.Queue.TotalMilliseconds:0} ms");
        }
    }

    public void Dispose() => Meeting.Dispose();

    private MediaClient Sender(int seat) => Senders.Single(sender => Peer.Seats[seat].Peer?.Id == sender.Name);

    private IEnumerable<Sample> Since(Instant from) => _samples.Where(sample => sample.At >= from);

    private double SecondsUntil(Instant from, Func<Sample, bool> condition)
    {
        foreach (var sample in Since(from))
        {
            if (condition(sample)) return (sample.At - from).TotalSeconds;
        }

        return double.PositiveInfinity;
    }

    private readonly record struct Sample(Instant At, DataRate Capacity, DataRate Estimate, TimeSpan Queue, long OfferedBytes);
}
