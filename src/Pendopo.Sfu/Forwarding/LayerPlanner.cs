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

    private readonly List<Seat> _order = [];
    private VideoDemand[] _demands = [];
    private int[] _chosen = [];
    private LayerLadder[] _ladders = [];
    private List<SeatBinding> _toldSeats = [];
    private List<VoiceBinding> _toldVoices = [];
    private bool _told;

    public void Plan(Instant now)
    {
        MakeRoom(receiver.Seats.Count);
        _order.Clear();
        foreach (var seat in receiver.Seats)
        {
            if (seat.Peer is not null) _order.Add(seat);
        }

        _order.Sort(static (left, right) => (left.Priority, left.Rank).CompareTo((right.Priority, right.Rank)));
        var voices = 0;
        for (var i = 0; i < _order.Count; i++)
        {
            if (_order[i].Audio?.Source is { IsPublishing: true }) voices++;
            Describe(now, _order[i], i);
        }

        var audio = PerVoice * Math.Min(voices, receiver.Room.MaximumVoices);
        var estimate = receiver.Estimator.Estimate;
        var budget = estimate > audio ? estimate - audio : DataRate.Zero;
        BandwidthAllocator.Allocate(budget, _demands.AsSpan(0, _order.Count), _chosen.AsSpan(0, _order.Count));
        var wanted = audio;
        var complete = true;
        for (var i = 0; i < _order.Count; i++)
        {
            Apply(now, _order[i], i);
            if (_demands[i].Count == 0) continue;
            complete &= _chosen[i] >= _demands[i].Wanted;
            wanted += new DataRate(_demands[i].Layers[_demands[i].Wanted]);
        }

        // The allocator's margin for going up counts as needed too.
        receiver.Prober.Wanted = complete ? DataRate.Zero : wanted * BandwidthAllocator.UpgradeMargin;
    }

    /// <summary>Seats come by negotiation only, so this costs a plan nothing.</summary>
    private void MakeRoom(int seats)
    {
        if (_demands.Length >= seats) return;
        _demands = new VideoDemand[seats];
        _chosen = new int[seats];
        _ladders = [.. _ladders, .. Enumerable.Range(_ladders.Length, seats - _ladders.Length).Select(static _ => new LayerLadder())];
    }

    /// <summary>The bindings, if they differ from what the receiver was told last.</summary>
    public bool TakeChange(out IReadOnlyList<SeatBinding> seats, out IReadOnlyList<VoiceBinding> voices)
    {
        seats = _toldSeats;
        voices = _toldVoices;
        if (_told && !HasChanged()) return false;
        _told = true;
        seats = _toldSeats = [.. receiver.Seats.Where(static seat => seat.Peer is not null).Select(Bind)];
        voices = _toldVoices = [.. Voices()];
        return true;
    }

    private static SeatBinding Bind(Seat seat) => new(seat.Index, seat.Peer!.Id, seat.Source, seat.Pause);

    private IEnumerable<VoiceBinding> Voices()
    {
        for (var i = 0; i < receiver.Voices.Count; i++)
        {
            if (receiver.Voices[i].Source is { } source) yield return new VoiceBinding(i, source.Peer.Id);
        }
    }

    private bool HasChanged()
    {
        var told = 0;
        foreach (var seat in receiver.Seats)
        {
            if (seat.Peer is null) continue;
            if (told == _toldSeats.Count) return true;
            var binding = _toldSeats[told++];
            if (binding.Seat != seat.Index || binding.Peer != seat.Peer.Id || binding.Source != seat.Source || binding.Pause != seat.Pause) return true;
        }

        if (told != _toldSeats.Count) return true;
        told = 0;
        for (var i = 0; i < receiver.Voices.Count; i++)
        {
            if (receiver.Voices[i].Source is not { } source) continue;
            if (told == _toldVoices.Count || _toldVoices[told].Voice != i || _toldVoices[told].Peer != source.Peer.Id) return true;
            told++;
        }

        return told != _toldVoices.Count;
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
        : !seat.Video.Decodes(source.Codec) ? PauseReason.Codec
        : seat.Height <= 0 ? PauseReason.NotWanted
        : demand.Count > 0 ? chosen < 0 ? PauseReason.Bandwidth : PauseReason.None
        : now - seat.SilentSince > StallTime ? PauseReason.Stalled : PauseReason.None;

    private static void Take(Instant now, Seat seat, ReceiveSlot slot, in VideoDemand demand, int chosen, LayerLadder ladder)
    {
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
            layer.KeyFrames.Want();
            seat.SelectedAt = now;
        }
    }

    /// <summary>
    /// Nothing arrives (yet): the sender was told that nobody looks, or is only starting. Its smallest stream is awaited, so that its first
    /// key frame is the receiver's.
    /// </summary>
    private static void Await(ReceiveSlot slot, PublishedTrack source)
    {
        if (slot.Decodes(source.Codec)) slot.Select(source.Layers[0], LayerAim.Everything);
    }
}
