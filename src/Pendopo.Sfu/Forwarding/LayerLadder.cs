using Pendopo.Rtc;
using Pendopo.Sfu.Bandwidth;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// The steps of quality that one source offers one receiver at present, from the least to the most: its streams (simulcast) and the
/// layers within them (SVC) in one order. A smaller picture that moves is better than a larger one that stutters, so fewer frames a
/// second are a step below the smallest picture only, the last before none at all; a shared screen is read, so there they are a step
/// below every size. Filled again and again by its planner.
/// </summary>
internal sealed class LayerLadder
{
    /// <summary>What layers usually cost, for those not measured yet: 150, 500, 1500 and 2500 kb/s.</summary>
    private static readonly long[] NominalRates = [150_000, 500_000, 1_500_000, 2_500_000];

    /// <summary>Less than this was no measurement but a beginning.</summary>
    private const long LeastRate = 10_000;

    /// <summary>Lines of a camera's largest picture where nothing tells them.</summary>
    private const int UsualHeight = 720;

    private readonly Rung[] _rungs = new Rung[LayerRates.Capacity];
    private int _sizes;

    public int Count { get; private set; }

    public PublishedLayer Layer(int rung) => _rungs[rung].Layer;

    public LayerAim Aim(int rung) => _rungs[rung].Aim;

    public int Height(int rung) => _rungs[rung].Height;

    public LayerRates Rates
    {
        get
        {
            var rates = default(LayerRates);
            for (var i = 0; i < Count; i++) rates[i] = _rungs[i].BitsPerSecond;
            return rates;
        }
    }

    public void Build(Instant now, PublishedTrack source, ReceiveSlot slot)
    {
        Count = _sizes = 0;
        var sent = source.Sent;
        foreach (var layer in source.Layers)
        {
            if (!layer.IsAlive(now) || !slot.Decodes(layer.Codec) || sent?.IsOff(layer.Index, layer.LastPacketAt) == true) continue;
            var points = layer.Points;
            points.Refresh(now);
            var before = Count;
            for (var i = 0; i < points.Count; i++)
            {
                var aim = points.Aim(i);
                if (!points.IsActive(i, now) || sent?.IsOff(layer.Index, aim, points.SeenAt(i)) == true) continue;
                if (HasMoreFrames(points, i, now) && _sizes > (IsNewSize(before, aim.Spatial) ? 0 : 1) && source.Source != SourceKind.Screen) continue;
                Add(layer, aim, RateOf(source, points.BitsPerSecond(i), sent?.TargetRate(layer.Index, aim) ?? 0), HeightOf(layer, aim, points.Height(i)), before);
            }

            if (Count == before) Add(layer, LayerAim.Everything, sent?.TargetRate(layer.Index, LayerAim.Everything) ?? 0, HeightOf(layer, LayerAim.Everything, 0), before);
        }

        FillHeights();
    }

    /// <summary>
    /// The step that a tile of a height takes: the smallest picture that has at least three quarters of its lines. Scaling up by a third is
    /// not seen, a layer more costs three times the rate.
    /// </summary>
    public int Wanted(int height)
    {
        if (Count == 0) return 0;
        var wanted = Count - 1;
        for (var i = Count - 1; i >= 0; i--)
        {
            if (_rungs[i].Height >= height * 0.75 && _rungs[i].Size < _rungs[wanted].Size) wanted = i;
        }

        return wanted;
    }

    /// <summary>The step at which a picture says something to a reader or an audience: half the lines of the tile.</summary>
    public int Useful(int height, int wanted)
    {
        for (var i = 0; i < wanted; i++)
        {
            if (_rungs[i].Height >= Math.Min(height, _rungs[wanted].Height) / 2) return i;
        }

        return wanted;
    }

    /// <summary>The step that a slot was last told to take; −1 for none.</summary>
    public int Find(ReceiveSlot slot)
    {
        var found = -1;
        for (var i = 0; i < Count; i++)
        {
            if (!ReferenceEquals(_rungs[i].Layer, slot.Target)) continue;
            if (found < 0 || (_rungs[i].Aim.Spatial <= slot.Aim.Spatial && _rungs[i].Aim.Temporal <= slot.Aim.Temporal)) found = i;
        }

        return found;
    }

    /// <summary>The largest step of the smallest picture, or the given one if that is less: with what a picture begins.</summary>
    public int First(int chosen)
    {
        var first = 0;
        while (first < chosen && _rungs[first + 1].Size == 0) first++;
        return first;
    }

    /// <summary>
    /// A camera's encoder spends its target sooner or later, whatever its picture takes now. A screen's mostly does not: its pages stand still,
    /// and are worth their full size wherever what they really take fits.
    /// </summary>
    private static long RateOf(PublishedTrack source, long measured, long target) =>
        measured < LeastRate || source.Source == SourceKind.Camera ? Math.Max(measured, target) : measured;

    private static int HeightOf(PublishedLayer layer, LayerAim aim, int known) => known > 0 ? known : layer.Track.Sent?.Height(layer.Index, aim) ?? 0;

    private static bool HasMoreFrames(OperatingPoints points, int point, Instant now)
    {
        for (var i = point + 1; i < points.Count; i++)
        {
            if (points.Aim(i).Spatial == points.Aim(point).Spatial && points.IsActive(i, now)) return true;
        }

        return false;
    }

    private bool IsNewSize(int firstOfLayer, byte spatial) => Count == firstOfLayer || _rungs[Count - 1].Aim.Spatial != spatial;

    private void Add(PublishedLayer layer, LayerAim aim, long rate, int height, int firstOfLayer)
    {
        if (Count == _rungs.Length) return;
        if (IsNewSize(firstOfLayer, aim.Spatial)) _sizes++;
        var size = _sizes - 1;
        var least = Count > 0 ? _rungs[Count - 1].BitsPerSecond + 1 : 1;
        if (rate < LeastRate) rate = NominalRates[Math.Min(size, NominalRates.Length - 1)];
        _rungs[Count++] = new Rung(layer, aim, size, Math.Max(least, rate), height);
    }

    /// <summary>Sizes that nobody told follow from those told, each half the next; without any the largest counts as 720 lines.</summary>
    private void FillHeights()
    {
        var known = Count - 1;
        while (known >= 0 && _rungs[known].Height == 0) known--;
        var (height, size) = known >= 0 ? (_rungs[known].Height, _rungs[known].Size) : (UsualHeight, _sizes - 1);
        for (var i = 0; i < Count; i++)
        {
            if (_rungs[i].Height != 0) continue;
            var steps = _rungs[i].Size - size;
            _rungs[i] = _rungs[i] with { Height = steps >= 0 ? height << steps : Math.Max(1, height >> -steps) };
        }
    }

    /// <param name="Size">Place of its picture size in the order, from 0.</param>
    private readonly record struct Rung(PublishedLayer Layer, LayerAim Aim, int Size, long BitsPerSecond, int Height);
}
