using Pendopo.Rtc.Congestion;
using Pendopo.Rtc.Rtcp;

namespace Pendopo.Fuzz.Targets;

/// <summary>Compound RTCP packets: walking them with every accessor.</summary>
public sealed class RtcpTarget : FuzzTarget
{
    public override string Name => "rtcp";

    public override IReadOnlyList<byte[]> Corpus { get; } = [Reports(), Feedback()];

    public override IReadOnlyList<byte[]> Dictionary { get; } =
        [[0x80, 200, 0, 6], [0x81, 201, 0, 7], [0x81, 202], [0x81, 203, 0, 1], [0x81, 205], [0x8f, 205], [0x81, 206, 0, 2], [0x84, 206], [0x8f, 206], "REMB"u8.ToArray(), [0xA0, 201]];

    public override bool Run(Span<byte> input)
    {
        var reader = new RtcpReader(input);
        var messages = 0;
        while (reader.MoveNext())
        {
            messages++;
            _ = (reader.SenderSsrc, reader.MediaSsrc, reader.SenderInfo, reader.Remb);
            for (var i = 0; i < reader.ReportCount; i++) _ = reader.Report(i);
            for (var i = 0; i < reader.SsrcCount; i++) _ = reader.Ssrc(i);
            var nacks = 0;
            foreach (var _ in reader.Nacks) nacks++;
            Require(nacks <= 17 * input.Length, "more NACKs than a packet can carry");
            if (reader.TryReadCname(out var cname)) Require(cname.Length <= 255, "a CNAME of more than 255 bytes");
            if (reader.Kind != RtcpKind.TransportFeedback) continue;
            var feedback = new TransportFeedbackReader(reader.FeedbackControl);
            while (feedback.MoveNext()) _ = feedback.ArrivalTicks;
        }

        Require(messages <= input.Length / 4, "more messages than a packet can carry");
        return messages > 0 && !reader.IsMalformed;
    }

    private static byte[] Reports()
    {
        var buffer = new byte[512];
        var writer = new RtcpWriter(buffer);
        var report = new ReportBlock(2, 12, 345, 67890, 12, 3456, 789);
        return writer.TryWriteSenderReport(new SenderInfo(1, 0x0123456789ABCDEF, 90000, 10, 1000), [report, report]) && writer.TryWriteCname(1, "pendopo"u8) &&
            writer.TryWriteReceiverReport(1, [report]) && writer.TryWriteBye([1, 2])
            ? buffer[..writer.Length]
            : throw new InvalidOperationException("the sample does not fit");
    }

    private static byte[] Feedback()
    {
        var buffer = new byte[512];
        var writer = new RtcpWriter(buffer);
        return writer.TryWriteNack(1, 2, [65530, 65535, 3, 400]) && writer.TryWritePictureLoss(1, 2) && writer.TryWriteFullIntraRequest(1, 2, 3) &&
            writer.TryWriteRemb(1, Rtc.DataRate.FromKilobits(2500), [2, 3])
            ? [.. buffer[..writer.Length], .. TransportFeedbackTarget.Sample(300)]
            : throw new InvalidOperationException("the sample does not fit");
    }
}
