using Pendopo.Rtc.Rtcp;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>Receiver reports, for the tests in which they matter.</summary>
internal sealed partial class MediaClient
{
    /// <summary>One report block for each stream that is received.</summary>
    public void SendReceiverReport()
    {
        Span<ReportBlock> blocks = stackalloc ReportBlock[31];
        var count = 0;
        foreach (var stream in Incoming.Where(static stream => stream.Packets > 0).Take(blocks.Length))
        {
            blocks[count++] = new ReportBlock(stream.Ssrc, 0, (int)stream.MissingSequences, stream.HighestSequence, 100, 0, 0);
        }

        var writer = new RtcpWriter(_buffer.AsSpan(0, 1200));
        writer.TryWriteReceiverReport(AudioSsrc, blocks[..count]);
        SendRtcp(writer.Length);
    }
}
