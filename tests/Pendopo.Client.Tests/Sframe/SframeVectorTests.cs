using Pendopo.Client.Sframe;
using Xunit;

namespace Pendopo.Client.Tests.Sframe;

public sealed class SframeVectorTests
{
    [Fact]
    public void Headers_are_written_and_read_as_the_vectors_have_them()
    {
        var buffer = new byte[SframeHeader.MaximumLength];
        foreach (var vector in SframeVectors.Read("test-vectors.json", "header"))
        {
            var header = new SframeHeader(vector.Number("kid"), vector.Number("ctr"));
            var encoded = vector.Hex("encoded");

            Assert.Equal(encoded, buffer[..header.Write(buffer)]);
            Assert.Equal(encoded.Length, header.Length);
            Assert.True(SframeHeader.TryParse([.. encoded, 0xff], out var read));
            Assert.Equal(header, read);
            for (var cut = 0; cut < encoded.Length; cut++) Assert.False(SframeHeader.TryParse(encoded.AsSpan(0, cut), out _));
        }
    }

    [Theory]
    [InlineData("aes_ctr_hmac")]
    [InlineData("aes_256_ctr_hmac")]
    public void The_compound_cipher_seals_and_opens_the_vectors(string name)
    {
        foreach (var vector in SframeVectors.Read("test-vectors.json", name))
        {
            var parameters = SuiteParameters.Of((SframeCipherSuite)vector.Number("cipher_suite"));
            // A salt that is the nonce already: XOR with counter 0 leaves it.
            using var key = new CtrHmacSframeKey(vector.Hex("enc_key"), vector.Hex("auth_key"), vector.Hex("nonce"), parameters);
            AssertSealsAndOpens(key, 0, vector.Hex("aad"), vector.Hex("pt"), vector.Hex("ct"));
        }
    }

    [Theory]
    [InlineData("test-vectors.json", "sframe", 5)]
    [InlineData("test-vectors-aes256.json", "sframe_aes_256_ctr_hmac", 3)]
    public void Every_suite_derives_encrypts_and_decrypts_as_the_vectors_have_it(string file, string name, int suites)
    {
        var vectors = SframeVectors.Read(file, name);
        Assert.Equal(suites, vectors.Select(vector => vector.Number("cipher_suite")).Distinct().Count());
        foreach (var vector in vectors)
        {
            var suite = (SframeCipherSuite)vector.Number("cipher_suite");
            var header = new SframeHeader(vector.Number("kid"), vector.Number("ctr"));
            using var key = SframeKey.Derive(suite, header.KeyId, vector.Hex("base_key"));
            AssertSealsAndOpens(key, header.Counter, vector.Hex("aad"), vector.Hex("pt"), vector.Hex("ct")[header.Length..]);

            using var context = new SframeContext(suite);
            context.AddReceiveKey(header.KeyId, vector.Hex("base_key"));
            var plaintext = new byte[100];
            Assert.Equal(SframeError.None, context.TryDecrypt(vector.Hex("metadata"), vector.Hex("ct"), plaintext, out var written, out var read));
            Assert.Equal(header, read);
            Assert.Equal(vector.Hex("pt"), plaintext[..written]);
        }
    }

    [Theory]
    [InlineData("8007 00")] // a key id below 8 belongs into the config byte
    [InlineData("0807")] // a counter likewise
    [InlineData("90000900")] // two bytes for a key id that needs one
    [InlineData("0900ff")] // two bytes for such a counter
    public void A_header_that_is_not_the_shortest_is_refused(string encoded) =>
        Assert.False(SframeHeader.TryParse(Convert.FromHexString(encoded.Replace(" ", "", StringComparison.Ordinal)), out _));

    private static void AssertSealsAndOpens(SframeKey key, ulong counter, byte[] associatedData, byte[] plaintext, byte[] sealedBytes)
    {
        Assert.Equal(sealedBytes.Length, plaintext.Length + key.TagLength);
        var destination = new byte[sealedBytes.Length];
        key.Encrypt(counter, associatedData, plaintext, destination);
        Assert.Equal(sealedBytes, destination);

        var opened = new byte[plaintext.Length];
        Assert.True(key.TryDecrypt(counter, associatedData, sealedBytes, opened));
        Assert.Equal(plaintext, opened);

        for (var i = 0; i < sealedBytes.Length; i++)
        {
            var changed = sealedBytes.ToArray();
            changed[i] ^= 0x10;
            Assert.False(key.TryDecrypt(counter, associatedData, changed, opened));
        }

        Assert.False(key.TryDecrypt(counter + 1, associatedData, sealedBytes, opened));
        Assert.False(key.TryDecrypt(counter, [.. associatedData, 0], sealedBytes, opened));
        Assert.False(key.TryDecrypt(counter, associatedData, sealedBytes.AsSpan(0, key.TagLength - 1), opened));
    }
}
