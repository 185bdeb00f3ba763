using System.Diagnostics.Metrics;
using Pendopo.Sfu.Forwarding;

namespace Pendopo.Sfu.Statistics;

/// <summary>
/// How peers fare, one value of each per second. Without a listener a record costs a branch. No attribute: neither meetings nor peers are
/// names in metrics.
/// </summary>
internal static class Histograms
{
    private static readonly Meter Meter = new(MediaMetrics.MeterName);

    private static readonly Histogram<double> RoundTrip = Meter.CreateHistogram(
        "pendopo.sfu.peer.round_trip_time", "s", "Round-trip time of connected peers, sampled every second.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6] });

    private static readonly Histogram<double> Estimate = Meter.CreateHistogram(
        "pendopo.sfu.peer.available_bitrate", "bit/s", "Estimated capacity towards connected peers, sampled every second.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1e5, 2.5e5, 5e5, 1e6, 2e6, 4e6, 8e6, 16e6] });

    private static readonly Histogram<double> Loss = Meter.CreateHistogram(
        "pendopo.sfu.peer.packet_loss", "1", "Share of the packets to connected peers that was lost, sampled every second.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4] });

    public static void Record(MediaPeer peer)
    {
        if (!peer.CanSend) return;
        if (RoundTrip.Enabled && peer.Estimator.RoundTrip > TimeSpan.Zero) RoundTrip.Record(peer.Estimator.RoundTrip.TotalSeconds);
        if (Estimate.Enabled) Estimate.Record(peer.Estimator.Estimate.BitsPerSecond);
        if (Loss.Enabled) Loss.Record(peer.Estimator.LossFraction);
    }
}
