using Pendopo.Rtc;

namespace Pendopo.Testing.Media;

/// <summary>One encoding of a simulcast source.</summary>
public sealed record Vp8Layer(string Rid, uint Ssrc, int Width, int Height, DataRate Rate)
{
    /// <summary>Three encodings as a browser sends them for 1280×720.</summary>
    public static IReadOnlyList<Vp8Layer> Three(uint firstSsrc) =>
    [
        new("q", firstSsrc, 320, 180, DataRate.FromKilobits(150)),
        new("h", firstSsrc + 1, 640, 360, DataRate.FromKilobits(500)),
        new("f", firstSsrc + 2, 1280, 720, DataRate.FromKilobits(1500)),
    ];
}

/// <summary>
/// VP8 of 30 frames a second in several encodings with two temporal layers: every other frame is of the upper one, refers to
/// the last lower frame only and is referred to by none. The first frame is a key frame, later ones on request.
/// </summary>
public sealed class Vp8SimulcastGenerator : RtpStreamGenerator
{
    public const int ClockRate = 90_000;
    public const int FramesPerSecond = 30;

    private readonly Encoding[] _encodings;
    private readonly Instant _start;

    public Vp8SimulcastGenerator(Instant start, IReadOnlyList<Vp8Layer> layers, StreamOptions options, int seed)
        : base(options, seed)
    {
        ArgumentNullException.ThrowIfNull(layers);
        _encodings = [.. layers.Select(layer => new Encoding(layer, new(layer.Ssrc, layer.Rid, Random), Random))];
        _start = start;
        NextAt = start;
    }

    /// <summary>What a key frame costs against a delta frame: about so much with a talking head, ten times as much with a page of text.</summary>
    public int KeyFrameFactor { get; set; } = 5;

    /// <summary>Key frames made so far, of all encodings.</summary>
    public int KeyFrames { get; private set; }

    /// <summary>The next frame of that encoding is a key frame. False for a foreign SSRC.</summary>
    public bool RequestKeyFrame(uint ssrc)
    {
        foreach (var encoding in _encodings)
        {
            if (encoding.Layer.Ssrc != ssrc) continue;
            encoding.WantsKeyFrame = true;
            return true;
        }

        return false;
    }

    /// <summary>Switches an encoding off and on, as a browser does when its uplink gets narrow; it comes back with a key frame.</summary>
    public void SetActive(uint ssrc, bool isActive)
    {
        foreach (var encoding in _encodings)
        {
            if (encoding.Layer.Ssrc != ssrc) continue;
            encoding.WantsKeyFrame |= isActive && !encoding.IsActive;
            encoding.IsActive = isActive;
        }
    }

    private protected override void WriteFrame(PacketHandler send)
    {
        for (byte layer = 0; layer < _encodings.Length; layer++)
        {
            var encoding = _encodings[layer];
            if (encoding.IsActive) WriteFrame(encoding, layer, send);
        }

        FramesSent++;
        NextAt = _start + new TimeSpan(FramesSent * TimeSpan.TicksPerSecond / FramesPerSecond);
    }

    private void WriteFrame(Encoding encoding, byte layer, PacketHandler send)
    {
        var isKey = encoding.WantsKeyFrame;
        encoding.WantsKeyFrame = false;
        if (isKey)
        {
            KeyFrames++;
            encoding.IsUpper = false;
        }

        var isUpper = encoding.IsUpper;
        encoding.IsUpper = !isUpper;
        if (!isUpper) encoding.Tl0PicIdx++;
        encoding.PictureId = (ushort)((encoding.PictureId + 1) & 0x7fff);

        var timestamp = encoding.Source.TimestampOffset + (uint)(FramesSent * (ClockRate / FramesPerSecond));
        var mean = encoding.Layer.Rate.BitsPerSecond / 8.0 / FramesPerSecond * (isKey ? KeyFrameFactor : 1);
        var size = Math.Max(60, (int)(mean * (0.8 + 0.4 * Random.NextDouble())));

        // 80 bytes for the RTP header with all its extensions.
        const int Room = MaximumPacket - 80 - Vp8Frames.DescriptorLength - Vp8Frames.KeyHeaderLength;
        var count = (size + Room - 1) / Room;
        for (var index = 0; index < count; index++)
        {
            // Sizes that differ by at most one byte, the larger ones last, as libwebrtc splits.
            var part = (size + index) / count;
            var payload = BeginPacket(encoding.Source, index == count - 1, timestamp);
            Vp8Frames.WriteDescriptor(
                payload, index == 0, encoding.PictureId, encoding.Tl0PicIdx, isUpper ? 1 : 0, isSync: isUpper, isNonReference: isUpper);
            var length = Vp8Frames.DescriptorLength;
            if (index == 0) length += Vp8Frames.WriteHeader(payload[length..], isKey, encoding.Layer.Width, encoding.Layer.Height, size);
            var body = Math.Max(Vp8Frames.StampLength, part);
            Vp8Frames.WriteBody(payload.Slice(length, body), layer, (byte)index, (byte)count, (uint)FramesSent);
            EndPacket(length + body, send);
        }
    }

    private sealed class Encoding(Vp8Layer layer, RtpSource source, Random random)
    {
        public Vp8Layer Layer { get; } = layer;

        public RtpSource Source { get; } = source;

        public bool IsActive { get; set; } = true;

        public bool WantsKeyFrame { get; set; } = true;

        public bool IsUpper { get; set; }

        public ushort PictureId { get; set; } = (ushort)random.Next(0x8000);

        public byte Tl0PicIdx { get; set; } = (byte)random.Next(0x100);
    }
}
