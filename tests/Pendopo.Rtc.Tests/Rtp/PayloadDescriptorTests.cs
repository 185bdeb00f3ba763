using Pendopo.Rtc.Rtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Rtp;

public sealed class PayloadDescriptorTests
{
    [Fact]
    public void A_vp8_descriptor_with_everything_gives_its_fields()
    {
        // X R N S PID=0 | I L T K | long picture id 0x1234 | TL0 0x56 | TID 2, Y, KEYIDX 5 | key frame's first byte
        Assert.True(Vp8Descriptor.TryParse(Hex.Bytes("b0 f0 9234 56 a5 10"), out var descriptor));

        Assert.Equal(
            new Vp8Descriptor(
                Length: 6, StartOfPartition: true, PartitionIndex: 0, NonReference: true, HasPictureId: true, IsLongPictureId: true,
                PictureId: 0x1234, HasTl0PicIdx: true, Tl0PicIdx: 0x56, TemporalLayer: 2, LayerSync: true, IsKeyFrameStart: true),
            descriptor);
    }

    [Theory]
    [InlineData("10 00", 1, true)] // no extension, key frame
    [InlineData("10 01", 1, false)] // P set: a delta frame
    [InlineData("00 00", 1, false)] // continues a partition
    [InlineData("11 00", 1, false)] // second partition
    [InlineData("10", 1, false)] // no payload
    [InlineData("90 80 7f 00", 3, true)] // short picture id
    [InlineData("90 00 00", 2, true)]
    [InlineData("90 10 1f 00", 3, true)] // K alone has the byte of the layer
    public void Vp8_key_frames_are_seen_behind_every_form_of_descriptor(string payload, int length, bool keyFrame)
    {
        Assert.True(Vp8Descriptor.TryParse(Hex.Bytes(payload), out var descriptor));
        Assert.Equal(length, descriptor.Length);
        Assert.Equal(keyFrame, descriptor.IsKeyFrameStart);
        Assert.Equal(keyFrame, KeyFrames.IsStart(MediaCodec.Vp8, Hex.Bytes(payload)));
    }

    [Fact]
    public void A_key_index_without_a_layer_gives_no_layer()
    {
        Assert.True(Vp8Descriptor.TryParse(Hex.Bytes("90 10 ff 00"), out var descriptor));
        Assert.Equal(0, descriptor.TemporalLayer);
        Assert.False(descriptor.LayerSync);
    }

    [Theory]
    [InlineData("b0 f0 9234 56 a5", 6)]
    [InlineData("90 e0 34 56 a5", 5)]
    public void A_vp8_payload_that_ends_inside_its_descriptor_is_refused(string payload, int length)
    {
        var bytes = Hex.Bytes(payload);
        Assert.Equal(length, bytes.Length);
        Assert.True(Vp8Descriptor.TryParse(bytes, out _));
        for (var cut = 0; cut < length; cut++) Assert.False(Vp8Descriptor.TryParse(bytes.AsSpan(0, cut), out _));
    }

    [Theory]
    [InlineData("b0 f0 9234 56 a5 10 99", "b0 f0 ffff aa a5 10 99", 0x7FFF)]
    [InlineData("90 e0 34 56 a5 10 99", "90 e0 7f aa a5 10 99", 0x7FFF)]
    [InlineData("90 40 56 10", "90 40 aa 10", 5)]
    [InlineData("90 80 56 10", "90 80 05 10", 5)]
    [InlineData("10 10", "10 10", 5)]
    public void Vp8_numbers_are_rewritten_in_the_form_they_have(string payload, string expected, ushort pictureId)
    {
        var bytes = Hex.Bytes(payload);
        Assert.True(Vp8Descriptor.TryParse(bytes, out var descriptor));

        descriptor.Rewrite(bytes, pictureId, 0xAA);

        Assert.Equal(Hex.Bytes(expected), bytes);
    }

    [Fact]
    public void A_vp9_descriptor_outside_flexible_mode_gives_its_fields()
    {
        // I L B E | long picture id 0x0123 | T=2 U=1 S=1 D=1 | TL0 0x42
        Assert.True(Vp9Descriptor.TryParse(Hex.Bytes("ac 8123 53 42 aa"), out var descriptor));

        Assert.Equal(
            new Vp9Descriptor(
                Length: 5, InterPicturePredicted: false, StartOfFrame: true, EndOfFrame: true, HasPictureId: true, IsLongPictureId: true,
                PictureId: 0x0123, HasLayerIndices: true, TemporalLayer: 2, SwitchingUpPoint: true, SpatialLayer: 1,
                InterLayerDependent: true, HasTl0PicIdx: true, Tl0PicIdx: 0x42, HasScalabilityStructure: false),
            descriptor);
        Assert.False(descriptor.IsKeyFrameStart);
    }

    [Fact]
    public void A_vp9_key_frame_in_flexible_mode_with_its_structure_is_seen()
    {
        // I L F B V | short id | T=0 S=0 | SS: 2 layers with sizes, a group of 2 pictures, the second with 2 references
        var payload = Hex.Bytes("ba 05 00 38 0140 00b4 0280 0168 02 00 28 0102 ee");
        Assert.True(Vp9Descriptor.TryParse(payload, out var descriptor));

        Assert.Equal(payload.Length - 1, descriptor.Length);
        Assert.True(descriptor.HasScalabilityStructure);
        Assert.False(descriptor.HasTl0PicIdx);
        Assert.True(descriptor.IsKeyFrameStart);
        Assert.True(KeyFrames.IsStart(MediaCodec.Vp9, payload));
        var heights = new ushort[4];
        Assert.Equal(2, descriptor.ReadHeights(payload, heights));
        Assert.Equal([180, 360, 0, 0], heights);
        for (var cut = 0; cut < payload.Length - 1; cut++) Assert.False(Vp9Descriptor.TryParse(payload.AsSpan(0, cut), out _), $"cut {cut}");
        Assert.False(KeyFrames.IsStart(MediaCodec.Vp9, payload.AsSpan(0, payload.Length - 1)));
    }

    [Fact]
    public void A_vp9_frame_outside_a_structure_tells_no_heights()
    {
        var payload = Hex.Bytes("ac 8123 53 42 aa");
        Assert.True(Vp9Descriptor.TryParse(payload, out var descriptor));
        Assert.Equal(0, descriptor.ReadHeights(payload, new ushort[4]));
    }

    [Theory]
    [InlineData("10 100000 9d012a 4001 b440 00", 180)] // 14 bits of height, two of scaling
    [InlineData("10 110000 9d012a 4001 b400 00", 0)] // a delta frame
    [InlineData("10 100000 9d012b 4001 b400 00", 0)] // another start code
    [InlineData("10 100000 9d012a 4001 b4", 0)] // cut
    public void The_header_of_a_vp8_key_frame_tells_its_height(string payload, int height)
    {
        Assert.True(Vp8Descriptor.TryParse(Hex.Bytes(payload), out var descriptor));
        Assert.Equal(height, descriptor.ReadHeight(Hex.Bytes(payload)));
    }

    [Theory]
    [InlineData("d0 05 02", 0x1UL, false)]
    [InlineData("d1 05 03 81 fe", 0x1UL | 1UL << 63, true)] // 1, 64 and 127 back; the frame is of no use to upper layers
    public void Vp9_references_of_flexible_mode_are_told(string payload, ulong differences, bool isFar)
    {
        Assert.True(Vp9Descriptor.TryParse(Hex.Bytes(payload), out var descriptor));
        Assert.Equal((differences, isFar), (descriptor.Differences, descriptor.HasFarDifference));
        Assert.Equal(isFar, descriptor.NotUpperReference);
        Assert.True(descriptor.IsFlexible);
    }

    [Theory]
    [InlineData("d0 05 02", 3)] // one reference
    [InlineData("d0 05 03 05 02", 5)] // three
    public void Vp9_references_of_flexible_mode_are_skipped(string payload, int length)
    {
        Assert.True(Vp9Descriptor.TryParse(Hex.Bytes(payload + "ffff"), out var descriptor));
        Assert.Equal(length, descriptor.Length);
        Assert.True(descriptor.InterPicturePredicted);
    }

    [Fact]
    public void A_fourth_vp9_reference_is_malformed() => Assert.False(Vp9Descriptor.TryParse(Hex.Bytes("d0 05 03 05 03 02"), out _));

    [Theory]
    [InlineData("ac 8123 53 42 aa", "ac ffff 53 07 aa", 0x7FFF)]
    [InlineData("ac 23 53 42 aa", "ac 05 53 07 aa", 5)]
    [InlineData("2c 53 42 aa", "2c 53 07 aa", 5)]
    [InlineData("bc 23 53 42", "bc 05 53 42", 5)] // flexible mode has no TL0PICIDX
    [InlineData("0c 42", "0c 42", 5)]
    public void Vp9_numbers_are_rewritten_in_the_form_they_have(string payload, string expected, ushort pictureId)
    {
        var bytes = Hex.Bytes(payload);
        Assert.True(Vp9Descriptor.TryParse(bytes, out var descriptor));

        descriptor.Rewrite(bytes, pictureId, 0x07);

        Assert.Equal(Hex.Bytes(expected), bytes);
    }

    [Theory]
    [InlineData("08 00", true)] // B, not P
    [InlineData("48 00", false)] // predicted
    [InlineData("00 00", false)] // not a start
    [InlineData("28 02 00 00", false)] // spatial layer 1
    [InlineData("28 80 00 00", true)]
    public void Vp9_key_frames_start_at_the_lowest_layer(string payload, bool expected) =>
        Assert.Equal(expected, KeyFrames.IsStart(MediaCodec.Vp9, Hex.Bytes(payload)));

    [Theory]
    [InlineData("65 88", true)] // IDR
    [InlineData("67 42", true)] // SPS
    [InlineData("68 ce", false)] // PPS
    [InlineData("41 9a", false)] // slice
    [InlineData("78 0002 68ce 0002 6742", true)] // STAP-A with PPS, then SPS
    [InlineData("78 0002 68ce 0002 419a", false)]
    [InlineData("78 0009 6742", false)] // a unit longer than the packet
    [InlineData("78 0000 0002 6742", false)] // an empty unit
    [InlineData("78 0001 65", true)]
    [InlineData("78", false)]
    [InlineData("7c 85 88", true)] // FU-A, start of an IDR
    [InlineData("7c 05 88", false)] // FU-A, middle
    [InlineData("7c 45 88", false)] // FU-A, end
    [InlineData("7c 81 88", false)] // FU-A, start of a slice
    [InlineData("7c", false)]
    [InlineData("", false)]
    public void H264_key_frames_are_seen_by_their_units(string payload, bool expected) =>
        Assert.Equal(expected, KeyFrames.IsStart(MediaCodec.H264, Hex.Bytes(payload)));

    [Theory]
    [InlineData("18 0a0b", true)] // W=1, N
    [InlineData("08 0a0b", true)]
    [InlineData("58 0a0b", true)] // its last OBU goes on in the next packet
    [InlineData("98 0a0b", false)] // Z with N is a contradiction
    [InlineData("10 0a0b", false)]
    [InlineData("18", false)]
    [InlineData("", false)]
    public void Av1_key_frames_are_seen_by_the_aggregation_header(string payload, bool expected) =>
        Assert.Equal(expected, KeyFrames.IsStart(MediaCodec.Av1, Hex.Bytes(payload)));

    // Before the bar what end-to-end encryption leaves clear, behind it ciphertext.
    [Theory]
    [InlineData(MediaCodec.Vp8, "10 b02f009d012ae0010e01 |", true)]
    [InlineData(MediaCodec.Vp8, "90 80 7f 31 |", false)]
    [InlineData(MediaCodec.Vp8, "00 |", false)] // a later packet of the frame
    [InlineData(MediaCodec.Vp9, "88 05 |", true)]
    [InlineData(MediaCodec.Vp9, "c8 05 |", false)]
    [InlineData(MediaCodec.Vp9, "80 05 |", false)]
    [InlineData(MediaCodec.Av1, "18 08 |", true)] // one OBU of type 1, its size left out; N
    [InlineData(MediaCodec.Av1, "58 08 |", true)] // it goes on in the next packet
    [InlineData(MediaCodec.Av1, "10 08 |", false)]
    [InlineData(MediaCodec.Av1, "90 |", false)]
    [InlineData(MediaCodec.H264, "65 b800 |", true)]
    [InlineData(MediaCodec.H264, "61 e000 |", false)]
    [InlineData(MediaCodec.H264, "78 0004 6742c01f 0004 68ce3c80 |", true)]
    [InlineData(MediaCodec.H264, "78 0002 0930 0040 61e000 |", false)] // an access unit delimiter and a slice
    [InlineData(MediaCodec.H264, "7c 85 b800 |", true)] // the first fragment of a key frame
    [InlineData(MediaCodec.H264, "7c 81 e000 |", false)]
    [InlineData(MediaCodec.H264, "7c 05 |", false)] // later fragments
    [InlineData(MediaCodec.H264, "7c 45 |", false)]
    public void Ciphertext_does_not_change_what_is_a_key_frame(MediaCodec codec, string payload, bool expected)
    {
        var clear = Hex.Bytes(payload.TrimEnd('|', ' '));
        var random = new Random(9605);
        for (var i = 0; i < 2000; i++)
        {
            var whole = new byte[clear.Length + 61];
            random.NextBytes(whole);
            clear.CopyTo(whole, 0);
            Assert.Equal(expected, KeyFrames.IsStart(codec, whole));
        }
    }

    [Theory]
    [InlineData(MediaCodec.None)]
    [InlineData(MediaCodec.Opus)]
    [InlineData(MediaCodec.Red)]
    public void Audio_has_no_key_frames(MediaCodec codec) => Assert.False(KeyFrames.IsStart(codec, [0x10, 0x00]));
}
