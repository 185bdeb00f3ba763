using Pendopo.Rtc.Rtp;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>The camera in H.264 for a time, as a browser changes it: the same streams and numbers, another payload type, a key frame first.</summary>
internal sealed partial class MediaClient
{
    private readonly byte[] _wrapped = new byte[2048];
    private bool _sendsH264;

    public bool SendsH264
    {
        get => _sendsH264;
        set
        {
            _sendsH264 = value;
            if (_vp8 is null) return;
            foreach (var layer in Options.Layers(VideoSsrc)) _vp8.RequestKeyFrame(layer.Ssrc);
        }
    }

    /// <summary>A packet of VP8 as the only NAL unit of a packet of H.264, so that what is seen can be judged as ever.</summary>
    private ReadOnlySpan<byte> ToH264(ReadOnlySpan<byte> packet)
    {
        if (!RtpPacket.TryParse(packet, out var rtp, out _)) return packet;
        packet[..rtp.HeaderLength].CopyTo(_wrapped);
        _wrapped[1] = (byte)((rtp.Marker ? 0x80 : 0) | Options.H264!.Value);
        const byte idr = 0x65, slice = 0x61; // RFC 6184 §5.2
        _wrapped[rtp.HeaderLength] = KeyFrames.IsStart(MediaCodec.Vp8, rtp.Payload) ? idr : slice;
        rtp.Payload.CopyTo(_wrapped.AsSpan(rtp.HeaderLength + 1));
        return _wrapped.AsSpan(0, rtp.HeaderLength + 1 + rtp.Payload.Length);
    }
}
