using BenchmarkDotNet.Attributes;
using Pendopo.Rtc;
using Pendopo.Rtc.Congestion;
using Pendopo.Rtc.Rtcp;

namespace Pendopo.Benchmarks;

/// <summary>Transport-wide feedback for 50 packets, a millisecond apart, of which each tenth was lost.</summary>
public class TransportFeedbackBenchmarks
{
    private const int Packets = 50;

    private readonly TransportFeedbackRecorder _recorder = new();
    private readonly byte[] _buffer = new byte[1200];
    private long _packets;
    private int _messageLength;

    [GlobalSetup]
    public void Setup() => _messageLength = Write();

    /// <summary>Records the arrivals and writes the message.</summary>
    [Benchmark]
    public int Write()
    {
        for (var end = _packets + Packets; _packets < end; _packets++)
        {
            if (_packets % 10 != 5) _recorder.Add(Instant.FromMilliseconds(_packets), (ushort)_packets);
        }

        Require.That(_recorder.TryWrite(Instant.FromMilliseconds(_packets), senderSsrc: 1, mediaSsrc: 2, _buffer, out var length));
        return length;
    }

    [Benchmark]
    public long Read()
    {
        var rtcp = new RtcpReader(_buffer.AsSpan(0, _messageLength));
        Require.That(rtcp.MoveNext() && rtcp.Kind == RtcpKind.TransportFeedback);
        var feedback = new TransportFeedbackReader(rtcp.FeedbackControl);
        var (sum, count) = (0L, 0);
        for (; feedback.MoveNext(); count++) sum += feedback.ArrivalTicks;
        Require.That(count == Packets);
        return sum;
    }
}
