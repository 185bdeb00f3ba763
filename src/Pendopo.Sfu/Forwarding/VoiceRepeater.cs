using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// Repairs the sound of one receiver where RTX and RED are not to be had, by sending protected packets again byte by byte: what is NACKed,
/// and while its line loses much every packet once or twice more, 20 and 60 ms later. Owned by the worker.
/// </summary>
/// <remarks>
/// While the line is good nothing is kept and nothing costs. What is lost is told by transport feedback on all packets to the receiver,
/// since repeats hide from reports what they repair.
/// </remarks>
internal sealed class VoiceRepeater(MediaPeer receiver)
{
    /// <summary>
    /// A copy rides behind the sound's next packet: bursts of loss are mostly shorter than 20 ms, and players hold 40 ms at the least. A
    /// second copy would come too late for most of them if it waited for longer than two more.
    /// </summary>
    private static readonly TimeSpan[] Delays = [TimeSpan.FromMilliseconds(18), TimeSpan.FromMilliseconds(58)];

    /// <summary>The pace of estimates.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Loss from which packets are kept.</summary>
    private const double LossToKeep = 0.01;

    /// <summary>How long packets are kept after the last reason to.</summary>
    private static readonly TimeSpan KeepTime = TimeSpan.FromSeconds(30);

    /// <summary>A repair that takes longer comes too late for most players, or makes them wait for all that follows.</summary>
    private static readonly TimeSpan LongestRepair = TimeSpan.FromMilliseconds(150);

    /// <summary>So much of what is lost a receiver asks for if it does at all: a request may be lost, or not be worth it any more.</summary>
    private const double AskedShare = 0.4;

    /// <summary>For so long a receiver may ask for nothing before it counts as one that does not.</summary>
    private static readonly TimeSpan AskedTime = TimeSpan.FromSeconds(4);

    /// <summary>By interval: six seconds' worth, in which one voice that loses 3 % loses nine packets.</summary>
    private const double AskedDecay = 0.967;

    /// <summary>By interval: what was carried counts half after seven seconds, since lines change.</summary>
    private const double CarriedDecay = 0.98;

    /// <summary>IPv4 and UDP.</summary>
    private const int Overhead = 28;

    private RepeatPolicy _policy;
    private RateMeter _sound;
    private double _soundBytes;
    private double _answeredBytes;
    private DataRate _carried;
    private int _sent;
    private Instant _nextUpdate;
    private bool _isHeard;
    private Instant? _neededAt;
    private Instant? _askedAt;
    private Instant? _keepingSince;

    /// <summary>Times that each packet of sound is sent beyond the first.</summary>
    public int Copies => _policy.Copies;

    /// <summary>What sounds cost with their copies.</summary>
    public DataRate CostOf(DataRate sound) => sound * (1 + Copies);

    /// <summary>How many copies the next packet has. One of RED has the sound before it in it, and needs none.</summary>
    public int CopiesOfNext(MediaCodec codec) => codec == MediaCodec.Red || Copies == 0 ? 0 : _sent++ % _policy.Every == 0 ? Copies : Copies - 1;

    /// <summary>Takes a packet that is on its way, and sends what is due beside it.</summary>
    public void OnSent(Instant now, ReceiveSlot slot, int length)
    {
        _sound.Add(now, length + Overhead);
        _soundBytes += length;
        if (!_isHeard)
        {
            _isHeard = true;
            receiver.Hasten(_nextUpdate);
        }

        SendDue(now, slot);
    }

    /// <summary>Answers a NACKed number. False when the packet is not to be had (any more), or was repeated within a round trip.</summary>
    public bool TryAnswer(Instant now, ReceiveSlot slot, ushort sequence)
    {
        _askedAt = _neededAt = now;
        if (slot.Kept is not { } kept || !kept.TryFind(now, sequence, out var numbers, out var packet)) return false;
        if (!receiver.Retransmissions.TryTake(now, slot.Ssrc, sequence, packet.Length, receiver.Estimator.RepairRate, receiver.RoundTrip(now))) return false;
        if (!receiver.CommitAgain(now, packet, numbers.TransportSequence)) return false;
        slot.Retransmissions++;
        OnAnswered(packet.Length);
        return true;
    }

    /// <summary>A packet of sound was sent again because the receiver had asked for it.</summary>
    public void OnAnswered(int length) => _answeredBytes += length;

    /// <summary>Sends what is due of sounds that have no next packet, and decides anew from time to time.</summary>
    public void Advance(Instant now)
    {
        if (now >= _nextUpdate)
        {
            _nextUpdate = now + Interval;
            _isHeard = false;
            Update(now);
        }

        if (Copies == 0) return;
        foreach (var slot in receiver.Slots) SendDue(now, slot);
    }

    /// <summary>When <see cref="Advance"/> has something to do; while no sound is sent there is nothing to decide.</summary>
    public Instant Due(Instant now) =>
        Copies > 0 ? now + Workers.MediaWorker.TickInterval : _isHeard || _keepingSince is not null ? _nextUpdate : Instant.Never;

    private void Update(Instant now)
    {
        var (estimator, sound) = (receiver.Estimator, _sound.Rate(now));

        // Reports do not tell of what copies have repaired: with them they tell what is left.
        var (loss, left) = (estimator.PathLoss(now), estimator.RepeatedLoss(now));
        if (loss is null && Copies == 0) loss = ReportedLoss(now);
        else if (loss is null) left ??= ReportedLoss(now);
        _carried = DataRate.Max(estimator.AcknowledgedRate, _carried * CarriedDecay);
        _policy.Update(now, new(loss, left, IsRepaired(now, loss ?? 0), sound, estimator.Estimate, _carried, estimator.QueueDelay));
        if (loss >= LossToKeep) _neededAt = now;
        var keeps = receiver.CanSend && now - _neededAt < KeepTime;
        if (!keeps && _keepingSince is null) return;
        _keepingSince = keeps ? _keepingSince ?? now : null;
        foreach (var slot in receiver.Slots)
        {
            if (!keeps) slot.Kept = null;
            else if (slot.Kind == MediaKind.Audio && slot.Current is not null) slot.Kept ??= new ProtectedPackets();
        }
    }

    /// <summary>True if the receiver asks for most of what is lost, and its answers are there in time.</summary>
    private bool IsRepaired(Instant now, double loss)
    {
        var answered = _answeredBytes >= _soundBytes * loss * AskedShare;
        (_soundBytes, _answeredBytes) = (_soundBytes * AskedDecay, _answeredBytes * AskedDecay);
        if (receiver.RoundTrip(now) > LongestRepair || now - _askedAt is not { } since || since > AskedTime) return false;

        // The first ones that it asks for were not kept.
        return answered || now - _keepingSince is not { } kept || kept < AskedTime;
    }

    private void SendDue(Instant now, ReceiveSlot slot)
    {
        if (slot.Kept is not { } kept || Copies == 0) return;
        while (kept.TryTakeDue(now, Delays, out var numbers, out var packet))
        {
            if (!receiver.CommitAgain(now, packet, numbers.TransportSequence)) return;
            receiver.Retransmissions.OnRepeated(now, slot.Ssrc, numbers.Sequence);
            slot.Retransmissions++;
        }
    }

    private double ReportedLoss(Instant now)
    {
        var worst = 0.0;
        foreach (var slot in receiver.Slots)
        {
            if (slot.Kind == MediaKind.Audio && slot.Current is not null) worst = Math.Max(worst, slot.Loss.At(now));
        }

        return worst;
    }
}
