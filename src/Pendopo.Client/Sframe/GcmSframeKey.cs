using System.Security.Cryptography;

namespace Pendopo.Client.Sframe;

/// <summary>AES-GCM with the whole tag.</summary>
internal sealed class GcmSframeKey(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, int tagLength) : SframeKey(salt, tagLength)
{
    private readonly AesGcm _gcm = new(key, tagLength);

    protected override void Seal(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag) =>
        _gcm.Encrypt(nonce, plaintext, ciphertext, tag, associatedData);

    protected override bool TryOpen(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext)
    {
        try
        {
            _gcm.Decrypt(nonce, ciphertext, tag, plaintext, associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false; // AesGcm has no other way to say so, and it has cleared the plaintext
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _gcm.Dispose();
    }
}
