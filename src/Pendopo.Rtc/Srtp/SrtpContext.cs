namespace Pendopo.Rtc.Srtp;

/// <summary>
/// One direction of SRTP and SRTCP under one master key (RFC 3711, RFC 7714): per-SSRC roll-over counters, replay windows
/// for what is received, in-place transforms, no allocation after the first packet of an SSRC. Owned by one thread.
/// </summary>
public sealed class SrtpContext : IDisposable
{
    public SrtpContext(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt) =>
        throw new NotSupportedException("not built yet");

    /// <summary>Bytes that <see cref="TryProtectRtp"/> adds at the end.</summary>
    public int RtpOverhead => throw new NotSupportedException();

    /// <summary>Bytes that <see cref="TryProtectRtcp"/> adds at the end (tag and index).</summary>
    public int RtcpOverhead => throw new NotSupportedException();

    public static int MasterKeyLength(SrtpProfile profile) => throw new NotSupportedException();

    public static int MasterSaltLength(SrtpProfile profile) => throw new NotSupportedException();

    /// <summary>Encrypts the RTP packet in <c>buffer[..length]</c> in place; the buffer must have room for the overhead.</summary>
    public bool TryProtectRtp(Span<byte> buffer, int length, out int protectedLength) => throw new NotSupportedException();

    /// <summary>Authenticates and decrypts in place; the plaintext packet is <c>packet[..length]</c>.</summary>
    public bool TryUnprotectRtp(Span<byte> packet, out int length, out DropReason reason) => throw new NotSupportedException();

    public bool TryProtectRtcp(Span<byte> buffer, int length, out int protectedLength) => throw new NotSupportedException();

    public bool TryUnprotectRtcp(Span<byte> packet, out int length, out DropReason reason) => throw new NotSupportedException();

    public void Dispose() => throw new NotSupportedException();
}
