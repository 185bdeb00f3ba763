using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pendopo.Rtc.Srtp;

/// <summary>
/// HMAC-SHA1 (RFC 2104) under one key: of one message by the platform, and the two states after the padded key, from which
/// lanes go on. No allocation.
/// </summary>
internal sealed unsafe class HmacSha1 : IDisposable
{
    public const int KeyLength = 20;
    public const int DigestLength = 20;

    private const byte InnerPad = 0x36;
    private const byte OuterPad = 0x5C;

    private readonly IncrementalHash _platform;
    private readonly KeyMemory _states = new(2 * Sha1.StateWords * sizeof(uint));

    /// <param name="key">At most a block of 64 bytes.</param>
    public HmacSha1(ReadOnlySpan<byte> key)
    {
        _platform = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, key);
        Span<byte> padded = stackalloc byte[Sha1.BlockLength];
        padded.Clear();
        key.CopyTo(padded);
        foreach (ref var value in padded) value ^= InnerPad;
        Sha1.Start(padded, new Span<uint>(_states.Pointer, Sha1.StateWords));
        foreach (ref var value in padded) value ^= InnerPad ^ OuterPad;
        Sha1.Start(padded, new Span<uint>((uint*)_states.Pointer + Sha1.StateWords, Sha1.StateWords));
        CryptographicOperations.ZeroMemory(padded);
    }

    public bool IsDisposed { get; private set; }

    /// <summary>Five words each: the state after the inner and after the outer padded key.</summary>
    public ReadOnlySpan<uint> States => new(_states.Pointer, 2 * Sha1.StateWords);

    /// <param name="message">What is authenticated.</param>
    /// <param name="digest">Room for <see cref="DigestLength"/> bytes.</param>
    public void Compute(ReadOnlySpan<byte> message, Span<byte> digest)
    {
        _platform.AppendData(message);
        _platform.GetHashAndReset(digest);
    }

    /// <summary>
    /// Of a message and the roll-over counter behind it, which is authenticated though it is not sent (RFC 3711 §4.2). The
    /// counter is put there, because two calls into the platform cost more than one.
    /// </summary>
    /// <param name="message">The message and at least four bytes more, which are overwritten.</param>
    /// <param name="length">Bytes of the message.</param>
    /// <param name="rollover">The roll-over counter.</param>
    /// <param name="digest">Room for <see cref="DigestLength"/> bytes.</param>
    public void Compute(Span<byte> message, int length, uint rollover, Span<byte> digest)
    {
        BinaryPrimitives.WriteUInt32BigEndian(message[length..], rollover);
        Compute(message[..(length + sizeof(uint))], digest);
    }

    public void Dispose()
    {
        IsDisposed = true;
        _platform.Dispose();
        _states.Dispose();
    }
}
