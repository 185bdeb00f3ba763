using System.Runtime.Intrinsics;

namespace Pendopo.Rtc.Srtp;

/// <summary>AES-GCM (SP 800-38D) under one key of 16 or 32 bytes, with nonces of 12 bytes and tags of 16. No allocation.</summary>
internal abstract class GcmKey : IDisposable
{
    public const int NonceLength = 12;
    public const int TagLength = 16;

    /// <param name="key">16 or 32 bytes.</param>
    /// <param name="tier">One that the machine supports.</param>
    public static GcmKey Create(ReadOnlySpan<byte> key, SrtpTier tier) => tier switch
    {
        SrtpTier.Vector512 => new IntrinsicGcmKey<Ghash512>(key),
        SrtpTier.Vector128 => new IntrinsicGcmKey<Ghash128>(key),
        _ => new PlatformGcmKey(key),
    };

    /// <summary>
    /// Encrypts into <c>destination[..plaintext.Length]</c> and writes the tag behind it; whatever the destination has beyond
    /// is working room and undefined afterwards. The two may start at the same place; otherwise they must not overlap.
    /// </summary>
    /// <param name="nonce">The nonce in the first 12 bytes, 0 in the others.</param>
    /// <param name="associated">What is authenticated but not encrypted.</param>
    /// <param name="plaintext">What is encrypted.</param>
    /// <param name="destination">At least <see cref="TagLength"/> bytes longer than the plaintext.</param>
    public abstract void Seal(Vector128<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> destination);

    /// <summary>
    /// Decrypts <c>data[..^TagLength]</c> in place if the tag behind it is right. If not: false, and the content is undefined.
    /// </summary>
    public abstract bool Open(Vector128<byte> nonce, ReadOnlySpan<byte> associated, Span<byte> data);

    /// <summary>Asks for what <see cref="Seal"/> reads.</summary>
    public virtual void Prefetch()
    {
    }

    public abstract void Dispose();
}
