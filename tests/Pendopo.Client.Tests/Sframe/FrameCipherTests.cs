using Pendopo.Client.Sframe;
using Xunit;

namespace Pendopo.Client.Tests.Sframe;

public sealed class FrameCipherTests
{
    private readonly byte[] _encrypted = new byte[200_000];
    private readonly byte[] _decrypted = new byte[200_000];

    public static TheoryData<FrameCodec, bool, string> Frames => new()
    {
        { FrameCodec.Opus, false, "78" },
        { FrameCodec.Red, false, "6f780be4c136" },
        { FrameCodec.Vp8, true, "b02f009d012ae0010e01" + "3923000c1c22" },
        { FrameCodec.Vp8, false, "31" },
        { FrameCodec.Vp8, false, "310f00e439ff" },
        { FrameCodec.Vp9, true, "824983420027f016" },
        { FrameCodec.Vp9, false, "86004092b860" },
        { FrameCodec.Av1, true, "12000a0a0000000cc4ff670068023286" },
        { FrameCodec.H264, true, "000000016742c01f8c8d" + "0000000168ce3c80" + "0000000165b8000400000538" },
        { FrameCodec.H264, false, "0000000161e000" },
        { FrameCodec.H264, false, "000000010930" + "0000000161e0004000be" + "0000000161e0114000be" },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public void A_frame_comes_back_as_it_was(FrameCodec codec, bool isKeyFrame, string hex)
    {
        using var pair = new FramePair();
        var frame = Convert.FromHexString(hex);
        var encrypted = Encrypt(pair, codec, isKeyFrame, frame);

        Assert.Equal(SframeError.None, pair.Receiver.TryDecrypt(codec, isKeyFrame, encrypted, _decrypted, out var written, out var sender));
        Assert.Equal(frame, _decrypted[..written]);
        Assert.Equal(new FrameSender(FramePair.SenderLeaf, FramePair.Epoch, 0), sender);
        Assert.Equal(SframeError.Replayed, pair.Receiver.TryDecrypt(codec, isKeyFrame, encrypted, _decrypted, out _, out _));
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void A_frame_with_any_bit_changed_is_refused(FrameCodec codec, bool isKeyFrame, string hex)
    {
        using var pair = new FramePair();
        var encrypted = Encrypt(pair, codec, isKeyFrame, Convert.FromHexString(hex));
        for (var bit = 0; bit < encrypted.Length * 8; bit++)
        {
            var changed = encrypted.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(SframeError.None, pair.Receiver.TryDecrypt(codec, isKeyFrame, changed, _decrypted, out _, out _));
        }

        for (var length = 0; length < encrypted.Length; length++)
        {
            Assert.NotEqual(SframeError.None, pair.Receiver.TryDecrypt(codec, isKeyFrame, encrypted.AsSpan(0, length), _decrypted, out _, out _));
        }

        Assert.Equal(SframeError.None, pair.Receiver.TryDecrypt(codec, isKeyFrame, encrypted, _decrypted, out _, out _));
    }

    [Fact]
    public void A_frame_is_refused_as_another_codec_or_kind()
    {
        using var pair = new FramePair();
        var frame = Convert.FromHexString("824983420027f016");
        var encrypted = Encrypt(pair, FrameCodec.Vp9, true, frame);
        Assert.Equal(SframeError.Undecryptable, pair.Receiver.TryDecrypt(FrameCodec.Vp9, false, encrypted, _decrypted, out _, out _));
        Assert.Equal(SframeError.Undecryptable, pair.Receiver.TryDecrypt(FrameCodec.Opus, false, encrypted, _decrypted, out _, out _));
        Assert.Equal(SframeError.Undecryptable, pair.Receiver.TryDecrypt(FrameCodec.Red, false, encrypted, _decrypted, out _, out _));
        Assert.Equal(SframeError.None, pair.Receiver.TryDecrypt(FrameCodec.Vp9, true, encrypted, _decrypted, out _, out _));
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void Plain_frames_are_refused(FrameCodec codec, bool isKeyFrame, string hex)
    {
        using var pair = new FramePair();
        var plain = Convert.FromHexString(hex + new string('0', 64));
        Assert.NotEqual(SframeError.None, pair.Receiver.TryDecrypt(codec, isKeyFrame, plain, _decrypted, out _, out _));
    }

    [Theory]
    [InlineData(FrameCodec.Vp8, "b02f009d012ae0010e")] // a key frame shorter than its header
    [InlineData(FrameCodec.Vp8, "")]
    [InlineData(FrameCodec.H264, "")]
    [InlineData(FrameCodec.H264, "6742c01f")] // no start code
    [InlineData(FrameCodec.H264, "ff0000000165b80004")] // something in front
    [InlineData(FrameCodec.H264, "000000016742c01f")] // no slice
    [InlineData(FrameCodec.H264, "0000000165b8")] // a slice without its beginning
    [InlineData(FrameCodec.H264, "00000001000000016742c01f0000000165b80004")] // an empty unit
    public void What_is_no_frame_of_its_codec_is_not_encrypted(FrameCodec codec, string hex)
    {
        using var pair = new FramePair();
        Assert.Equal(SframeError.Malformed, pair.Sender.TryEncrypt(codec, true, Convert.FromHexString(hex), _encrypted, out _));
    }

    [Fact]
    public void H264_keeps_clear_what_receivers_parse_with_start_codes_as_RTP_gives_them()
    {
        using var pair = new FramePair();
        var frame = Convert.FromHexString("0000016742c01f" + "0000" + "00000168ce3c80" + "00000165b80004aabbcc");
        var encrypted = Encrypt(pair, FrameCodec.H264, true, frame);
        Assert.StartsWith("000000016742c01f" + "0000000168ce3c80" + "0000000165b800", Convert.ToHexStringLower(encrypted), StringComparison.Ordinal);

        Assert.Equal(SframeError.None, pair.Receiver.TryDecrypt(FrameCodec.H264, true, encrypted, _decrypted, out var written, out _));
        Assert.Equal("000000016742c01f" + "0000000168ce3c80" + "0000000165b80004aabbcc", Convert.ToHexStringLower(_decrypted.AsSpan(0, written)));
    }

    [Fact]
    public void Thousands_of_H264_frames_never_hold_a_start_code_behind_the_slice()
    {
        using var pair = new FramePair();
        var frame = new byte[3000];
        Convert.FromHexString("0000000141e0ff").CopyTo(frame, 0);
        var escapes = 0;
        for (var i = 0; i < 3000; i++)
        {
            var encrypted = Encrypt(pair, FrameCodec.H264, false, frame);
            var behind = encrypted.AsSpan(7);
            for (var at = behind.IndexOf("\0\0"u8); at >= 0 && at + 2 < behind.Length; at++)
            {
                if (behind[at] == 0 && behind[at + 1] == 0) Assert.True(behind[at + 2] >= 3);
                if (behind[at] == 0 && behind[at + 1] == 0 && behind[at + 2] == 3) escapes++;
            }

            Assert.NotEqual(0, encrypted[^1]);
            Assert.Equal(SframeError.None, pair.Receiver.TryDecrypt(FrameCodec.H264, false, encrypted, _decrypted, out var written, out _));
            Assert.Equal(frame, _decrypted[..written]);
        }

        Assert.NotEqual(0, escapes);
    }

    [Theory]
    [InlineData(FrameCodec.Opus, 120)]
    [InlineData(FrameCodec.Vp8, 5000)]
    [InlineData(FrameCodec.Av1, 5000)]
    [InlineData(FrameCodec.H264, 5000)]
    public void Frames_allocate_nothing(FrameCodec codec, int length)
    {
        using var pair = new FramePair();
        var frame = new byte[length];
        frame[0] = codec == FrameCodec.Vp8 ? (byte)1 : (byte)0;
        if (codec == FrameCodec.H264) Convert.FromHexString("0000000141e0ff").CopyTo(frame, 0);
        var refused = 0;
        void Pass()
        {
            pair.Sender.TryEncrypt(codec, false, frame, _encrypted, out var encrypted);
            if (pair.Receiver.TryDecrypt(codec, false, _encrypted.AsSpan(0, encrypted), _decrypted, out _, out _) != SframeError.None) refused++; // assertions allocate
        }

        for (var i = 0; i < 200; i++) Pass();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 500; i++) Pass();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, refused);
        Assert.Equal(0, allocated);
    }

    private byte[] Encrypt(FramePair pair, FrameCodec codec, bool isKeyFrame, byte[] frame)
    {
        Assert.Equal(SframeError.None, pair.Sender.TryEncrypt(codec, isKeyFrame, frame, _encrypted, out var written));
        Assert.True(written <= FrameCipher.MaximumEncryptedLength(frame.Length));
        return _encrypted[..written];
    }
}
