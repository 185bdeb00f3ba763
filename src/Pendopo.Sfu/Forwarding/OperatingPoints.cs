using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// What can be had of one received stream: the combinations of spatial and temporal layer that are in it, with what each costs, measured
/// from its packets, and how large its pictures are. A stream without layers has one. Owned by the worker.
/// </summary>
internal sealed class OperatingPoints
{
    /// <summary>Four spatial layers with three temporal ones, or three with four.</summary>
    public const int Capacity = 12;

    private const int SpatialLayers = 4;

    private const int Targets = 32;

    /// <summary>A layer of which nothing came for so long is switched off: the rarest frames come several times a second.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(100);

    private readonly Point[] _points = new Point[Capacity];
    private readonly sbyte[] _ofTarget = new sbyte[Targets];
    private readonly ushort[] _heights = new ushort[SpatialLayers];
    private LayerScheme _scheme;
    private int _structure;
    private Instant _refreshedAt;

    /// <summary>Smallest first: by spatial, then by temporal layer.</summary>
    public int Count { get; private set; }

    public LayerAim Aim(int point) => _points[point].Aim;

    /// <summary>Smoothed, since the size of one picture and the next differ widely; zero before anything was measured.</summary>
    public long BitsPerSecond(int point) => (long)_points[point].Cost;

    /// <summary>When its own layer's last packet came.</summary>
    public Instant SeenAt(int point) => _points[point].SeenAt;

    public bool IsActive(int point, Instant now) => now - _points[point].SeenAt < Silence;

    /// <summary>Lines of its pictures; 0 while unknown.</summary>
    public int Height(int point) => _points[point].Aim == LayerAim.Everything ? _heights[0] : _heights[Math.Min((int)_points[point].Aim.Spatial, SpatialLayers - 1)];

    /// <summary>Lines of the largest pictures that were ever told; 0 while unknown.</summary>
    public int TopHeight { get; private set; }

    /// <summary>The largest cost of all points, as last measured.</summary>
    public long TopBitsPerSecond { get; private set; }

    public void OnPacket(Instant now, in FrameLayers layers, DependencyDescriptorReader structure, int length)
    {
        // A descriptor that cannot be read yet says nothing; the stream keeps the layers that it has.
        if (layers.Scheme == LayerScheme.None && _scheme != LayerScheme.None) return;
        if (layers.Scheme != _scheme)
        {
            (_scheme, Count, _structure) = (layers.Scheme, 0, 0);
        }

        switch (layers.Scheme)
        {
            case LayerScheme.None:
                Measure(now, GetOrAdd(LayerAim.Everything), length);
                break;
            case LayerScheme.Descriptor:
                CountTargets(now, layers, structure, length);
                break;
            default:
                CountLayers(now, layers, length);
                break;
        }
    }

    /// <summary>The first packet of a key frame tells how large the pictures are.</summary>
    public void OnKeyFrame(MediaCodec codec, ReadOnlySpan<byte> payload, DependencyDescriptorReader structure)
    {
        switch (codec)
        {
            case MediaCodec.Vp8 when Vp8Descriptor.TryParse(payload, out var vp8) && vp8.ReadHeight(payload) is > 0 and var height:
                _heights[0] = (ushort)height;
                break;
            case MediaCodec.Vp9 when Vp9Descriptor.TryParse(payload, out var vp9):
                vp9.ReadHeights(payload, _heights);
                break;
            default:
                for (var spatial = 0; spatial < SpatialLayers; spatial++)
                {
                    if (structure.Height(spatial) is > 0 and var lines) _heights[spatial] = (ushort)lines;
                }

                break;
        }

        foreach (var height in _heights) TopHeight = Math.Max(TopHeight, height);
    }

    /// <summary>Takes new measurements over. Cheap when called more often than needed.</summary>
    public void Refresh(Instant now)
    {
        if (now - _refreshedAt < RefreshInterval) return;
        _refreshedAt = now;
        long top = 0;
        for (var i = 0; i < Count; i++)
        {
            ref var point = ref _points[i];
            if (!IsActive(i, now)) continue;
            var rate = point.Rate.Rate(now).BitsPerSecond;

            // More is believed sooner than less: too much hurts the receiver, too little only its picture.
            point.Cost = point.Cost <= 0 ? rate : point.Cost + ((rate - point.Cost) * (rate > point.Cost ? 0.3 : 0.1));
            top = Math.Max(top, (long)point.Cost);
        }

        if (top > 0) TopBitsPerSecond = top;
    }

    private void CountLayers(Instant now, in FrameLayers layers, int length)
    {
        var own = new LayerAim(layers.Spatial, layers.Temporal);
        if (GetOrAdd(own) is >= 0 and var index) _points[index].SeenAt = now;
        for (var i = 0; i < Count; i++)
        {
            var aim = _points[i].Aim;
            if (aim.Temporal < own.Temporal || aim.Spatial < own.Spatial) continue;

            // Between key pictures an independent lower layer is left out for those who get a higher one.
            if (aim.Spatial > own.Spatial && layers is { NotUpperReference: true, IsPredicted: true }) continue;
            _points[i].Rate.Add(now, length);
        }
    }

    private void CountTargets(Instant now, in FrameLayers layers, DependencyDescriptorReader structure, int length)
    {
        var descriptor = layers.Descriptor;
        if (_structure != structure.Structure)
        {
            _structure = structure.Structure;
            for (var target = 0; target < structure.DecodeTargetCount; target++)
            {
                var (spatial, temporal) = structure.TargetLayers(target);
                GetOrAdd(new LayerAim(spatial, temporal));
            }

            // Adding moves points, so their places are looked up when all are there.
            for (var target = 0; target < Targets; target++)
            {
                var (spatial, temporal) = target < structure.DecodeTargetCount ? structure.TargetLayers(target) : default;
                _ofTarget[target] = (sbyte)(target < structure.DecodeTargetCount ? Find(new LayerAim(spatial, temporal)) : -1);
            }
        }

        if (Find(new LayerAim(layers.Spatial, layers.Temporal)) is >= 0 and var own) _points[own].SeenAt = now;
        for (var rest = descriptor.PresentTargets & structure.ActiveDecodeTargets; rest != 0; rest &= rest - 1)
        {
            var point = _ofTarget[System.Numerics.BitOperations.TrailingZeroCount(rest)];
            if (point >= 0) _points[point].Rate.Add(now, length);
        }
    }

    private void Measure(Instant now, int point, int length)
    {
        _points[point].SeenAt = now;
        _points[point].Rate.Add(now, length);
    }

    private int Find(LayerAim aim)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_points[i].Aim == aim) return i;
        }

        return -1;
    }

    /// <summary>Its place in the order; −1 when there are too many.</summary>
    private int GetOrAdd(LayerAim aim)
    {
        var place = 0;
        while (place < Count && (_points[place].Aim.Spatial, _points[place].Aim.Temporal).CompareTo((aim.Spatial, aim.Temporal)) < 0) place++;
        if (place < Count && _points[place].Aim == aim) return place;
        if (Count == Capacity) return -1;
        for (var i = Count; i > place; i--) _points[i] = _points[i - 1];
        _points[place] = new Point { Aim = aim };
        Count++;
        return place;
    }

    private struct Point
    {
        public LayerAim Aim;
        public RateMeter Rate;
        public Instant SeenAt;
        public double Cost;
    }
}
