using Pendopo.Rtc;
using Pendopo.Sfu.Bandwidth;

namespace Pendopo.Sfu.Forwarding;

/// <summary>Chooses the layers of one receiver's seats under its estimate, and notices what the receiver must be told.</summary>
internal sealed class LayerPlanner(MediaPeer receiver)
{
    /// <summary>Taken off the estimate for each sound: Opus at 40 kb/s with headers.</summary>
    private static readonly DataRate PerVoice = DataRate.FromKilobits(40);

    /// <summary>What layers usually cost, for those not measured yet: 150, 500, 1500 and 2500 kb/s.</summary>
    private static readonly long[] NominalRates = [150_000, 500_000, 1_500_000, 2_500_000];

    private readonly List<Seat> _order = [];
    private readonly VideoDemand[] _demands = new VideoDemand[64];
    private readonly int[] _counts = new int[64];
    private readonly int[] _chosen = new int[64];
    private readonly PublishedLayer?[][] _layers = [.. Enumerable.Range(0, 64).Select(static _ => new PublishedLayer?[LayerRates.Capacity])];
    private List<SeatBinding> _toldSeats = [];
    private List<VoiceBinding> _toldVoices = [];
    private bool _told;

    public void Plan(Instant now)
    {
        _order.Clear();
        foreach (var seat in receiver.Seats)
        {
            if (seat.Peer is not null && _order.Count < _demands.Length) _order.Add(seat);
        }

        _order.Sort(static (left, right) => left.Rank.CompareTo(right.Rank));
        var voices = 0;
        for (var i = 0; i < _order.Count; i++)
        {
            if (_order[i].Audio?.Source is { IsPublishing: true }) voices++;
            Describe(now, _order[i], i);
        }

        var audio = PerVoice * voices;
        var estimate = receiver.Estimator.Estimate;
        var budget = estimate > audio ? estimate - audio : DataRate.Zero;
        BandwidthAllocator.Allocate(budget, _demands.AsSpan(0, _order.Count), _counts.AsSpan(0, _order.Count), _chosen.AsSpan(0, _order.Count));
        var wanted = audio;
        var complete = true;
        for (var i = 0; i < _order.Count; i++)
        {
            Apply(_order[i], i);
            if (_counts[i] == 0) continue;
            complete &= _chosen[i] >= _demands[i].Wanted;
            for (var level = 0; level <= _demands[i].Wanted; level++)
            {
                wanted += new DataRate(level == 0 ? _demands[i].Layers[0] : _demands[i].Layers[level] - _demands[i].Layers[level - 1]);
            }
        }

        // The allocator's margin for going up counts as needed too.
        receiver.Prober.Wanted = complete ? DataRate.Zero : wanted * 1.25;
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
        var layers = _layers[place];
        var rates = default(LayerRates);
        var count = 0;
        var current = -1;
        if (seat.Video is { Source: { IsPublishing: true } source } slot && seat.Height > 0)
        {
            foreach (var layer in source.Layers)
            {
                if (count == LayerRates.Capacity || !layer.IsAlive(now) || !slot.Decodes(layer.Codec)) continue;
                layers[count] = layer;
                var measured = layer.Rate.Rate(now).BitsPerSecond;
                var least = count > 0 ? rates[count - 1] : 0;
                rates[count] = Math.Max(least + 1, measured > 10_000 ? measured : NominalRates[Math.Min(layer.Index, NominalRates.Length - 1)]);
                if (ReferenceEquals(layer, slot.Target)) current = count;
                count++;
            }
        }

        _counts[place] = count;
        _demands[place] = new(rates, WantedLayer(seat.Height, count), current);
    }

    /// <summary>
    /// Layers halve the picture each; a camera's largest is taken as 720 lines high. A tile takes the smallest layer that is
    /// at least three quarters of its height: scaling up by a third is not seen, a layer more costs three times the rate.
    /// </summary>
    private static int WantedLayer(int height, int count)
    {
        if (count == 0) return 0;
        for (var i = 0; i < count - 1; i++)
        {
            var lines = 720 >> (count - 1 - i);
            if (lines >= height * 0.75) return i;
        }

        return count - 1;
    }

    private void Apply(Seat seat, int place)
    {
        var source = seat.Video?.Source;
        var layer = _chosen[place] < 0 ? null : _layers[place][_chosen[place]];
        if (seat.Video is { } slot)
        {
            // A picture begins with the smallest layer: its key frame is encoded, sent and decoded in a fraction of the time
            // of a large one, and the wanted layer follows at the next key frame.
            var next = layer is not null && slot.Current is null ? _layers[place][0] : layer;
            if (!ReferenceEquals(slot.Target, next)) slot.Select(next, LayerAim.Everything);
        }

        seat.Pause = source is not { IsPublishing: true } ? PauseReason.Muted
            : seat.Video is { } video && !video.Decodes(source.Codec) ? PauseReason.Codec
            : layer is null && _counts[place] > 0 ? PauseReason.Bandwidth
            : PauseReason.None;
    }
}
