using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Pendopo.Rtc.Srtp;

/// <summary>The platform's AES-GCM.</summary>
internal sealed class PlatformGcmKey(ReadOnlySpan<byte> key) : GcmKey
{
    private readonly AesGcm _gcm = new(key, TagLength);

    public override void Seal(Vector128<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[Vector128<byte>.Count];
        nonce.CopyTo(bytes);
        _gcm.Encrypt(bytes[..NonceLength], plaintext, destination[..plaintext.Length], destination.Slice(plaintext.Length, TagLength), associated);
    }

    public override bool Open(Vector128<byte> nonce, ReadOnlySpan<byte> associated, Span<byte> data)
    {
        Span<byte> bytes = stackalloc byte[Vector128<byte>.Count];
        nonce.CopyTo(bytes);
        try
        {
            _gcm.Decrypt(bytes[..NonceLength], data[..^TagLength], data[^TagLength..], data[..^TagLength], associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            // The platform's only way to say that a tag is wrong. It stays inside: a forged packet is input, not a bug.
            return false;
        }
    }

    public override void Dispose() => _gcm.Dispose();
}
