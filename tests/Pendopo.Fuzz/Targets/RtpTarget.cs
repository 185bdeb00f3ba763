using Pendopo.Rtc.Rtp;

namespace Pendopo.Fuzz.Targets;

/// <summary>RTP packets, and what is read of their payload: RED and RTX.</summary>
public sealed class RtpTarget : FuzzTarget
{
    public override string Name => "rtp";

    public override IReadOnlyList<byte[]> Corpus => RtpSamples.All;

    public override IReadOnlyList<byte[]> Dictionary => RtpSamples.Tokens;

    public override bool Run(Span<byte> input)
    {
        if (!RtpPacket.TryParse(input, out var packet, out _)) return false;
        Require(packet.HeaderLength + packet.Payload.Length + packet.PaddingLength == input.Length, "the parts do not add up to the packet");
        Require(packet.PayloadType < 128, "a payload type of 8 bits");
        foreach (var codec in Enum.GetValues<MediaCodec>()) _ = KeyFrames.IsStart(codec, packet.Payload);
        if (RedPayload.TryParse(packet.Payload, out var red)) Require(red.Primary.Length < packet.Payload.Length, "a RED block longer than its payload");
        _ = Rtx.TryReadOriginalSequenceNumber(packet.Payload, out _);
        if (Rtx.TryRestore(input, 96, 1, out var original)) Require(original.Length < input.Length, "a restored packet longer than its RTX");
        return true;
    }
}
