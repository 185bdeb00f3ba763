using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Testing.Media;

/// <summary>What a receiver got of one Opus stream of 20 ms packets: how many, which are missing, and which came too late.</summary>
public sealed class AudioReceiver
{
    private readonly SortedDictionary<long, (uint Timestamp, Instant At)> _packets = [];
    private SequenceUnwrapper _sequences;

    public long Duplicates { get; private set; }

    public long Malformed { get; private set; }

    public int Received => _packets.Count;

    /// <summary>Sequence numbers from the first to the last received one.</summary>
    public long Expected => _packets.Count == 0 ? 0 : _packets.Keys.Last() - _packets.Keys.First() + 1;

    public long Lost => Expected - Received;

    public void Add(Instant now, ReadOnlySpan<byte> packet)
    {
        if (!RtpPacket.TryParse(packet, out var rtp, out _))
        {
            Malformed++;
            return;
        }

        if (!_packets.TryAdd(_sequences.Unwrap(rtp.SequenceNumber), (rtp.Timestamp, now))) Duplicates++;
    }

    /// <summary>
    /// Packets that a playout buffer of that length had to do without: lost, or later than that behind the fastest packet of
    /// the stream.
    /// </summary>
    public long MissedAt(TimeSpan playoutDelay)
    {
        if (_packets.Count == 0) return 0;
        var first = _packets.Values.First().Timestamp;
        var fastest = _packets.Values.Min(packet => Transit(packet, first));
        return Lost + _packets.Values.Count(packet => Transit(packet, first) - fastest > playoutDelay);
    }

    /// <summary>The longest time in which nothing arrived.</summary>
    public TimeSpan LongestGap
    {
        get
        {
            var arrivals = _packets.Values.Select(packet => packet.At).Order().ToArray();
            return arrivals.Length < 2 ? TimeSpan.Zero : arrivals.Zip(arrivals.Skip(1), (left, right) => right - left).Max();
        }
    }

    // Arrival against the media clock; only differences between packets mean something.
    private static TimeSpan Transit((uint Timestamp, Instant At) packet, uint first) =>
        packet.At - Instant.Zero - new TimeSpan((int)(packet.Timestamp - first) * TimeSpan.TicksPerSecond / OpusGenerator.ClockRate);
}
