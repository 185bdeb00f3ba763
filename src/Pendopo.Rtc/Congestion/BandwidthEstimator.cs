namespace Pendopo.Rtc.Congestion;

/// <summary>
/// How much one receiver can take: a first estimator of delay trend and loss from TWCC feedback (after
/// draft-ietf-rmcat-gcc-02), bounded by REMB where a receiver sends that. Sans-IO, deterministic, no allocation per packet.
/// </summary>
public sealed class BandwidthEstimator
{
    public BandwidthEstimator(DataRate start, DataRate minimum, DataRate maximum) => throw new NotSupportedException("not built yet");

    /// <summary>The next transport-wide sequence number; the caller puts it into the packet it sends now.</summary>
    public ushort OnSent(Instant now, int bytes) => throw new NotSupportedException();

    /// <summary>Takes one TWCC feedback message's FCI.</summary>
    public void OnFeedback(Instant now, ReadOnlySpan<byte> feedbackControl) => throw new NotSupportedException();

    public void OnRemb(Instant now, DataRate rate) => throw new NotSupportedException();

    /// <summary>Loss and round trip from receiver reports, for receivers without TWCC.</summary>
    public void OnReceiverReport(Instant now, double fractionLost, TimeSpan roundTrip) => throw new NotSupportedException();

    public DataRate Estimate => throw new NotSupportedException();

    public double LossFraction => throw new NotSupportedException();

    public TimeSpan RoundTrip => throw new NotSupportedException();
}
