namespace Pendopo.Rtc.Congestion;

/// <summary>
/// The receiving side of transport-wide congestion control: remembers when each transport sequence number arrived and writes
/// feedback messages. Every packet of the transport counts, padding and unknown SSRCs included.
/// </summary>
public sealed class TransportFeedbackRecorder
{
    public void Add(Instant now, ushort transportSequence) => throw new NotSupportedException("not built yet");

    /// <summary>When the next feedback is due: 50–100 ms after the last one, by traffic.</summary>
    public Deadline Deadline => throw new NotSupportedException();

    /// <summary>Writes one RTCP feedback packet for what arrived since the last; false if there is nothing (more) to say.</summary>
    public bool TryWrite(Instant now, uint senderSsrc, uint mediaSsrc, Span<byte> destination, out int length) => throw new NotSupportedException();
}

/// <summary>
/// Walks the FCI of a received feedback message: <c>while (reader.MoveNext())</c>, then <see cref="Sequence"/>,
/// <see cref="IsReceived"/> and <see cref="ArrivalTicks"/> (100 ns, on the receiver's clock; relative values are what counts).
/// </summary>
public ref struct TransportFeedbackReader
{
    public TransportFeedbackReader(ReadOnlySpan<byte> feedbackControl) => throw new NotSupportedException("not built yet");

    public readonly bool IsMalformed => throw new NotSupportedException();

    public readonly byte FeedbackCount => throw new NotSupportedException();

    public bool MoveNext() => throw new NotSupportedException();

    public readonly ushort Sequence => throw new NotSupportedException();

    public readonly bool IsReceived => throw new NotSupportedException();

    public readonly long ArrivalTicks => throw new NotSupportedException();
}
