namespace Pendopo.Client.Sframe;

/// <summary>
/// Encrypts frames of encoders into what RTP packetizers carry, and decrypts what depacketizers give, as browsers' clients do. Allocates
/// nothing per frame once its buffers have grown to the frames; not safe for several threads.
/// </summary>
public sealed class FrameCipher(FrameKeys keys)
{
    /// <summary>Kind and codec.</summary>
    private const int FixedMetadata = 2;

    private byte[] _metadata = new byte[256];
    private byte[] _ciphertext = [];

    /// <summary>Room that an encrypted frame never exceeds, in bytes.</summary>
    public static int MaximumEncryptedLength(int frameLength) => FrameFormat.MaximumEncryptedLength(frameLength);

    /// <summary>Encrypts a frame under the sending key.</summary>
    /// <param name="isKeyFrame">Of video other than VP8, which says so itself.</param>
    public SframeError TryEncrypt(FrameCodec codec, bool isKeyFrame, ReadOnlySpan<byte> frame, Span<byte> destination, out int written)
    {
        written = 0;
        if (!TrySplit(codec, isKeyFrame, frame, out var metadata, out var clear, out var restStart)) return SframeError.Malformed;
        var plaintext = frame[restStart..];
        switch (codec)
        {
            case FrameCodec.Av1:
                return TryEncryptAv1(metadata, plaintext, destination, out written);
            case FrameCodec.H264:
                return TryEncryptH264(metadata, clear, plaintext, destination, out written);
            default:
                if (destination.Length < clear.Length) return SframeError.DestinationTooShort;
                var error = keys.TryEncrypt(metadata, plaintext, destination[clear.Length..], out var length);
                if (error != SframeError.None) return error;
                clear.CopyTo(destination);
                written = clear.Length + length;
                return SframeError.None;
        }
    }

    /// <summary>Decrypts a received frame: one key, one attempt. On any error nothing of it is told, and it is to be dropped.</summary>
    /// <param name="isKeyFrame">As the depacketizer says, of video other than VP8.</param>
    /// <param name="sender">Who sent it, with <see cref="SframeError.None"/> only.</param>
    public SframeError TryDecrypt(
        FrameCodec codec, bool isKeyFrame, ReadOnlySpan<byte> frame, Span<byte> destination, out int written, out FrameSender sender)
    {
        written = 0;
        sender = default;
        var content = frame;
        if (codec == FrameCodec.Av1 && !Av1Obu.TryRead(frame, out content)) return SframeError.Malformed;
        if (!TrySplit(codec, isKeyFrame, content, out var metadata, out var clear, out var restStart)) return SframeError.Malformed;
        var ciphertext = content[restStart..];
        if (codec == FrameCodec.H264)
        {
            EnsureCiphertext(ciphertext.Length);
            var length = H264Frame.UnescapeStartCodes(clear, ciphertext, _ciphertext);
            if (length < 0) return SframeError.Malformed;
            ciphertext = _ciphertext.AsSpan(0, length);
        }

        if (destination.Length < clear.Length) return SframeError.DestinationTooShort;
        var error = keys.TryDecrypt(metadata, ciphertext, destination[clear.Length..], out var plain, out sender);
        if (error != SframeError.None) return error;
        clear.CopyTo(destination);
        written = clear.Length + plain;
        return SframeError.None;
    }

    private SframeError TryEncryptAv1(ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> plaintext, Span<byte> destination, out int written)
    {
        written = 0;
        EnsureCiphertext(FrameFormat.MaximumEncryptedLength(plaintext.Length));
        var error = keys.TryEncrypt(metadata, plaintext, _ciphertext, out var length);
        if (error != SframeError.None) return error;
        var prefix = Av1Obu.PrefixLength(length);
        if (destination.Length < prefix + length) return SframeError.DestinationTooShort;
        Av1Obu.WritePrefix(destination, length);
        _ciphertext.AsSpan(0, length).CopyTo(destination[prefix..]);
        written = prefix + length;
        return SframeError.None;
    }

    private SframeError TryEncryptH264(
        ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> clear, ReadOnlySpan<byte> plaintext, Span<byte> destination, out int written)
    {
        written = 0;
        EnsureCiphertext(FrameFormat.MaximumEncryptedLength(plaintext.Length));
        var error = keys.TryEncrypt(metadata, plaintext, _ciphertext, out var length);
        if (error != SframeError.None) return error;
        if (destination.Length < clear.Length) return SframeError.DestinationTooShort;
        clear.CopyTo(destination);
        var escaped = H264Frame.EscapeStartCodes(clear, _ciphertext.AsSpan(0, length), destination[clear.Length..]);
        if (escaped < 0) return SframeError.DestinationTooShort;
        written = clear.Length + escaped;
        return SframeError.None;
    }

    /// <summary>Metadata is kind, codec and the clear bytes, which are so in one piece already.</summary>
    private bool TrySplit(
        FrameCodec codec, bool isKeyFrame, ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> metadata, out ReadOnlySpan<byte> clear, out int restStart)
    {
        metadata = clear = default;
        var room = FixedMetadata + (codec == FrameCodec.H264 ? 2 * frame.Length : frame.Length);
        if (_metadata.Length < room) _metadata = new byte[room * 2];
        if (!FrameFormat.TrySplit(codec, frame, _metadata.AsSpan(FixedMetadata), out var clearLength, out restStart)) return false;
        metadata = _metadata.AsSpan(0, FixedMetadata + clearLength);
        clear = metadata[FixedMetadata..];
        _metadata[0] = (byte)FrameFormat.KindOf(codec, isKeyFrame, clear);
        _metadata[1] = (byte)codec;
        return true;
    }

    private void EnsureCiphertext(int length)
    {
        if (_ciphertext.Length < length) _ciphertext = new byte[length * 2];
    }
}
