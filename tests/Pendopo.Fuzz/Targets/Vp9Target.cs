using Pendopo.Rtc.Rtp;

namespace Pendopo.Fuzz.Targets;

/// <summary>VP9 payload descriptors: reading, and rewriting their numbers in place.</summary>
public sealed class Vp9Target : FuzzTarget
{
    public override string Name => "vp9";

    public override IReadOnlyList<byte[]> Corpus { get; } = [[0x8a, 0x85, 0x01, 0, 0], [0x88, 0x05, 1], [0xac, 0x92, 0x34, 0x21, 0x07, 1, 2], [0x0c, 1, 2]];

    public override IReadOnlyList<byte[]> Dictionary { get; } = [[0x80], [0x90], [0xf0], [0xff, 0xff], [0x8a]];

    public override bool Run(Span<byte> input)
    {
        _ = KeyFrames.IsStart(MediaCodec.Vp9, input);
        if (!Vp9Descriptor.TryParse(input, out var descriptor)) return false;
        Require(descriptor.Length <= input.Length, "a descriptor longer than its payload");
        descriptor.Rewrite(input, 0x5555, 0xAA);
        Require(Vp9Descriptor.TryParse(input, out var again) && again.Length == descriptor.Length, "rewriting changed the form");
        Require(!again.HasPictureId || again.PictureId == (again.IsLongPictureId ? 0x5555 : 0x55), "a picture id that was not rewritten");
        Require(!again.HasTl0PicIdx || again.Tl0PicIdx == 0xAA, "a TL0PICIDX that was not rewritten");
        return true;
    }
}
