using Pendopo.Rtc.Transport;

namespace Pendopo.Fuzz.Targets;

/// <summary>RFC 4571 frames out of a stream that arrives in pieces; the first byte is the size of the pieces.</summary>
public sealed class FramingTarget : FuzzTarget
{
    private const int LongestFrame = 1500;

    public override string Name => "rfc4571";

    public override IReadOnlyList<byte[]> Corpus { get; } = [[3, 0, 2, 1, 2, 0, 1, 3], [255, .. Frame(1500), .. Frame(1), .. Frame(700)], [1, .. Frame(20), .. Frame(20)]];

    public override IReadOnlyList<byte[]> Dictionary { get; } = [[0, 0], [0, 1], [5, 0xDC], [5, 0xDD], [0xff, 0xff]];

    public override bool Run(Span<byte> input)
    {
        if (input.IsEmpty) return false;
        var piece = Math.Max(1, (int)input[0]);
        var rest = input[1..];
        var framer = new StreamFramer(LongestFrame);
        long framed = 0;
        var frames = 0;
        while (!rest.IsEmpty && !framer.IsFaulted)
        {
            var taken = framer.Append(rest[..Math.Min(piece, rest.Length)]);
            Require(taken > 0, "a framer that takes nothing more");
            rest = rest[taken..];
            while (framer.TryRead(out var packet))
            {
                Require(packet.Length is > 0 and <= LongestFrame, "a frame of a length that is not allowed");
                framed += packet.Length + StreamFramer.HeaderLength;
                frames++;
            }
        }

        Require(framed < input.Length, "more frames than bytes");
        return frames > 0 && !framer.IsFaulted;
    }

    private static byte[] Frame(int length)
    {
        var frame = new byte[StreamFramer.HeaderLength + length];
        return StreamFramer.TryWriteHeader(frame, length) ? frame : throw new InvalidOperationException("the sample is too long");
    }
}
