using Pendopo.Rtc.Rtp;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// What one packet's payload descriptor says, parsed once per received packet: the numbers that must stay continuous for a
/// receiver across switches, and where a key frame starts.
/// </summary>
internal readonly record struct CodecNumbers(
    bool HasPictureId, bool IsLongPictureId, ushort PictureId, bool HasTl0PicIdx, byte Tl0PicIdx, bool HasFrameNumber, ushort FrameNumber, bool IsKeyFrameStart)
{
    /// <summary>The place of the frame among the layers of its stream.</summary>
    public FrameLayers Layers { get; init; }

    /// <summary>
    /// Reads VP8 and VP9 payload descriptors, and for AV1 and H.264 the Dependency Descriptor where there is one. False for
    /// payloads that do not have the form of their codec.
    /// </summary>
    /// <param name="isRepetition">The packet was read before; what the reader knows of the stream stays as it is.</param>
    public static bool TryRead(
        MediaCodec codec, in RtpPacket packet, RtpExtensionMap extensions, DependencyDescriptorReader dependencies, out CodecNumbers numbers, bool isRepetition = false)
    {
        numbers = default;
        switch (codec)
        {
            case MediaCodec.Vp8:
                if (!Vp8Descriptor.TryParse(packet.Payload, out var vp8)) return false;
                numbers = new(vp8.HasPictureId, vp8.IsLongPictureId, vp8.PictureId, vp8.HasTl0PicIdx, vp8.Tl0PicIdx, false, 0, vp8.IsKeyFrameStart) { Layers = FrameLayers.Of(vp8) };
                return true;
            case MediaCodec.Vp9:
                if (!Vp9Descriptor.TryParse(packet.Payload, out var vp9)) return false;
                numbers = new(vp9.HasPictureId, vp9.IsLongPictureId, vp9.PictureId, vp9.HasTl0PicIdx, vp9.Tl0PicIdx, false, 0, vp9.IsKeyFrameStart) { Layers = FrameLayers.Of(vp9) };
                return true;
            case MediaCodec.Av1 or MediaCodec.H264:
                var keyFrame = KeyFrames.IsStart(codec, packet.Payload);
                if (!packet.TryGetExtension(extensions.Id(RtpExtensionKind.DependencyDescriptor), out var value)
                    || !DependencyDescriptorReader.TryReadFrameNumber(value, out var frame))
                {
                    numbers = new(false, false, 0, false, 0, false, 0, keyFrame);
                }
                else if (isRepetition ? dependencies.TryReadAgain(value, out var descriptor) : dependencies.TryRead(value, out descriptor))
                {
                    numbers = new(false, false, 0, false, 0, true, frame, keyFrame || descriptor.IsKeyFrameStart) { Layers = FrameLayers.Of(descriptor) };
                }
                else
                {
                    // Its structure is on its way (the first packet of a key frame is missing); the number is readable all the same.
                    numbers = new(false, false, 0, false, 0, true, frame, keyFrame);
                }

                return true;
            default:
                return true;
        }
    }
}
