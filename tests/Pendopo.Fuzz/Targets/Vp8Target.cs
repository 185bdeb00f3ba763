using Pendopo.Rtc.Rtp;

namespace Pendopo.Fuzz.Targets;

/// <summary>VP8 payload descriptors: reading, and rewriting their numbers in place.</summary>
public sealed class Vp8Target : FuzzTarget
{
    public override string Name => "vp8";

    public override IReadOnlyList<byte[]> Corpus { get; } = [[0x10, 0x00, 1, 2], [0x90, 0x80, 0x7f, 0x00, 1], [0xb0, 0xf0, 0x92, 0x34, 0x56, 0xa5, 0x10, 0x99], [0x90, 0xe0, 0x34, 0x56, 0xa5, 0x01]];

    public override IReadOnlyList<byte[]> Dictionary { get; } = [[0x80], [0x90], [0xf0], [0xff, 0xff], [0x8a]];

    public override bool Run(Span<byte> input)
    {
        _ = KeyFrames.IsStart(MediaCodec.Vp8, input);
        if (!Vp8Descriptor.TryParse(input, out var descriptor)) return false;
        Require(descriptor.Length <= input.Length, "a descriptor longer than its payload");
        descriptor.Rewrite(input, 0x5555, 0xAA);
        Require(Vp8Descriptor.TryParse(input, out var again) && again.Length == descriptor.Length, "rewriting changed the form");
        Require(!again.HasPictureId || again.PictureId == (again.IsLongPictureId ? 0x5555 : 0x55), "a picture id that was not rewritten");
        Require(!again.HasTl0PicIdx || again.Tl0PicIdx == 0xAA, "a TL0PICIDX that was not rewritten");
        return true;
    }
}
