using Pendopo.Rtc;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// Keeps repair from feeding the congestion that made it necessary: behind a full queue a receiver misses much, asks for it every
/// round trip that it remembers from better times, and its repairs push out the next packets. So one packet is repeated
/// at most once per round trip that we measure, and all repairs of a peer together get half of its estimate.
/// </summary>
internal sealed class RetransmissionGuard
{
    /// <summary>A power of two: what a receiver asks back for within a round trip, usually; two that meet cost a repetition.</summary>
    private const int Window = 256;

    private const double Share = 0.5;

    /// <summary>Repair of sound must always be possible: 50 packets of 100 bytes a second, with some room.</summary>
    private static readonly DataRate Minimum = DataRate.FromKilobits(64);

    /// <summary>What may be used at once; a burst of loss comes all in one request.</summary>
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(250);

    private readonly (uint Ssrc, ushort Sequence, Instant At)[] _recent = new (uint, ushort, Instant)[Window];
    private double _credit = double.MaxValue;
    private Instant _filledAt;

    /// <summary>True if the packet may be repeated now; it then counts as repeated.</summary>
    public bool TryTake(Instant now, uint ssrc, ushort sequence, int bytes, DataRate estimate, TimeSpan roundTrip)
    {
        ref var entry = ref _recent[Place(ssrc, sequence)];
        if (entry.Ssrc == ssrc && entry.Sequence == sequence && now - entry.At < roundTrip) return false;

        var rate = DataRate.Max(estimate * Share, Minimum);
        _credit = Math.Min(_credit + rate.BytesIn(now - _filledAt), rate.BytesIn(Burst));
        _filledAt = now;
        if (_credit <= 0) return false;
        _credit -= bytes;
        entry = (ssrc, sequence, now);
        return true;
    }

    /// <summary>A packet was repeated without being asked for; who asks for it within a round trip did not know.</summary>
    public void OnRepeated(Instant now, uint ssrc, ushort sequence) => _recent[Place(ssrc, sequence)] = (ssrc, sequence, now);

    private static int Place(uint ssrc, ushort sequence) => (int)((sequence ^ (ssrc * 0x9e37)) & (Window - 1));
}
