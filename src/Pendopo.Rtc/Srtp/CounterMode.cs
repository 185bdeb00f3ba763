using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Pendopo.Rtc.Srtp;

/// <summary>AES in counter mode as SRTP has it (RFC 3711 §4.1.1), under one key and salt. No allocation.</summary>
internal abstract class CounterMode(ReadOnlySpan<byte> salt) : IDisposable
{
    private Vector128<byte> _salt = Widen(salt);

    /// <param name="key">16 bytes.</param>
    /// <param name="salt">14 bytes.</param>
    /// <param name="tier">One that the machine supports.</param>
    public static CounterMode Create(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, SrtpTier tier) =>
        tier == SrtpTier.Platform ? new PlatformCounterMode(key, salt) : new IntrinsicCounterMode(key, salt);

    /// <summary>
    /// Writes the source XOR the keystream of (SSRC, index): encrypts and decrypts. The two spans may start at the same place
    /// and otherwise must not overlap; what the destination has beyond the source's length is working room and undefined
    /// afterwards. At most 2^16 blocks, the range of the block counter.
    /// </summary>
    public void Apply(ReadOnlySpan<byte> source, Span<byte> destination, uint ssrc, ulong index)
    {
        // IV = (salt · 2^16) XOR (SSRC · 2^64) XOR (index · 2^16); the block's number is added in the 16 bits left.
        var first = Vector128.Create(BinaryPrimitives.ReverseEndianness((ulong)ssrc), BinaryPrimitives.ReverseEndianness(index << 16));
        Apply(source, destination, first.AsByte() ^ _salt);
    }

    public virtual void Dispose() => _salt = default;

    protected abstract void Apply(ReadOnlySpan<byte> source, Span<byte> destination, Vector128<byte> first);

    private static Vector128<byte> Widen(ReadOnlySpan<byte> salt)
    {
        Span<byte> wide = stackalloc byte[Vector128<byte>.Count];
        wide.Clear();
        salt.CopyTo(wide);
        return Vector128.Create<byte>(wide);
    }
}
