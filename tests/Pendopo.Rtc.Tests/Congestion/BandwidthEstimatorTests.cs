using Pendopo.Rtc.Congestion;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Rtc.Tests.Congestion;

public class BandwidthEstimatorTests
{
    [Fact]
    public void The_estimate_grows_to_a_clean_link_and_stays_there()
    {
        var path = new CongestedPath(Clean(2000));
        var seconds = path.RunUntil(() => path.Kilobits > 1600, 10);
        Assert.InRange(seconds, 0.5, 5);
        path.Run(5);
        var (least, mean, most) = path.Watch(30);
        Assert.True(least > 1200 && mean is > 1500 and < 2100 && most < 2600, $"{least:0} {mean:0} {most:0}");
        Assert.InRange(path.Estimator.AcknowledgedRate.Kilobits, 1200, 2050);
        Assert.InRange(path.Estimator.RoundTrip.TotalMilliseconds, 50, 400);
    }

    [Fact]
    public void A_drop_to_half_is_followed_within_a_second_and_a_half()
    {
        var path = new CongestedPath(Clean(2000));
        path.Run(15);
        path.Link = Clean(1000);
        var seconds = path.RunUntil(() => path.Kilobits < 1000, 5);
        Assert.True(seconds < 1.5, $"{seconds} s");
        path.Run(3);
        var (_, mean, most) = path.Watch(10);
        Assert.True(mean is > 650 and < 1050 && most < 1300, $"{mean:0} {most:0}");
    }

    [Fact]
    public void Freed_bandwidth_is_found_again()
    {
        var path = new CongestedPath(Clean(500));
        path.Run(20);
        Assert.InRange(path.Kilobits, 250, 650);
        path.Link = Clean(2000);
        var seconds = path.RunUntil(() => path.Kilobits > 1500, 60);
        Assert.True(seconds < 40, $"{seconds} s");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Three_percent_of_random_loss_does_not_make_it_collapse(int seed)
    {
        var path = new CongestedPath(Clean(2000) with { Loss = 0.03 }, seed);
        path.Run(15);
        var (least, mean, _) = path.Watch(30);
        Assert.True(least > 700 && mean > 1200, $"{least:0} {mean:0}");
        Assert.InRange(path.Estimator.LossFraction, 0, 0.12);
    }

    [Theory]
    [InlineData(0.10)]
    [InlineData(0.20)]
    [InlineData(0.30)]
    public void Loss_at_every_rate_costs_a_trial_now_and_then_and_no_more(double loss)
    {
        var path = new CongestedPath(Clean(10_000));
        path.RunUntil(() => path.Kilobits > 3000, 20);
        path.Link = path.Link with { Loss = loss };
        path.Run(5);
        var (least, mean, _) = path.Watch(20);
        Assert.True(least > 1000 && mean > 2400, $"{least:0} {mean:0}");
        Assert.InRange(path.Estimator.CongestionLoss, 0, 0.15);
    }

    [Fact]
    public void A_shallow_queue_that_drops_is_noticed_by_loss()
    {
        var path = new CongestedPath(Clean(1000) with { QueueBytes = 5000 });
        path.Run(10);
        var (_, mean, most) = path.Watch(20);
        Assert.True(mean is > 500 and < 1200 && most < 1600, $"{mean:0} {most:0}");
    }

    [Fact]
    public void Jitter_alone_is_not_taken_for_congestion()
    {
        var path = new CongestedPath(Clean(3000) with { Jitter = TimeSpan.FromMilliseconds(10) });
        path.Run(15);
        var (_, mean, _) = path.Watch(20);
        Assert.True(mean > 1200, $"{mean:0}");
    }

    [Fact]
    public void An_outage_lowers_the_rate_and_it_comes_back_soon_after()
    {
        var path = new CongestedPath(Clean(2000));
        path.Run(15);
        path.Interrupt(5);
        path.Run(4.9);
        Assert.InRange(path.Kilobits, 50, 400);
        var seconds = path.RunUntil(() => path.Kilobits > 1400, 30);
        Assert.True(seconds < 8, $"{seconds} s");
    }

    [Fact]
    public void Little_sent_does_not_let_the_estimate_run_away()
    {
        var path = new CongestedPath(Clean(10_000)) { ApplicationKilobits = 400 };
        path.Run(60);
        Assert.InRange(path.Kilobits, 400, 400 * 1.5 + 150 + 100);
        path.ApplicationKilobits = 40;
        path.Run(20);
        Assert.InRange(path.Kilobits, 400, 850);
        path.ApplicationKilobits = double.PositiveInfinity;
        path.Run(20);
        Assert.True(path.Kilobits > 3000, $"{path.Kilobits:0}");
    }

    [Fact]
    public void The_estimate_never_leaves_its_bounds()
    {
        var path = new CongestedPath(Clean(60) with { Loss = 0.4 });
        var (least, _, _) = path.Watch(20);
        Assert.Equal(50, least);
        path = new CongestedPath(Clean(1_000_000));
        path.Run(60);
        Assert.InRange(path.Kilobits, 15_000, 20_000);
    }

    [Fact]
    public void A_receivers_own_estimate_caps_until_it_is_old()
    {
        var estimator = NewEstimator();
        estimator.OnRemb(At(0), DataRate.FromKilobits(120));
        Assert.Equal(120, estimator.Estimate.Kilobits);
        estimator.OnRemb(At(1), DataRate.FromKilobits(1));
        Assert.Equal(50, estimator.Estimate.Kilobits);
        estimator.OnReceiverReport(At(10_500), 0.05, TimeSpan.FromMilliseconds(80));
        Assert.Equal(300, estimator.Estimate.Kilobits);
    }

    [Fact]
    public void Receiver_reports_alone_raise_hold_and_lower()
    {
        var estimator = NewEstimator();
        var now = 0.0;
        Send(5);
        Assert.InRange(estimator.Estimate.Kilobits, 600, 800);
        Assert.Equal(80, estimator.RoundTrip.TotalMilliseconds, 1.0);

        var held = estimator.Estimate;
        Report(0.05);
        Assert.Equal(held, estimator.Estimate);

        Report(0.4);
        Assert.InRange(estimator.Estimate.Kilobits, held.Kilobits * 0.79, held.Kilobits * 0.81);
        Assert.Equal(0.4, estimator.LossFraction);

        void Send(int seconds)
        {
            for (var i = 0; i < seconds; i++)
            {
                for (var packet = 0; packet < 40; packet++) estimator.OnSent(At(now + packet * 25), 1200);
                now += 1000;
                Report(0);
            }
        }

        void Report(double loss)
        {
            now += 1;
            estimator.OnReceiverReport(At(now), loss, TimeSpan.FromMilliseconds(80));
        }
    }

    [Fact]
    public void Malformed_and_foreign_feedback_changes_nothing()
    {
        var estimator = NewEstimator();
        var random = new Random(3);
        var bytes = new byte[64];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            estimator.OnFeedback(At(i), bytes.AsSpan(0, random.Next(bytes.Length)));
        }

        Assert.InRange(estimator.Estimate.Kilobits, 50, 20_000);
        Assert.Equal(DataRate.Zero, estimator.AcknowledgedRate);
        Assert.Equal(TimeSpan.Zero, estimator.RoundTrip);
    }

    [Fact]
    public void The_same_path_gives_the_same_estimate()
    {
        var first = new CongestedPath(Clean(1500) with { Loss = 0.05, Jitter = TimeSpan.FromMilliseconds(5) }, seed: 9);
        var second = new CongestedPath(Clean(1500) with { Loss = 0.05, Jitter = TimeSpan.FromMilliseconds(5) }, seed: 9);
        Assert.Equal(first.Watch(10), second.Watch(10));
    }

    [Fact]
    public void Estimating_allocates_nothing()
    {
        var estimator = NewEstimator();
        var recorder = new TransportFeedbackRecorder();
        var buffer = new byte[1200];
        Cycle(estimator, recorder, buffer, 0, 200);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Cycle(estimator, recorder, buffer, 200, 5000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(estimator.AcknowledgedRate.Kilobits > 500);
    }

    private static void Cycle(BandwidthEstimator estimator, TransportFeedbackRecorder recorder, byte[] buffer, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var now = At(i * 10);
            recorder.Add(now + TimeSpan.FromMilliseconds(20 + i % 3), estimator.OnSent(now, 1200));
            if (i % 10 != 0) continue;
            while (recorder.TryWrite(now, 1, 2, buffer, out var length)) estimator.OnFeedback(now + TimeSpan.FromMilliseconds(60), buffer.AsSpan(12, length - 12));
        }
    }

    private static BandwidthEstimator NewEstimator() =>
        new(DataRate.FromKilobits(300), DataRate.FromKilobits(50), DataRate.FromKilobits(20_000));

    private static LinkOptions Clean(double kilobits) => new()
    {
        Rate = DataRate.FromKilobits(kilobits),
        Delay = TimeSpan.FromMilliseconds(25),
        QueueBytes = (int)(kilobits * 1000 / 8 * 0.3),
    };

    private static Instant At(double milliseconds) => Instant.FromMilliseconds(milliseconds);
}
