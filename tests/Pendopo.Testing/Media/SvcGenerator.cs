using System.Buffers.Binary;
using Pendopo.Rtc;

namespace Pendopo.Testing.Media;

/// <summary>How a scalable stream tells its layers.</summary>
public enum SvcForm
{
    /// <summary>AV1 with the Dependency Descriptor.</summary>
    Av1,

    /// <summary>VP9 whose frames name their references, with U as libwebrtc sets it there: the frame refers to lower temporal layers only.</summary>
    Vp9Flexible,

    /// <summary>VP9 with TL0PICIDX and U as RFC 9628 defines it.</summary>
    Vp9,
}

/// <summary>One scalable stream: what is in it and how much of it.</summary>
/// <param name="Rates">Of each spatial layer alone, all its temporal layers together.</param>
public sealed record SvcLayers(string Mode, SvcForm Form, uint Ssrc, IReadOnlyList<DataRate> Rates)
{
    public static SvcLayers New(string mode, SvcForm form, uint ssrc) =>
        new(mode, form, ssrc, [DataRate.FromKilobits(150), DataRate.FromKilobits(400), DataRate.FromKilobits(1000)]);
}

/// <summary>
/// Scalable video of 30 pictures a second on one SSRC. Every packet carries a stamp with the frames that it needs, so that a receiver
/// can prove what is decodable. The first picture is a key picture, later ones on request.
/// </summary>
public sealed class SvcGenerator : RtpStreamGenerator
{
    public const int ClockRate = 90_000;
    public const int PicturesPerSecond = 30;
    private const int KeyPictureFactor = 4;

    private static readonly (int Width, int Height)[] Sizes = [(320, 180), (640, 360), (1280, 720)];

    private readonly SvcLayers _layers;
    private readonly ScalabilityMode _mode;
    private readonly DescriptorTemplates _descriptors;
    private readonly RtpSource _source;
    private readonly Instant _start;
    private readonly uint[] _pictureFrames; // number of the first frame of each of the last pictures
    private byte _tl0PicIdx;
    private ushort _pictureId;
    private uint _frame;
    private long _sinceKey;
    private bool _wantsKeyPicture = true;

    public SvcGenerator(Instant start, SvcLayers layers, StreamOptions options, int seed)
        : base(options, seed)
    {
        ArgumentNullException.ThrowIfNull(layers);
        _layers = layers;
        _mode = ScalabilityMode.Parse(layers.Mode);
        _descriptors = new(_mode, [.. Sizes.Skip(3 - _mode.Spatial)]);
        _source = new(layers.Ssrc, null, Random);
        _pictureFrames = new uint[8];
        _pictureId = (ushort)Random.Next(0x8000);
        _tl0PicIdx = (byte)Random.Next(0x100);
        _frame = (uint)Random.Next(1, 0x2_0000);
        _start = start;
        NextAt = start;
    }

    public int KeyPictures { get; private set; }

    public bool RequestKeyFrame(uint ssrc)
    {
        _wantsKeyPicture |= ssrc == _layers.Ssrc;
        return ssrc == _layers.Ssrc;
    }

    private protected override void WriteFrame(PacketHandler send)
    {
        var isKey = _wantsKeyPicture;
        _wantsKeyPicture = false;
        if (isKey)
        {
            KeyPictures++;
            _sinceKey = 0;
        }

        var temporal = _mode.TemporalLayerOf(_sinceKey);
        if (temporal == 0) _tl0PicIdx++;
        _pictureId = (ushort)((_pictureId + 1) & 0x7fff);
        _pictureFrames[_sinceKey % _pictureFrames.Length] = _frame;
        var reference = isKey ? SvcStamp.None : _pictureFrames[(_sinceKey - _mode.ReferenceDistance(temporal)) % _pictureFrames.Length];
        for (byte spatial = 0; spatial < _mode.Spatial; spatial++)
        {
            var first = reference == SvcStamp.None ? SvcStamp.None : reference + spatial;
            var second = _mode.IsInterLayer(spatial, isKey) ? _frame - 1 : SvcStamp.None;
            WriteFrame(new SvcStamp(_frame, spatial, temporal, isKey, 0, 0, first, second), send);
            _frame++;
        }

        _sinceKey++;
        FramesSent++;
        NextAt = _start + new TimeSpan(FramesSent * TimeSpan.TicksPerSecond / PicturesPerSecond);
    }

    private void WriteFrame(SvcStamp stamp, PacketHandler send)
    {
        var timestamp = _source.TimestampOffset + (uint)(FramesSent * (ClockRate / PicturesPerSecond));
        var mean = _layers.Rates[stamp.Spatial].BitsPerSecond / 8.0 / PicturesPerSecond * (stamp.IsKey ? KeyPictureFactor : 1);
        var size = Math.Max(60, (int)(mean * (0.8 + (0.4 * Random.NextDouble()))));
        const int Room = MaximumPacket - 200; // headers with a template structure
        var count = (size + Room - 1) / Room;
        for (var index = 0; index < count; index++)
        {
            var (isFirst, isLast) = (index == 0, index == count - 1);
            var descriptor = _layers.Form == SvcForm.Av1
                ? _descriptors.Write(isFirst, isLast, stamp.Spatial, stamp.Temporal, stamp.IsKey, (ushort)stamp.Frame, stamp.IsKey && isFirst && stamp.Spatial == 0)
                : null;
            var payload = BeginPacket(_source, isLast && stamp.Spatial == _mode.Spatial - 1, timestamp, descriptor: descriptor);
            var length = _layers.Form == SvcForm.Av1 ? WriteAggregationHeader(payload, stamp, isFirst) : WriteVp9Descriptor(payload, stamp, isFirst, isLast);
            var body = Math.Max(SvcFrames.StampLength, (size + index) / count);
            SvcFrames.WriteBody(payload.Slice(length, body), stamp with { Index = (byte)index, Count = (byte)count });
            EndPacket(length + body, send);
        }
    }

    // One OBU element; N starts a coded video sequence (AV1 RTP specification §4.4).
    private static int WriteAggregationHeader(Span<byte> payload, in SvcStamp stamp, bool isFirst)
    {
        payload[0] = (byte)((isFirst ? 0 : 0x80) | 0x10 | (stamp is { IsKey: true, Spatial: 0 } && isFirst ? 0x08 : 0));
        return 1;
    }

    /// <summary>RFC 9628 §4.2.</summary>
    private int WriteVp9Descriptor(Span<byte> payload, in SvcStamp stamp, bool isFirst, bool isLast)
    {
        var isFlexible = _layers.Form == SvcForm.Vp9Flexible;
        var isPredicted = stamp.FirstReference != SvcStamp.None;
        var hasStructure = stamp is { IsKey: true, Spatial: 0 } && isFirst;
        var isTop = stamp.Spatial == _mode.Spatial - 1;
        var notUpperReference = isTop || (_mode.IsKeyMode && !stamp.IsKey);
        var opens = isFlexible ? stamp.Temporal > 0 : stamp.Temporal < 2;
        payload[0] = (byte)(0xa0 | (isPredicted ? 0x40 : 0) | (isFlexible ? 0x10 : 0) | (isFirst ? 0x08 : 0) | (isLast ? 0x04 : 0)
            | (hasStructure ? 0x02 : 0) | (notUpperReference ? 0x01 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(payload[1..], (ushort)(0x8000 | _pictureId));
        payload[3] = (byte)((stamp.Temporal << 5) | (opens ? 0x10 : 0) | (stamp.Spatial << 1) | (stamp.SecondReference != SvcStamp.None ? 1 : 0));
        var length = 4;
        if (!isFlexible) payload[length++] = _tl0PicIdx;
        if (isFlexible && isPredicted) payload[length++] = (byte)(_mode.ReferenceDistance(stamp.Temporal) << 1);
        if (!hasStructure) return length;
        payload[length++] = (byte)(((_mode.Spatial - 1) << 5) | 0x10);
        foreach (var (width, height) in Sizes.Skip(3 - _mode.Spatial))
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload[length..], (ushort)width);
            BinaryPrimitives.WriteUInt16BigEndian(payload[(length + 2)..], (ushort)height);
            length += 4;
        }

        return length;
    }
}
