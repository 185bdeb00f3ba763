using System.Text.Json;
using Pendopo.Mls.Crypto;
using Xunit;

namespace Pendopo.Mls.Tests.Crypto;

public sealed class SymmetricSuiteTests
{
    public static TheoryData<int> Suites => [1, 2, 3, 4, 5, 6, 7];

    [Theory]
    [MemberData(nameof(Suites))]
    public void Hashes_and_derivations_agree_with_the_published_vectors(int suite)
    {
        var (vector, crypto) = Case(suite);
        var hash = vector.GetProperty("ref_hash");
        Assert.Equal(hash.Hex("out"), crypto.RefHash(hash.Text("label"), hash.Hex("value")));

        var expand = vector.GetProperty("expand_with_label");
        var length = (int)expand.Number("length");
        Assert.Equal(expand.Hex("out"), crypto.ExpandWithLabel(expand.Hex("secret"), expand.Text("label"), expand.Hex("context"), length));

        var derive = vector.GetProperty("derive_secret");
        Assert.Equal(derive.Hex("out"), crypto.DeriveSecret(derive.Hex("secret"), derive.Text("label")));

        var tree = vector.GetProperty("derive_tree_secret");
        length = (int)tree.Number("length");
        Assert.Equal(tree.Hex("out"), crypto.DeriveTreeSecret(tree.Hex("secret"), tree.Text("label"), tree.Number("generation"), length));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Sealed_text_opens_only_unchanged(int suite)
    {
        Assert.True(SymmetricSuite.TryGet((CipherSuite)suite, out var crypto));
        if (!crypto.IsSupported) Assert.Skip("This machine's cryptography has no such AEAD.");
        var random = new Random(suite);
        var key = Bytes(random, crypto.KeyLength);
        var nonce = Bytes(random, SymmetricSuite.NonceLength);
        var data = Bytes(random, 11);
        var plaintext = Bytes(random, 37);
        var sealedText = crypto.Seal(key, nonce, data, plaintext);
        Assert.True(crypto.TryOpen(key, nonce, data, sealedText, out var opened));
        Assert.Equal(plaintext, opened);

        foreach (var part in new[] { key, nonce, data, sealedText })
        {
            for (var bit = 0; bit < part.Length * 8; bit++)
            {
                part[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(crypto.TryOpen(key, nonce, data, sealedText, out opened));
                Assert.Null(opened);
                part[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        for (var length = 0; length < sealedText.Length; length++)
        {
            Assert.False(crypto.TryOpen(key, nonce, data, sealedText.AsSpan(0, length), out _));
        }
    }

    [Theory]
    [InlineData("AES", 1, "cafebabefacedbaddecaf888", "feffe9928665731c6d6a8f9467308308",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
            + "5bc94fbc3221a5db94fae95ae7121a47")]
    public void Aes_gcm_agrees_with_the_case_4_of_its_specification(
        string name, int suite, string nonce, string key, string plaintext, string data, string sealedText)
    {
        Assert.True(SymmetricSuite.TryGet((CipherSuite)suite, out var crypto), name);
        var made = crypto.Seal(
            Convert.FromHexString(key), Convert.FromHexString(nonce), Convert.FromHexString(data), Convert.FromHexString(plaintext));
        Assert.Equal(sealedText, Convert.ToHexStringLower(made));
    }

    [Fact]
    public void An_unregistered_suite_is_not_found()
    {
        Assert.False(SymmetricSuite.TryGet(0, out _));
        Assert.False(SymmetricSuite.TryGet((CipherSuite)8, out _));
    }

    private static (JsonElement Vector, SymmetricSuite Crypto) Case(int suite)
    {
        var vector = Vectors.Read("crypto-basics.json").Single(vector => vector.Number("cipher_suite") == suite);
        Assert.True(SymmetricSuite.TryGet((CipherSuite)suite, out var crypto));
        return (vector, crypto);
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
