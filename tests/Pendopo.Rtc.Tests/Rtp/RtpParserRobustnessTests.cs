using CsCheck;
using Pendopo.Rtc.Rtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Rtp;

/// <summary>Any bytes give an answer: no parser throws or reads beyond what it was given (arrays here end where the input ends).</summary>
public sealed class RtpParserRobustnessTests
{
    private const int Iterations = 20_000;

    [Fact]
    public void Any_bytes_are_a_packet_or_not()
    {
        Gen.Select(Gen.Byte.Array[0, 120], Gen.Byte[0, 63], Gen.Bool).Sample((bytes, low, twoByte) =>
        {
            if (bytes.Length > 16)
            {
                bytes[0] = (byte)(0x80 | low);
                var block = 12 + 4 * (low & 0x0F);
                if (block + 4 <= bytes.Length)
                {
                    bytes[block] = twoByte ? (byte)0x10 : (byte)0xBE;
                    bytes[block + 1] = twoByte ? (byte)0x00 : (byte)0xDE;
                    bytes[block + 2] = 0;
                    bytes[block + 3] %= 20;
                }
            }

            if (!RtpPacket.TryParse(bytes, out var packet, out var reason))
            {
                Assert.NotEqual(DropReason.None, reason);
                return;
            }

            Assert.Equal(DropReason.None, reason);
            Assert.Equal(bytes.Length, packet.HeaderLength + packet.Payload.Length + packet.PaddingLength);
            var extensions = packet.Extensions;
            while (extensions.MoveNext())
            {
                Assert.NotEqual(0, extensions.Id);
                Assert.InRange(extensions.ValueOffset + extensions.Value.Length, 16, packet.HeaderLength);
                Assert.True(packet.TryGetExtension(extensions.Id, out _));
            }

            Assert.False(extensions.MoveNext());
            Rtx.TryRestore(bytes.ToArray(), 96, 1, out _);
        }, iter: Iterations);
    }

    [Fact]
    public void Any_bytes_are_a_payload_descriptor_or_not()
    {
        Gen.Byte.Array[0, 40].Sample(bytes =>
        {
            if (Vp8Descriptor.TryParse(bytes, out var vp8))
            {
                Assert.InRange(vp8.Length, 1, bytes.Length);
                vp8.Rewrite(bytes, 0x7ABC, 0xDE);
                Assert.True(Vp8Descriptor.TryParse(bytes, out var again));
                var (pictureId, tl0PicIdx) = Rewritten(vp8.HasPictureId, vp8.IsLongPictureId, vp8.HasTl0PicIdx);
                Assert.Equal(vp8 with { PictureId = pictureId, Tl0PicIdx = tl0PicIdx }, again);
            }

            if (Vp9Descriptor.TryParse(bytes, out var vp9))
            {
                Assert.InRange(vp9.Length, 1, bytes.Length);
                vp9.Rewrite(bytes, 0x7ABC, 0xDE);
                Assert.True(Vp9Descriptor.TryParse(bytes, out var again));
                var (pictureId, tl0PicIdx) = Rewritten(vp9.HasPictureId, vp9.IsLongPictureId, vp9.HasTl0PicIdx);
                Assert.Equal(vp9 with { PictureId = pictureId, Tl0PicIdx = tl0PicIdx }, again);
            }

            foreach (var codec in Enum.GetValues<MediaCodec>()) KeyFrames.IsStart(codec, bytes);
            if (RedPayload.TryParse(bytes, out var red)) Assert.True(red.Primary.Length < bytes.Length);
        }, iter: Iterations);
    }

    [Fact]
    public void Any_bytes_are_a_dependency_descriptor_or_not()
    {
        Gen.Byte.Array[0, 60].Array[1, 8].Sample(extensions =>
        {
            var reader = new DependencyDescriptorReader();
            foreach (var extension in extensions)
            {
                if (!reader.TryRead(extension, out var descriptor)) continue;
                Assert.True(extension.Length >= 3);
                Assert.Equal((extension[1] << 8) | extension[2], descriptor.FrameNumber);
                Assert.InRange(descriptor.SpatialLayer, 0, 3);
                Assert.InRange(descriptor.TemporalLayer, 0, 7);
            }
        }, iter: Iterations);
    }

    [Fact]
    public void A_damaged_dependency_descriptor_gives_an_answer()
    {
        var valid = new DescriptorBuilder { Templates = DescriptorBuilder.L3T3(0), CustomDifferences = [5, 300], CustomChains = 3 }.Build();
        Gen.Select(Gen.Int[0, valid.Length * 8 - 1].Array[1, 6], Gen.Int[0, valid.Length]).Sample((bits, length) =>
        {
            var damaged = valid.ToArray();
            foreach (var bit in bits) damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            var reader = new DependencyDescriptorReader();
            Assert.True(reader.TryRead(valid, out _));
            reader.TryRead(damaged.AsSpan(0, length), out _);
            Assert.True(reader.TryRead(valid, out _));
        }, iter: Iterations);
    }

    /// <summary>What picture id 0x7ABC and TL0PICIDX 0xDE become in a descriptor of that form.</summary>
    private static (ushort PictureId, byte Tl0PicIdx) Rewritten(bool hasPictureId, bool isLong, bool hasTl0PicIdx) =>
        (!hasPictureId ? (ushort)0 : isLong ? (ushort)0x7ABC : (ushort)0x3C, hasTl0PicIdx ? (byte)0xDE : (byte)0);
}
