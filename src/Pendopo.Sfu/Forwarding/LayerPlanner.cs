using Pendopo.Rtc;
using Pendopo.Sfu.Bandwidth;

namespace Pendopo.Sfu.Forwarding;

/// <summary>Chooses the layers of one receiver's seats under its estimate, and notices what the receiver must be told.</summary>
internal sealed class LayerPlanner(MediaPeer receiver)
{
    /// <summary>Taken off the estimate for each sound: Opus at 40 kb/s with headers.</summary>
    private static readonly DataRate PerVoice = DataRate.FromKilobits(40);

    /// <summary>A source of which nothing comes is called stalled after that: a camera takes a second or two to start.</summary>
    private static readonly TimeSpan StallTime = TimeSpan.FromSeconds(3);

    /// <summary>
    /// A switch that the stream has not allowed by then needs another key frame: the one that was asked for came to nothing.
    /// </summary>
    private static readonly TimeSpan SwitchPatience = TimeSpan.FromSeconds(2);

    /// <summary>How often layers are chosen anew without an outer reason: the pace at which estimates move.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>A page of text, or a few key frames at once, are out by then; what still waits then does so because there is too much of it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    /// <summary>In which more than usually waits shall be gone.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    private Seat?[] _order = [];
    private VideoDemand[] _demands = [];
    private int[] _chosen = [];
    private LayerLadder[] _ladders = [];
    private SeatBinding[] _toldSeats = [];
    private VoiceBinding[] _toldVoices = [];
    private bool _told;
    private int _undone;

    /// <summary>When <see cref="Plan"/> is to be called.</summary>
    public Instant Due { get; private set; }

    /// <summary>The receiver was given all that its tiles justify, when it was last looked at.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Something has changed that the choice depends on.</summary>
    public void Hasten()
    {
        Due = Instant.Zero;
        receiver.Hasten(Instant.Zero);
    }

    public void Plan(Instant now)
    {
        Due = now + Interval;
        var count = TakeOrder();
        ForgetFalls();
        var voices = 0;
        for (var i = 0; i < count; i++)
        {
            if (_order[i]!.Audio?.Source is { IsPublishing: true }) voices++;
            Describe(now, _order[i]!, i);
        }

        var audio = receiver.Repeater.CostOf(PerVoice * Math.Min(voices, receiver.Room.MaximumVoices));
        var (estimate, taken) = (receiver.Estimator.Estimate, audio + TakenFromPictures(now));
        var budget = estimate > taken ? estimate - taken : DataRate.Zero;
        BandwidthAllocator.Allocate(budget, _demands.AsSpan(0, count), _chosen.AsSpan(0, count));
        var wanted = audio;
        IsComplete = true;
        for (var i = 0; i < count; i++)
        {
            Apply(now, _order[i]!, i);
            if (_demands[i].Count == 0) continue;
            IsComplete &= _chosen[i] >= _demands[i].Wanted;
            wanted += new DataRate(_demands[i].Layers[_demands[i].Wanted]);
        }

        // The allocator's margin for going up counts as needed too.
        receiver.Prober.Wanted = IsComplete ? DataRate.Zero : wanted * BandwidthAllocator.UpgradeMargin;
    }

    /// <summary>The bindings, if they differ from what the receiver was told last. What is the same is told by the same objects.</summary>
    public bool TakeChange(out IReadOnlyList<SeatBinding> seats, out IReadOnlyList<VoiceBinding> voices)
    {
        var (newSeats, newVoices) = (!_told || HaveSeatsChanged(), !_told || HaveVoicesChanged());
        if (newSeats) _toldSeats = BindSeats();
        if (newVoices) _toldVoices = BindVoices();
        _told = true;
        (seats, voices) = (_toldSeats, _toldVoices);
        return newSeats || newVoices;
    }

    /// <summary>
    /// While the line is known to carry no more than the estimate, what waits leaves that much less to new pictures, once it has lasted: one
    /// large frame moves no layers. Repairs that are too much show there too, and cost no picture anything where there is room for them.
    /// </summary>
    private DataRate TakenFromPictures(Instant now)
    {
        var isLate = receiver.Pacing.Rate <= receiver.Estimator.Estimate && now - receiver.Pacing.BusySince >= Patience;
        return isLate ? DataRate.Of(receiver.Pacing.ExcessBytes, DrainTime) : DataRate.Zero;
    }

    /// <summary>A decrease that was undone says nothing of the steps that pictures went down by it.</summary>
    private void ForgetFalls()
    {
        if (_undone == receiver.Estimator.Undone) return;
        _undone = receiver.Estimator.Undone;
        foreach (var seat in receiver.Seats) seat.Hold = default;
    }

    /// <summary>Seats that are taken, by their rank; returns how many. The allocator sees to the classes.</summary>
    private int TakeOrder()
    {
        MakeRoom(receiver.Seats.Count);
        Array.Clear(_order);
        foreach (var seat in receiver.Seats)
        {
            if (seat.Peer is not null) _order[seat.Rank] = seat;
        }

        var count = 0;
        foreach (var seat in _order)
        {
            if (seat is not null) _order[count++] = seat;
        }

        return count;
    }

    /// <summary>Seats come by negotiation only, so this costs a plan nothing.</summary>
    private void MakeRoom(int seats)
    {
        if (_demands.Length >= seats) return;
        _order = new Seat?[seats];
        _demands = new VideoDemand[seats];
        _chosen = new int[seats];
        _ladders = [.. _ladders, .. Enumerable.Range(_ladders.Length, seats - _ladders.Length).Select(static _ => new LayerLadder())];
    }

    private static bool IsSame(SeatBinding told, Seat seat) =>
        told.Seat == seat.Index && told.Peer == seat.Peer!.Id && told.Source == seat.Source && told.Pause == seat.Pause;

    private bool HaveSeatsChanged()
    {
        var told = 0;
        foreach (var seat in receiver.Seats)
        {
            if (seat.Peer is null) continue;
            if (told == _toldSeats.Length || !IsSame(_toldSeats[told++], seat)) return true;
        }

        return told != _toldSeats.Length;
    }

    private SeatBinding[] BindSeats()
    {
        var count = 0;
        foreach (var seat in receiver.Seats) count += seat.Peer is null ? 0 : 1;
        var bindings = new SeatBinding[count];
        int next = 0, told = 0;
        foreach (var seat in receiver.Seats)
        {
            if (seat.Peer is null) continue;
            while (told < _toldSeats.Length && _toldSeats[told].Seat < seat.Index) told++;
            bindings[next++] = told < _toldSeats.Length && IsSame(_toldSeats[told], seat) ? _toldSeats[told] : new SeatBinding(seat.Index, seat.Peer.Id, seat.Source, seat.Pause);
        }

        return bindings;
    }

    private bool HaveVoicesChanged()
    {
        var told = 0;
        for (var i = 0; i < receiver.Voices.Count; i++)
        {
            if (receiver.Voices[i].Source is not { } source) continue;
            if (told == _toldVoices.Length || _toldVoices[told].Voice != i || _toldVoices[told].Peer != source.Peer.Id) return true;
            told++;
        }

        return told != _toldVoices.Length;
    }

    private VoiceBinding[] BindVoices()
    {
        var count = 0;
        foreach (var voice in receiver.Voices) count += voice.Source is null ? 0 : 1;
        var bindings = new VoiceBinding[count];
        var next = 0;
        for (var i = 0; i < receiver.Voices.Count; i++)
        {
            if (receiver.Voices[i].Source is { } source) bindings[next++] = new VoiceBinding(i, source.Peer.Id);
        }

        return bindings;
    }

    private void Describe(Instant now, Seat seat, int place)
    {
        var ladder = _ladders[place];
        _demands[place] = new() { Current = -1, Priority = seat.Priority };
        if (seat.Video is not { Source: { IsPublishing: true } source } slot || seat.Height <= 0) return;
        ladder.Build(now, source, slot);
        var wanted = ladder.Wanted(seat.Height);
        _demands[place] = new(ladder.Rates, ladder.Count, wanted, slot.Target is null ? -1 : ladder.Find(slot))
        {
            Priority = seat.Priority,
            Useful = seat.Priority <= VideoPriority.Pinned ? ladder.Useful(seat.Height, wanted) : 0,
            MustStay = seat.Hold.IsHolding(now),
        };
    }

    private void Apply(Instant now, Seat seat, int place)
    {
        var (demand, chosen, ladder) = (_demands[place], _chosen[place], _ladders[place]);
        if (seat.Video is { } slot)
        {
            if (demand.Count > 0) Take(now, seat, slot, demand, chosen, ladder);
            else if (slot is { Target: null, Source: { IsPublishing: true, Layers.Count: > 0 } source } && seat.Height > 0) Await(slot, source);
            else if (slot.Target is not null && (seat.Height <= 0 || slot.Source is not { IsPublishing: true })) slot.Select(null, LayerAim.Everything);
        }

        if (demand.Count > 0 || seat.Height <= 0 || seat.Video?.Source is not { IsPublishing: true }) seat.SilentSince = now;
        seat.Pause = PauseOf(now, seat, demand, chosen);
    }

    private static PauseReason PauseOf(Instant now, Seat seat, in VideoDemand demand, int chosen) =>
        seat.Video?.Source is not { IsPublishing: true } source ? PauseReason.Muted
        : source.IsForeignTo(seat.Video) ? PauseReason.Codec
        : seat.Height <= 0 ? PauseReason.NotWanted
        : demand.Count > 0 ? chosen < 0 ? PauseReason.Bandwidth : PauseReason.None
        : now - seat.SilentSince > StallTime ? PauseReason.Stalled : PauseReason.None;

    private static void Take(Instant now, Seat seat, ReceiveSlot slot, in VideoDemand demand, int chosen, LayerLadder ladder)
    {
        if (slot.Waiting.IsClosed) return;
        if (chosen > demand.Current) seat.Hold.OnRise(now);
        else if (chosen < Math.Min(demand.Current, demand.Wanted)) seat.Hold.OnFall(now);
        if (chosen < 0)
        {
            if (slot.Target is not null) slot.Select(null, LayerAim.Everything);
            return;
        }

        // A picture begins with the smallest size: its key frame is encoded, sent and decoded in a fraction of the time of a large one,
        // and the wanted size follows at the next key frame.
        var step = slot.Current is null ? ladder.First(chosen) : chosen;
        var (layer, aim) = (ladder.Layer(step), ladder.Aim(step));
        if (!ReferenceEquals(slot.Target, layer) || slot.Aim != aim)
        {
            slot.Select(layer, aim, isRelief: chosen < demand.Current);
            seat.SelectedAt = now;
        }
        else if (slot.IsWaiting && now - seat.SelectedAt > SwitchPatience)
        {
            slot.Select(layer, aim);
            layer.WantKeyFrame();
            seat.SelectedAt = now;
        }
    }

    /// <summary>
    /// Nothing arrives that the receiver can use (yet): the sender was told that nobody looks, is only starting, or is about to change its codec.
    /// Its smallest stream is awaited, so that its first key frame is the receiver's.
    /// </summary>
    private static void Await(ReceiveSlot slot, PublishedTrack source) => slot.Select(source.Layers[0], LayerAim.Everything);
}
