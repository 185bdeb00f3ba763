using Pendopo.Rtc;
using Pendopo.Rtc.Congestion;

namespace Pendopo.Fuzz.Targets;

/// <summary>The FCI of transport-wide feedback.</summary>
public sealed class TransportFeedbackTarget : FuzzTarget
{
    private const int FeedbackHeader = 12;

    public override string Name => "twcc";

    public override IReadOnlyList<byte[]> Corpus { get; } = [Sample(2)[FeedbackHeader..], Sample(40)[FeedbackHeader..], Sample(300)[FeedbackHeader..]];

    public override IReadOnlyList<byte[]> Dictionary { get; } = [[0x20, 0x10], [0x3f, 0xff], [0x9f, 0xff], [0xd5, 0x55], [0xea, 0xaa], [0x00, 0x00], [0xff, 0xff]];

    public override bool Run(Span<byte> input)
    {
        var reader = new TransportFeedbackReader(input);
        var packets = 0;
        while (reader.MoveNext())
        {
            packets++;
        }

        Require(packets <= ushort.MaxValue, "more packets than the count field can tell");
        return !reader.IsMalformed && packets > 0;
    }

    /// <summary>A feedback message of the recorder, with gaps, bursts and a late packet.</summary>
    internal static byte[] Sample(int packets)
    {
        var recorder = new TransportFeedbackRecorder();
        var now = Instant.FromMilliseconds(1000);
        for (var i = 0; i < packets; i++)
        {
            now += TimeSpan.FromMilliseconds(i % 50 == 49 ? 90 : i % 7);
            if (i % 11 != 5) recorder.Add(now, (ushort)(65500 + i));
        }

        var buffer = new byte[1200];
        return recorder.TryWrite(now + TimeSpan.FromMilliseconds(100), 1, 2, buffer, out var length)
            ? buffer[..length]
            : throw new InvalidOperationException("the recorder has nothing to say");
    }
}
