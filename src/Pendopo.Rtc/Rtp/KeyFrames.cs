using System.Buffers.Binary;

namespace Pendopo.Rtc.Rtp;

/// <summary>
/// Finds the first packet of a key frame without decoding. It reads only what stays clear when frames are encrypted end to end: RTP payload
/// descriptors, the first byte of VP8, the headers of H.264's NAL units (those behind the first slice are inside the ciphertext).
/// </summary>
public static class KeyFrames
{
    // NAL unit and packet types of H.264 (RFC 6184 §5.2).
    private const int NalTypeMask = 0x1F;
    private const int NalIdr = 5;
    private const int NalSps = 7;
    private const int NalStapA = 24;
    private const int NalFuA = 28;
    private const int FuStart = 0x80;

    // Bits of AV1's aggregation header (AV1 RTP specification §4.4).
    private const int Av1Continuation = 0x80;
    private const int Av1NewSequence = 0x08;

    /// <summary>
    /// VP8 and VP9 by payload descriptor; H.264 by NAL type (IDR or SPS, also in STAP-A and FU-A start, RFC 6184); AV1 by
    /// the N bit of the aggregation header (AV1 RTP §4.4). Empty payloads are never key frames.
    /// </summary>
    public static bool IsStart(MediaCodec codec, ReadOnlySpan<byte> payload) => codec switch
    {
        MediaCodec.Vp8 => Vp8Descriptor.TryParse(payload, out var vp8) && vp8.IsKeyFrameStart,
        MediaCodec.Vp9 => Vp9Descriptor.TryParse(payload, out var vp9) && vp9.IsKeyFrameStart && payload.Length > vp9.Length,
        MediaCodec.H264 => IsH264Start(payload),
        MediaCodec.Av1 => payload.Length > 1 && (payload[0] & (Av1Continuation | Av1NewSequence)) == Av1NewSequence,
        _ => false,
    };

    private static bool IsH264Start(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty) return false;
        return (payload[0] & NalTypeMask) switch
        {
            NalIdr or NalSps => true,
            NalStapA => HasStartInAggregate(payload[1..]),
            NalFuA => payload.Length > 1 && (payload[1] & FuStart) != 0 && IsStartType(payload[1]),
            _ => false,
        };
    }

    private static bool HasStartInAggregate(ReadOnlySpan<byte> units)
    {
        while (units.Length > 2)
        {
            var size = BinaryPrimitives.ReadUInt16BigEndian(units);
            units = units[2..];
            if (size == 0 || size > units.Length) return false;
            if (IsStartType(units[0])) return true;
            units = units[size..];
        }

        return false;
    }

    private static bool IsStartType(byte header) => (header & NalTypeMask) is NalIdr or NalSps;
}
