using Pendopo.EndToEnd.Harness;
using Pendopo.Rtc;
using Pendopo.Testing.Network;

namespace Pendopo.NetBench.Scenarios;

/// <summary>
/// The networks of the virtual-time tests, for real browsers. Each scenario begins with a good path, by which its later phases
/// are judged, and by which a machine that is too slow for the browsers shows.
/// </summary>
internal static class ScenarioCatalog
{
    private const string OnTheAir = "loss on the air is no lack of room";

    private static readonly int[] LossPercents = [5, 10, 20, 30];

    private static readonly TimeSpan Before = TimeSpan.FromSeconds(8);

    /// <summary>A good home line: 20 Mb/s, 40 ms there and back.</summary>
    private static readonly LinkOptions Good = Narrow(20_000) with { Delay = TimeSpan.FromMilliseconds(20) };

    private static readonly Phase Start = Clean("before", Before);

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Steps(), Loss(), Bursts(), Delay(), Reordering(), Outage(), Handover(), Uplink(BrowserKind.Chromium), Uplink(BrowserKind.Firefox),
    ];

    /// <summary>The path before and between impairments.</summary>
    public static LinkOptions GoodLink => Good;

    private static Scenario Steps() => new(
        "steps", "receivers' downlink 4 → 1 → 0.3 → 4 Mb/s", Impaired.Receivers,
        [
            Start,
            Down("4 Mb/s", 10, 4000) with
            {
                Bounds = [Bounds.LongestFreeze(0.5, "the whole picture needs 1.6 Mb/s: nothing is to be noticed"), .. NotOverused],
            },
            Down("1 Mb/s", 15, 1000) with
            {
                Bounds =
                [
                    Bounds.LongestFreeze(1, "the back-off must come within a second (issue 3), or the queue of 200 ms overflows and a key frame is due"),
                    Bounds.Concealed(3, "audio goes first; what the full queue drops before the back-off is repaired"),
                    Bounds.FramesBackAfter(5, "the middle layer of 500 kb/s fits"),
                    .. NotOverused,
                ],
            },
            Down("0.3 Mb/s", 20, 300) with
            {
                Bounds =
                [
                    Bounds.LongestFreeze(1.5, "a key frame of the smallest layer takes 0.3 s through what is left beside audio, after a back-off of up to a second"),
                    Bounds.Concealed(5, "audio takes a sixth of the path and goes first; the step itself costs up to a second"),
                    Bounds.FramesBackAfter(10, "the smallest layer of 150 kb/s fits beside audio"),
                    .. NotOverused,
                ],
            },
            Down("4 Mb/s again", 20, 4000) with
            {
                Bounds =
                [
                    Bounds.LongestFreeze(0.5, "more room is no reason to freeze"),
                    Bounds.FramesBackAfter(10, "the step up is found by probing"),
                    Bounds.LinesBackAfter(15, "growth of 8 % a second would take 22 s from 0.3 to 1.6 Mb/s: probing must be faster"),
                ],
            },
        ]);

    private static IReadOnlyList<Bound> NotOverused =>
    [
        Bounds.QueueDelay(100, "the estimator aims below the capacity; 200 ms is the whole queue"),
        Bounds.QueueDrops(2, "after the back-off no more is sent than the path carries"),
    ];

    private static Scenario Loss() => new(
        "loss", "5, 10, 20, 30 % lost at random, both ways", Impaired.Receivers,
        [Start, .. LossPercents.Select(percent => Lossy($"{percent} %", percent, Good with { Loss = percent / 100.0 }))]);

    // Four packets in a burst are half a frame of the largest layer, or two or three lost sounds in a row (Opus every 20 ms).
    private static Scenario Bursts() => new(
        "bursts", "5, 10, 20, 30 % lost in bursts of 4 packets in the mean, both ways", Impaired.Receivers,
        [
            Start,
            .. LossPercents.Select(percent =>
            {
                var share = percent / 100.0;
                const double leave = 0.25;
                return Lossy($"{percent} % in bursts", percent, Good with { BurstLoss = new(leave * share / (1 - share), leave) });
            }),
        ]);

    private static Phase Lossy(string name, int percent, LinkOptions link) => new(name, TimeSpan.FromSeconds(12), link, link)
    {
        Bounds = percent switch
        {
            <= 5 => [Bounds.LongestFreeze(0.5, "one round of NACK repairs 95 % of the losses"), Bounds.Concealed(2, "NACK, RTX and in-band FEC"), Bounds.FrameRate(90, "repair is faster than the jitter buffer"), Bounds.LinesKept(OnTheAir)],
            <= 10 => [Bounds.LongestFreeze(1, "issue 3"), Bounds.Concealed(3, "issue 3"), Bounds.FrameRate(80, "two rounds of NACK leave 1 % of packets"), Bounds.LinesKept(OnTheAir)],
            <= 20 => [Bounds.LongestFreeze(2, "three rounds of NACK, or a key frame"), Bounds.Concealed(8, "two rounds fail for 4 % of packets, FEC and concealment cover single ones"), Bounds.FrameRate(60, "a frame of 7 packets needs three rounds")],
            _ => [Bounds.LongestFreeze(4, "a key frame needs several rounds; the meeting goes on"), Bounds.Concealed(20, "two rounds fail for 9 % of packets, and requests are lost too")],
        },
    };

    private static Scenario Delay() => new(
        "delay", "50, 150, 500 ms there and back with jitter", Impaired.Receivers,
        [
            Start,
            .. new[] { (Trip: 50, Jitter: 10), (Trip: 150, Jitter: 30), (Trip: 500, Jitter: 50) }.Select(step =>
            {
                var link = Good with { Delay = TimeSpan.FromMilliseconds(step.Trip / 2.0), Jitter = TimeSpan.FromMilliseconds(step.Jitter) };
                return new Phase($"{step.Trip} ms ± {step.Jitter}", TimeSpan.FromSeconds(15), link, link)
                {
                    Bounds =
                    [
                        Bounds.LongestFreeze(step.Trip >= 500 ? 1 : 0.5, "the jitter buffer stretches by the step in delay once"),
                        Bounds.FrameRate(85, "delay takes no frames away"),
                        Bounds.LinesKept("delay without a queue is no lack of room"),
                        Bounds.Concealed(step.Trip >= 500 ? 4 : 2, "the step itself is a gap of 225 ms at most; 15 s of it are 1.5 %"),
                    ],
                };
            }),
        ]);

    private static Scenario Reordering()
    {
        var link = Good with { Reordering = 0.05, ReorderingDelay = TimeSpan.FromMilliseconds(15) };
        return new(
            "reordering", "5 % of the packets come 15 ms late", Impaired.Receivers,
            [
                Start,
                new("5 % late", TimeSpan.FromSeconds(15), link, link)
                {
                    Bounds =
                    [
                        Bounds.LongestFreeze(0.5, "no packet is missing"),
                        Bounds.FrameRate(90, "15 ms are less than a frame"),
                        Bounds.LinesKept("reordering is no lack of room"),
                        Bounds.Concealed(1, "the jitter buffer of the sound holds 40 ms and more"),
                        Bounds.QueueDrops(0, "late packets are no reason to send more"),
                    ],
                },
            ]);
    }

    private static Scenario Outage() => new(
        "outage", "nothing gets through for 2 s", Impaired.Receivers,
        [
            Start,
            Clean("outage of 2 s", TimeSpan.FromSeconds(20)) with
            {
                Event = NetworkEvent.Outage,
                Bounds =
                [
                    Bounds.LongestFreeze(4, "2 s of outage, then a key frame within the throttle of PLI and a round trip"),
                    Bounds.FramesBackAfter(6, "the picture comes back by itself, without a new connection"),
                    Bounds.LinesBackAfter(15, "an outage is no lack of room: the estimate comes back by probing"),
                ],
            },
        ]);

    private static Scenario Handover()
    {
        var mobile = Narrow(5000) with { Delay = TimeSpan.FromMilliseconds(40), Jitter = TimeSpan.FromMilliseconds(15), Loss = 0.005 };
        return new(
            "handover", "Wi-Fi to mobile: another address, other ports, 5 Mb/s, 80 ms, jitter 15 ms, 0.5 % loss", Impaired.Receivers,
            [
                Start,
                new("mobile", TimeSpan.FromSeconds(25), mobile, mobile)
                {
                    Event = NetworkEvent.Rebind,
                    Bounds =
                    [
                        Bounds.LongestFreeze(8, "the browser does not know; its next consent check (RFC 7675: 5 s ± 20 %) comes from the new address"),
                        Bounds.FramesBackAfter(10, "a consent check, then a key frame"),
                    ],
                },
            ]);
    }

    private static Scenario Uplink(BrowserKind sender)
    {
        var narrow = Narrow(500) with { Delay = TimeSpan.FromMilliseconds(40), Loss = 0.03, Jitter = TimeSpan.FromMilliseconds(10) };
        return new(
            $"uplink-{(sender == BrowserKind.Chromium ? "chromium" : "firefox")}",
            $"{sender} sends over 0.5 Mb/s with 3 % loss and 10 ms of jitter", Impaired.Sender,
            [
                Start,
                new("bad uplink", TimeSpan.FromSeconds(25), narrow, Good)
                {
                    Bounds =
                    [
                        Bounds.LongestFreeze(3, "the sender leaves out its large layer, the receiver goes down to one that arrives"),
                        Bounds.FramesBackAfter(12, "the smallest layer of 150 kb/s fits"),
                        Bounds.Concealed(6, "3 % loss repaired by NACK, beside the step itself"),
                    ],
                },
                Clean("good again", TimeSpan.FromSeconds(20)) with
                {
                    Bounds =
                    [
                        Bounds.FramesBackAfter(5, "room for all layers"),
                        Bounds.LinesBackAfter(18, "the browser's own estimate grows first, by probes of its own"),
                        Bounds.Concealed(1, "nothing is lost"),
                    ],
                },
            ])
        {
            Sender = sender,
        };
    }

    private static Phase Clean(string name, TimeSpan duration) => new(name, duration, Good, Good);

    private static Phase Down(string name, double seconds, double kilobits) =>
        new(name, TimeSpan.FromSeconds(seconds), Good, Narrow(kilobits) with { Delay = Good.Delay });

    /// <summary>A bottleneck with a queue of 200 ms, but no less than 12 packets of full size.</summary>
    private static LinkOptions Narrow(double kilobits)
    {
        var rate = DataRate.FromKilobits(kilobits);
        return new() { Rate = rate, QueueBytes = (int)Math.Max(18_000, rate.BytesIn(TimeSpan.FromMilliseconds(200))) };
    }
}
