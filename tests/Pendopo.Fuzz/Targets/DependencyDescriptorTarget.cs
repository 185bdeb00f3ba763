using Pendopo.Rtc.Rtp;

namespace Pendopo.Fuzz.Targets;

/// <summary>A series of Dependency Descriptors of one source, each behind a byte of length, since later ones refer to the structure of earlier ones.</summary>
public sealed class DependencyDescriptorTarget : FuzzTarget
{
    // Start and end, template 0, frame 0x0102; a structure of one template and one decode target; then a delta frame.
    private static readonly byte[] Series = [6, 0xC0, 0x01, 0x02, 0x80, 0x00, 0xD0, 3, 0x40, 0x01, 0x03];

    public override string Name => "dependency-descriptor";

    public override IReadOnlyList<byte[]> Corpus { get; } = [Series, [.. Series, 3, 0xC0, 0x01, 0x04], [.. Series, .. Series]];

    public override IReadOnlyList<byte[]> Dictionary { get; } = [[0x80], [0xC0], [4, 0xC0, 0, 1, 0x40], [5, 0x80, 0, 2, 0x20, 0xff], [8, 0xC0, 1, 2, 0x80, 0, 0x50, 0xff, 0xff]];

    public override bool Run(Span<byte> input)
    {
        var reader = new DependencyDescriptorReader();
        var good = !input.IsEmpty;
        while (!input.IsEmpty)
        {
            var length = Math.Min(input[0], input.Length - 1);
            var extension = input.Slice(1, length);
            input = input[(1 + length)..];
            if (!reader.TryRead(extension, out var descriptor))
            {
                good = false;
                continue;
            }

            Require(descriptor.SpatialLayer < 4 && descriptor.TemporalLayer < 8, "a layer that the format cannot tell");
            const uint Mask = 0x5A5A_5A5A;
            var written = new byte[DependencyDescriptorWriter.Length(extension, descriptor, Mask)];
            DependencyDescriptorWriter.Write(extension, descriptor, 0xF00D, Mask, written);
            Require(
                !reader.TryReadAgain(written, out var masked) || (masked.FrameNumber == 0xF00D && (masked.ActiveDecodeTargets ^ Mask) << (32 - masked.TargetCount) == 0),
                "a mask that was not written");
            DependencyDescriptorReader.RewriteFrameNumber(extension, 0xBEEF);
            Require(!reader.TryRead(extension, out var again) || again.FrameNumber == 0xBEEF, "a frame number that was not rewritten");
        }

        return good;
    }
}
