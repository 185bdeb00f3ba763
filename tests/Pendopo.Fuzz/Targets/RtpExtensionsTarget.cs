using Pendopo.Rtc.Rtp;

namespace Pendopo.Fuzz.Targets;

/// <summary>Header extensions: walking them, looking each up, and writing them anew.</summary>
public sealed class RtpExtensionsTarget : FuzzTarget
{
    private readonly byte[] _rewritten = new byte[4096];

    public override string Name => "rtp-extensions";

    public override IReadOnlyList<byte[]> Corpus => RtpSamples.All;

    public override IReadOnlyList<byte[]> Dictionary => RtpSamples.Tokens;

    public override bool Run(Span<byte> input)
    {
        if (!RtpPacket.TryParse(input, out var packet, out _)) return false;
        var writer = new RtpHeaderWriter(_rewritten, packet.PayloadType, packet.Marker, packet.SequenceNumber, packet.Timestamp, packet.Ssrc, twoByte: true);
        var elements = packet.Extensions;
        var bytes = 0;
        while (elements.MoveNext())
        {
            Require(packet.TryGetExtension(elements.Id, out _), "an element that is walked over and not found");
            bytes += elements.Value.Length;
            _ = AudioLevel.TryRead(elements.Value, out _);
            _ = AbsoluteSendTime.TryRead(elements.Value, out _);
            _ = TransportSequence.TryRead(elements.Value, out _);
            writer.TryAdd(elements.Id, elements.Value);
        }

        Require(bytes <= packet.HeaderLength, "more extension bytes than the header has");
        var length = writer.Complete();
        Require(RtpPacket.TryParse(_rewritten.AsSpan(0, length), out var again, out _) && again.Ssrc == packet.Ssrc, "a header that was written and not read");
        return true;
    }
}
