using Pendopo.Rtc;
using Pendopo.Rtc.Rtcp;

namespace Pendopo.Sfu.Forwarding;

/// <summary>What a receiver report says of one stream (RFC 3550 §6.4.1, appendix A.3 and A.8).</summary>
internal struct ReceptionStatistics
{
    private long _first;
    private long _highest;
    private long _received;
    private long _expectedBefore;
    private long _receivedBefore;
    private long _transit;
    private double _jitter;
    private uint _lastReport;
    private Instant _lastReportAt;
    private bool _started;

    /// <summary>Packets expected less packets received, retransmissions left out; late and doubled ones may make it negative (RFC 3550 §6.4.1).</summary>
    public readonly long Lost => _started ? _highest - _first + 1 - _received : 0;

    /// <summary>Interarrival jitter in timestamp units (RFC 3550 §6.4.1).</summary>
    public readonly double Jitter => _jitter;

    public readonly bool HasNews => _received != _receivedBefore;

    public void OnPacket(Instant now, long sequence, uint timestamp, int clockRate)
    {
        if (!_started)
        {
            _started = true;
            _first = _highest = sequence;
        }

        _received++;
        if (sequence > _highest) _highest = sequence;

        // Interarrival jitter in timestamp units; the absolute transit time is meaningless, only its change counts.
        var arrival = (long)(now.Ticks * ((double)clockRate / TimeSpan.TicksPerSecond));
        var transit = arrival - timestamp;
        if (_received > 1)
        {
            var difference = Math.Abs((int)(transit - _transit));
            if (difference < clockRate * 5) _jitter += (difference - _jitter) / 16;
        }

        _transit = transit;
    }

    public void OnSenderReport(Instant now, ulong ntp)
    {
        _lastReport = (uint)(ntp >> 16);
        _lastReportAt = now;
    }

    /// <summary>The report block for what came since the last call.</summary>
    public ReportBlock TakeReport(Instant now, uint ssrc)
    {
        var expected = _started ? _highest - _first + 1 : 0;
        var expectedNow = expected - _expectedBefore;
        var lostNow = expectedNow - (_received - _receivedBefore);
        _expectedBefore = expected;
        _receivedBefore = _received;
        var fraction = expectedNow <= 0 || lostNow <= 0 ? 0 : Math.Min(255, (lostNow << 8) / expectedNow);
        var delay = _lastReport == 0 ? 0u : (uint)((now - _lastReportAt).TotalSeconds * 65536);
        return new(
            ssrc, (byte)fraction, (int)Math.Clamp(expected - _received, -0x800000, 0x7fffff), (uint)(_highest - 0x10000), (uint)_jitter, _lastReport, delay);
    }
}
