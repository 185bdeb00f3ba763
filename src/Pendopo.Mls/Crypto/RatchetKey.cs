using System.Security.Cryptography;

namespace Pendopo.Mls.Crypto;

/// <summary>A key and a nonce for one message. Disposing erases them.</summary>
public sealed class RatchetKey : IDisposable
{
    private readonly byte[] _key;
    private readonly byte[] _nonce;

    internal RatchetKey(byte[] key, byte[] nonce)
    {
        _key = key;
        _nonce = nonce;
    }

    public ReadOnlySpan<byte> Key => _key;

    public ReadOnlySpan<byte> Nonce => _nonce;

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_key);
        CryptographicOperations.ZeroMemory(_nonce);
    }

    /// <summary>Never the secret.</summary>
    public override string ToString() => nameof(RatchetKey);
}
