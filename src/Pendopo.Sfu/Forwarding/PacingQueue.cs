using Pendopo.Rtc;
using Pendopo.Rtc.Congestion;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// What leaves for one receiver, paced. Sound, repairs and probes never wait here but count; pictures leave at once while they fit into
/// the bucket, and what does not fit waits as a record of its place in the source's cache. Slots take turns, a run at a time, so that one
/// large frame holds up nobody else's; within a slot the order is kept. Bounded: where there is too much, the slot with the longest line
/// takes nothing more until its line is gone, and then begins anew with a key frame. Owned by the worker.
/// </summary>
internal sealed class PacingQueue(DataRate rate)
{
    /// <summary>
    /// A key frame of 200 kB is out in that time at 800 kb/s; what comes later than that is a slide show, and a smaller layer is better.
    /// </summary>
    public static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(2);

    /// <summary>Waiting so long is no reason to show less.</summary>
    private static readonly TimeSpan UsualWait = TimeSpan.FromMilliseconds(300);

    /// <summary>Two seconds at 5 Mb/s. A record takes 64 bytes.</summary>
    private const int MaximumPackets = 1024;

    private const int FirstPackets = 16;

    /// <summary>Of the burst that the path takes. The rest is for the sound that is sent meanwhile: with the whole of it nothing would leave.</summary>
    private const double RunShare = 0.75;

    /// <summary>Payload of one slot that leaves in its turn: neighbours of one length are one message to the system.</summary>
    private const int TurnBytes = 5_000;

    private const int Nowhere = -1;

    private readonly Pacer _pacer = new(rate);
    private readonly List<ReceiveSlot> _slots = [];
    private WaitingPacket[] _packets = [];
    private int _free = Nowhere;
    private int _turn;
    private int _turnBytes;
    private TimeSpan _wait;
    private Instant _waitedAt = new(long.MinValue / 2);

    /// <summary>Packets that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Of their payload.</summary>
    public long Bytes { get; private set; }

    /// <summary>What waits beyond what is usual: a large frame for a moment, and too much of everything if it lasts.</summary>
    public long ExcessBytes => Count == 0 ? 0 : Math.Max(0, Bytes - _pacer.Rate.BytesIn(UsualWait));

    /// <summary>How long packets have waited that left within the last second: so much older they are than what the receiver thinks.</summary>
    public TimeSpan RecentWait(Instant now) => now - _waitedAt < TimeSpan.FromSeconds(1) ? _wait : TimeSpan.Zero;

    public bool IsEmpty => Count == 0;

    /// <summary>Since when something has waited without a break.</summary>
    public Instant BusySince { get; private set; }

    public DataRate Rate => _pacer.Rate;

    /// <summary>
    /// Bytes that leave together: one packet at a time would cost the system and the receiver more, and the estimator reads the path from
    /// the times of bursts, which a lone packet's jitter blurs.
    /// </summary>
    private int Run => (int)Math.Min(Bytes, _pacer.Burst * RunShare);

    /// <summary>When <see cref="Release"/> has something to send.</summary>
    public Instant Due(Instant now)
    {
        if (Count == 0) return Instant.Never;
        var at = _pacer.DeadlineFor(now, Run).At;
        return at == Instant.Never ? now : at;
    }

    public void SetRate(Instant now, DataRate rate) => _pacer.SetRate(now, rate);

    /// <summary>Something has left.</summary>
    public void OnSent(Instant now, int bytes) => _pacer.OnSent(now, bytes);

    /// <summary>Asks for the memory that <see cref="Takes"/> and <see cref="OnSent"/> touch behind the object itself.</summary>
    public void Prefetch() => CacheLines.Fetch(_pacer);

    /// <summary>So many bytes of pictures may all leave now: nothing waits, and the bucket has room for them. True on a line that is fast enough.</summary>
    public bool Takes(Instant now, int bytes) => Count == 0 && _pacer.HasRoom(now, bytes);

    /// <summary>A picture's packet may not leave now: the bucket is full, or others wait.</summary>
    public bool MustWait(Instant now, int bytes) => Count > 0 || !_pacer.MaySend(now, bytes);

    /// <summary>
    /// Takes a packet to the end of its slot's line; false if the line is closed by it. What stands in the line stays: it can be decoded as
    /// far as it goes, and nothing behind a gap can.
    /// </summary>
    public bool TryAdd(ReceiveSlot slot, in WaitingPacket packet)
    {
        if (Count == MaximumPackets || Bytes + packet.Bytes > Math.Max(TurnBytes, _pacer.Rate.BytesIn(MaximumWait)))
        {
            var longest = FindLongest(slot);
            longest.CloseLine();
            if (Count == MaximumPackets || ReferenceEquals(longest, slot)) return false;
        }

        if (Count == 0) BusySince = packet.Since;
        var place = TakePlace();
        _packets[place] = packet;
        _packets[place].Next = Nowhere;
        ref var line = ref slot.Waiting;
        if (line.Count == 0)
        {
            line.First = place;
            _slots.Add(slot);
        }
        else
        {
            _packets[line.Last].Next = place;
        }

        line.Last = place;
        line.Count++;
        line.Bytes += packet.Bytes;
        Count++;
        Bytes += packet.Bytes;
        return true;
    }

    /// <summary>Forgets all that waits of a slot.</summary>
    public void Remove(ReceiveSlot slot)
    {
        while (slot.Waiting.Count > 0) Take(slot);
        Leave(_slots.IndexOf(slot));
    }

    /// <summary>Sends what may leave by now; true if there was anything.</summary>
    public bool Release(Instant now)
    {
        var any = false;
        if (Count == 0 || !_pacer.MaySend(now, Run)) return false;
        while (Count > 0 && _pacer.MaySend(now, _packets[_slots[_turn].Waiting.First].Bytes)) any |= SendNext(now);
        return any;
    }

    /// <summary>Sends the next one without asking the pacer, as a part of a probe; false if nothing waits.</summary>
    public bool TryReleaseOne(Instant now)
    {
        while (Count > 0)
        {
            if (SendNext(now)) return true;
        }

        return false;
    }

    private ReceiveSlot FindLongest(ReceiveSlot longest)
    {
        foreach (var slot in _slots)
        {
            if (slot.Waiting.Bytes > longest.Waiting.Bytes) longest = slot;
        }

        return longest;
    }

    private bool SendNext(Instant now)
    {
        var slot = _slots[_turn];
        var first = _packets[slot.Waiting.First];
        if (now - first.Since > MaximumWait || !slot.SendWaiting(now, first))
        {
            slot.LoseWaiting();
            return false;
        }

        slot.Waiting.SentUntil = Math.Max(slot.Waiting.SentUntil, first.Numbers.Sequence);
        Take(slot);
        (_wait, _waitedAt) = (now - first.Since, now);
        _turnBytes += first.Bytes;
        if (slot.Waiting.Count == 0)
        {
            Leave(_turn);
            slot.OnLineGone();
        }
        else if (_turnBytes >= TurnBytes) NextTurn(_turn + 1);
        return true;
    }

    private void Leave(int index)
    {
        if (index < 0) return;
        _slots.RemoveAt(index);
        NextTurn(index < _turn ? _turn - 1 : _turn);
    }

    private void NextTurn(int index)
    {
        _turn = index < _slots.Count ? index : 0;
        _turnBytes = 0;
    }

    private void Take(ReceiveSlot slot)
    {
        ref var line = ref slot.Waiting;
        var place = line.First;
        ref var packet = ref _packets[place];
        line.First = packet.Next;
        line.Count--;
        line.Bytes -= packet.Bytes;
        Count--;
        Bytes -= packet.Bytes;
        packet = new WaitingPacket { Next = _free };
        _free = place;
    }

    private int TakePlace()
    {
        if (_free == Nowhere) Grow();
        var place = _free;
        _free = _packets[place].Next;
        return place;
    }

    /// <summary>Most receivers never wait, so the room is made when one does.</summary>
    private void Grow()
    {
        var from = _packets.Length;
        Array.Resize(ref _packets, Math.Max(FirstPackets, from * 2));
        for (var place = _packets.Length - 1; place >= from; place--)
        {
            _packets[place].Next = _free;
            _free = place;
        }
    }
}
