using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Pendopo.Rtc.Srtp;

namespace Pendopo.Benchmarks;

/// <summary>
/// SRTP as a C program would do it with OpenSSL's EVP: a context per key that is set up once, and per packet the nonce, the
/// associated data, the payload and the tag. The column that our own ciphers are compared with; the product does not have it.
/// </summary>
internal sealed unsafe class SrtpOpenSsl : IDisposable
{
    private const string Library = "libcrypto.so.3";
    private const int HeaderLength = 12;
    private const int CtrlGetTag = 0x10;
    private const int CtrlSetTag = 0x11;
    private const int GcmTagLength = 16;
    private const int HmacTagLength = 10;

    private readonly bool _isGcm;
    private readonly nint _encrypt = EVP_CIPHER_CTX_new();
    private readonly nint _decrypt = EVP_CIPHER_CTX_new();
    private readonly nint _hmac = HMAC_CTX_new();

    public SrtpOpenSsl(SrtpProfile profile)
    {
        var key = stackalloc byte[32];
        _isGcm = profile != SrtpProfile.Aes128CmHmacSha1Tag80;
        var cipher = profile switch
        {
            SrtpProfile.AeadAes128Gcm => EVP_aes_128_gcm(),
            SrtpProfile.AeadAes256Gcm => EVP_aes_256_gcm(),
            _ => EVP_aes_128_ctr(),
        };
        Require.That(EVP_EncryptInit_ex(_encrypt, cipher, 0, key, null) == 1);
        Require.That(EVP_DecryptInit_ex(_decrypt, cipher, 0, key, null) == 1);
        if (!_isGcm) Require.That(HMAC_Init_ex(_hmac, key, 20, EVP_sha1(), 0) == 1);
    }

    public int Overhead => _isGcm ? GcmTagLength : HmacTagLength;

    public void Protect(byte* packet, byte* payload, int payloadLength, ulong index)
    {
        int written;
        var nonce = stackalloc byte[16];
        WriteNonce(nonce, index);
        Require.That(EVP_EncryptInit_ex(_encrypt, 0, 0, null, nonce) == 1);
        if (_isGcm) Require.That(EVP_EncryptUpdate(_encrypt, null, &written, packet, HeaderLength) == 1);
        Require.That(EVP_EncryptUpdate(_encrypt, packet + HeaderLength, &written, payload, payloadLength) == 1);
        var end = packet + HeaderLength + payloadLength;
        if (!_isGcm)
        {
            Authenticate(packet, HeaderLength + payloadLength, index, end);
            return;
        }

        Require.That(EVP_EncryptFinal_ex(_encrypt, end, &written) == 1);
        Require.That(EVP_CIPHER_CTX_ctrl(_encrypt, CtrlGetTag, GcmTagLength, end) == 1);
    }

    public bool Unprotect(byte* packet, int length, ulong index)
    {
        int written;
        var nonce = stackalloc byte[16];
        var payload = packet + HeaderLength;
        var payloadLength = length - HeaderLength - Overhead;
        WriteNonce(nonce, index);
        Require.That(EVP_DecryptInit_ex(_decrypt, 0, 0, null, nonce) == 1);
        if (_isGcm)
        {
            Require.That(EVP_DecryptUpdate(_decrypt, null, &written, packet, HeaderLength) == 1);
            Require.That(EVP_DecryptUpdate(_decrypt, payload, &written, payload, payloadLength) == 1);
            Require.That(EVP_CIPHER_CTX_ctrl(_decrypt, CtrlSetTag, GcmTagLength, payload + payloadLength) == 1);
            return EVP_DecryptFinal_ex(_decrypt, payload + payloadLength, &written) == 1;
        }

        var tag = stackalloc byte[20];
        Authenticate(packet, length - Overhead, index, tag);
        if (!new ReadOnlySpan<byte>(tag, HmacTagLength).SequenceEqual(new(payload + payloadLength, HmacTagLength))) return false;
        return EVP_DecryptUpdate(_decrypt, payload, &written, payload, payloadLength) == 1;
    }

    public void Dispose()
    {
        EVP_CIPHER_CTX_free(_encrypt);
        EVP_CIPHER_CTX_free(_decrypt);
        HMAC_CTX_free(_hmac);
    }

    private static void WriteNonce(byte* nonce, ulong index)
    {
        BinaryPrimitives.WriteUInt64BigEndian(new Span<byte>(nonce, 8), index >> 32);
        BinaryPrimitives.WriteUInt64BigEndian(new Span<byte>(nonce + 8, 8), index << 32);
    }

    private void Authenticate(byte* packet, int length, ulong index, byte* tag)
    {
        var rollover = BinaryPrimitives.ReverseEndianness((uint)(index >> 16));
        var digest = stackalloc byte[20];
        uint digestLength;
        Require.That(HMAC_Init_ex(_hmac, null, 0, 0, 0) == 1);
        Require.That(HMAC_Update(_hmac, packet, (nuint)length) == 1);
        Require.That(HMAC_Update(_hmac, (byte*)&rollover, sizeof(uint)) == 1);
        Require.That(HMAC_Final(_hmac, digest, &digestLength) == 1);
        new Span<byte>(digest, HmacTagLength).CopyTo(new Span<byte>(tag, HmacTagLength));
    }

#pragma warning disable IDE1006, SYSLIB1054 // The library's own names; every argument is blittable, so nothing is marshalled.
    [DllImport(Library)]
    private static extern nint EVP_CIPHER_CTX_new();

    [DllImport(Library)]
    private static extern void EVP_CIPHER_CTX_free(nint context);

    [DllImport(Library)]
    private static extern nint EVP_aes_128_gcm();

    [DllImport(Library)]
    private static extern nint EVP_aes_256_gcm();

    [DllImport(Library)]
    private static extern nint EVP_aes_128_ctr();

    [DllImport(Library)]
    private static extern nint EVP_sha1();

    [DllImport(Library)]
    private static extern int EVP_EncryptInit_ex(nint context, nint cipher, nint engine, byte* key, byte* nonce);

    [DllImport(Library)]
    private static extern int EVP_EncryptUpdate(nint context, byte* output, int* written, byte* input, int length);

    [DllImport(Library)]
    private static extern int EVP_EncryptFinal_ex(nint context, byte* output, int* written);

    [DllImport(Library)]
    private static extern int EVP_DecryptInit_ex(nint context, nint cipher, nint engine, byte* key, byte* nonce);

    [DllImport(Library)]
    private static extern int EVP_DecryptUpdate(nint context, byte* output, int* written, byte* input, int length);

    [DllImport(Library)]
    private static extern int EVP_DecryptFinal_ex(nint context, byte* output, int* written);

    [DllImport(Library)]
    private static extern int EVP_CIPHER_CTX_ctrl(nint context, int type, int argument, void* pointer);

    [DllImport(Library)]
    private static extern nint HMAC_CTX_new();

    [DllImport(Library)]
    private static extern void HMAC_CTX_free(nint context);

    [DllImport(Library)]
    private static extern int HMAC_Init_ex(nint context, byte* key, int length, nint digest, nint engine);

    [DllImport(Library)]
    private static extern int HMAC_Update(nint context, byte* data, nuint length);

    [DllImport(Library)]
    private static extern int HMAC_Final(nint context, byte* digest, uint* length);
#pragma warning restore IDE1006, SYSLIB1054
}
