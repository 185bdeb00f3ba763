using Pendopo.Rtc;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// How much of one picture source anybody wants: the tallest tile of all receivers, here and on other workers, and what follows from it
/// for the sender. A larger demand is told at once, a smaller one when it has stood for a while, so that a layout that is being changed
/// does not switch encoders off and on. Owned by the worker.
/// </summary>
internal sealed class LayerDemand
{
    /// <summary>All streams of the source, those that have never shown up included.</summary>
    public const int Everything = int.MaxValue;

    /// <summary>
    /// How long a smaller demand must stand. Switching an encoder on again costs a key frame and a part of a second; two seconds of a layer
    /// that nobody sees cost little against that.
    /// </summary>
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(2);

    private readonly Dictionary<int, int> _elsewhere = [];
    private int _here;
    private int _told = -1;
    private bool _isLower;
    private Instant _lowerSince;

    /// <summary>Lines of the tallest tile; 0 when nobody looks.</summary>
    public int Height { get; private set; }

    /// <summary>Counting begins anew.</summary>
    public void Reset() => _here = 0;

    /// <summary>A receiver of this worker has a tile of that height.</summary>
    public void Add(int height) => _here = Math.Max(_here, height);

    /// <summary>What the receivers of another worker want; 0 for nothing.</summary>
    public void SetElsewhere(int worker, int height)
    {
        if (height > 0) _elsewhere[worker] = height;
        else _elsewhere.Remove(worker);
    }

    /// <summary>Counting is done. True when <see cref="Height"/> changed.</summary>
    public bool Settle()
    {
        var height = _here;
        foreach (var (_, other) in _elsewhere) height = Math.Max(height, other);
        var changed = height != Height;
        Height = height;
        return changed;
    }

    /// <summary>True when the sender is to be told how many of its streams are wanted, counted from the smallest.</summary>
    public bool TakeChange(Instant now, PublishedTrack track, out int streams)
    {
        streams = _told;

        // A new connection sends everything; saying so first makes what was said to the connection before void.
        var level = _told < 0 ? Everything : Level(track);
        if (level >= _told) _isLower = false;
        if (level == _told) return false;
        if (level < _told)
        {
            if (!_isLower) (_isLower, _lowerSince) = (true, now);
            if (now - _lowerSince < Hold) return false;
            _isLower = false;
        }

        _told = streams = level;
        return true;
    }

    private int Level(PublishedTrack track)
    {
        if (Height == 0) return 0;
        var layers = track.Layers;
        for (var i = 0; i < layers.Count - 1; i++)
        {
            if (HeightOf(layers, i) >= Height * 0.75) return i + 1;
        }

        // The largest that was seen: if it is enough, what never showed up is not needed either.
        var isKnown = layers.Count > 0 && layers[^1].Points.TopHeight > 0;
        return layers.Count < track.Media.Rids.Count && isKnown && layers[^1].Points.TopHeight >= Height * 0.75 ? layers.Count : Everything;
    }

    private static int HeightOf(List<PublishedLayer> layers, int index)
    {
        var height = layers[index].Points.TopHeight;
        if (height > 0) return height;
        var top = layers[^1].Points.TopHeight;
        return (top > 0 ? top : 720) >> (layers.Count - 1 - index);
    }
}
