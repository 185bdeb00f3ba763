using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pendopo.Rtc.Rtp;

/// <summary>
/// The video-layers-allocation extension: which layers a sender sends at present of all streams of one source, at which target rate, and
/// how large their pictures are (http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00). A value without references.
/// </summary>
public struct VideoLayersAllocation
{
    public const int MaximumStreams = 4;

    public const int MaximumSpatialLayers = 4;

    public const int MaximumTemporalLayers = 4;

    /// <summary>More is no target of a video encoder.</summary>
    private const uint MaximumKilobits = 10_000_000;

    /// <summary>Width and height less one, and frames a second.</summary>
    private const int SizeBytes = 5;

    private LayerArray _layers;
    private ushort _active;

    /// <summary>The place of the stream that carried it among those of the source, from 0.</summary>
    public int StreamIndex { get; private set; }

    /// <summary>Streams that it tells of; further ones, if there are any, are not sent. Zero when nothing is sent at all.</summary>
    public int StreamCount { get; private set; }

    /// <summary>It tells how large pictures are.</summary>
    public bool HasSizes { get; private set; }

    /// <summary>True if the layer is sent.</summary>
    public readonly bool IsActive(int stream, int spatial) => (uint)stream < MaximumStreams && (uint)spatial < MaximumSpatialLayers && (_active >> Place(stream, spatial) & 1) != 0;

    /// <summary>Both tell of the same layers, whatever their rates.</summary>
    public readonly bool HasSameLayers(in VideoLayersAllocation other) => _active == other._active;

    /// <summary>The highest spatial layer of a stream that is sent; −1 when the stream is not.</summary>
    public readonly int TopSpatialLayer(int stream) =>
        (uint)stream < MaximumStreams ? 31 - BitOperations.LeadingZeroCount((uint)(_active >> Place(stream, 0) & 0xf)) : -1;

    /// <summary>Temporal layers of a spatial layer; 0 for one that is not sent.</summary>
    public readonly int TemporalLayers(int stream, int spatial) => IsActive(stream, spatial) ? _layers[Place(stream, spatial)].TemporalLayers : 0;

    /// <summary>The target for all that a receiver of these layers needs, the lower layers that they build on included; zero for such as are not sent.</summary>
    /// <param name="stream">From 0.</param>
    /// <param name="spatial">From 0.</param>
    /// <param name="temporal">From 0; more than there are means all.</param>
    public readonly DataRate TargetRate(int stream, int spatial, int temporal) =>
        IsActive(stream, spatial) && temporal >= 0 && _layers[Place(stream, spatial)] is var layer
            ? DataRate.FromKilobits(layer.Kilobits[Math.Min(temporal, layer.TemporalLayers - 1)])
            : DataRate.Zero;

    /// <summary>Pixels, and frames a second at most; zeros where it does not tell.</summary>
    public readonly (int Width, int Height, int FramesPerSecond) Size(int stream, int spatial) =>
        HasSizes && IsActive(stream, spatial) && _layers[Place(stream, spatial)] is var layer ? (layer.Width, layer.Height, layer.FramesPerSecond) : default;

    /// <summary>Reads the extension's value. False for anything that the format does not allow.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out VideoLayersAllocation allocation)
    {
        allocation = default;
        if (value.IsEmpty) return false;
        if (value.Length == 1 && value[0] == 0) return true; // nothing is sent

        var parsed = default(VideoLayersAllocation);
        var reader = new BitReader(value);
        parsed.StreamIndex = (int)reader.ReadBits(2);
        parsed.StreamCount = (int)reader.ReadBits(2) + 1;
        if (parsed.StreamIndex >= parsed.StreamCount || !parsed.TryReadActive(ref reader) || !parsed.TryReadTemporalLayers(ref reader)) return false;
        if (!parsed.TryReadRates(ref reader)) return false;

        // Whether sizes follow is told by the length alone.
        var rest = value[(reader.Position / 8)..];
        if (!rest.IsEmpty && !parsed.TryReadSizes(rest)) return false;
        allocation = parsed;
        return true;
    }

    private static int Place(int stream, int spatial) => (stream * MaximumSpatialLayers) + spatial;

    private bool TryReadActive(ref BitReader reader)
    {
        var common = reader.ReadBits(MaximumSpatialLayers);
        for (var stream = 0; stream < StreamCount; stream++)
        {
            var own = common != 0 ? common : reader.ReadBits(MaximumSpatialLayers);
            _active |= (ushort)(own << Place(stream, 0));
        }

        // With nothing active in any stream the value would have been the single zero.
        return TryAlign(ref reader) && _active != 0;
    }

    private bool TryReadTemporalLayers(ref BitReader reader)
    {
        for (uint rest = _active; rest != 0; rest &= rest - 1)
        {
            _layers[BitOperations.TrailingZeroCount(rest)].TemporalLayers = (byte)(reader.ReadBits(2) + 1);
        }

        return TryAlign(ref reader);
    }

    private bool TryReadRates(ref BitReader reader)
    {
        for (uint rest = _active; rest != 0; rest &= rest - 1)
        {
            ref var layer = ref _layers[BitOperations.TrailingZeroCount(rest)];
            for (var temporal = 0; temporal < layer.TemporalLayers; temporal++)
            {
                if (!TryReadLeb128(ref reader, out var kilobits) || kilobits > MaximumKilobits) return false;
                layer.Kilobits[temporal] = kilobits;
            }
        }

        return true;
    }

    private bool TryReadSizes(ReadOnlySpan<byte> sizes)
    {
        if (sizes.Length != BitOperations.PopCount(_active) * SizeBytes) return false;
        HasSizes = true;
        var reader = new BitReader(sizes);
        for (uint rest = _active; rest != 0; rest &= rest - 1)
        {
            ref var layer = ref _layers[BitOperations.TrailingZeroCount(rest)];
            layer.Width = (int)reader.ReadBits(16) + 1;
            layer.Height = (int)reader.ReadBits(16) + 1;
            layer.FramesPerSecond = (byte)reader.ReadBits(8);
        }

        return true;
    }

    /// <summary>Skips what fills a byte up, which is zero; false when it is not, or when the value ended before.</summary>
    private static bool TryAlign(ref BitReader reader) => reader.ReadBits(-reader.Position & 7) == 0 && !reader.Failed;

    /// <summary>AV1 specification, §4.10.5, as far as 32 bits go.</summary>
    private static bool TryReadLeb128(ref BitReader reader, out uint value)
    {
        ulong read = 0;
        for (var i = 0; i < 5; i++)
        {
            var octet = reader.ReadBits(8);
            read |= (ulong)(octet & 0x7f) << (7 * i);
            if ((octet & 0x80) != 0) continue;
            value = (uint)read;
            return !reader.Failed && read <= uint.MaxValue;
        }

        value = 0;
        return false;
    }

    private struct Layer
    {
        public RateArray Kilobits;
        public int Width;
        public int Height;
        public byte FramesPerSecond;
        public byte TemporalLayers;
    }

    [InlineArray(MaximumTemporalLayers)]
    private struct RateArray
    {
        private uint _element;
    }

    [InlineArray(MaximumStreams * MaximumSpatialLayers)]
    private struct LayerArray
    {
        private Layer _element;
    }
}
