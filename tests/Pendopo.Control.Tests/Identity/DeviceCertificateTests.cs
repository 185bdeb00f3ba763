using System.Text.Json;
using Pendopo.Control.Identity;
using Pendopo.Control.Users;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Control.Tests.Identity;

/// <summary>Against certificates that another implementation made (tests/vectors/identity.py).</summary>
public sealed class DeviceCertificateTests
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "vectors", "identity.json"))).RootElement;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Vectors.GetProperty("cases").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_certificate_is_byte_for_byte_what_another_implementation_makes_of_the_profile(int index)
    {
        var vector = Vectors.GetProperty("cases")[index];
        var certificate = new DeviceCertificate(
            Bytes(vector, "serial", 16), Seconds(vector, "notBefore"), Seconds(vector, "notAfter"), Text(vector, "name"), Bytes(vector, "deviceKey", 32),
            AccountId.From(Bytes(vector, "accountId", 16)), Text(vector, "organization"));

        var encoded = certificate.Encode(Bytes(Vectors, "root", 32), message => Ed25519Keys.Sign(Bytes(Vectors, "rootSeed", 32), message));

        Assert.Equal(Text(vector, "certificate"), StrictBase64Url.Encode(encoded));
        Assert.Equal(Text(Vectors, "issuer"), DeviceCertificate.NameOf(Bytes(Vectors, "root", 32)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_proof_is_signed_over_what_another_implementation_signs(int index)
    {
        var vector = Vectors.GetProperty("cases")[index];
        var request = new CertificationRequest(
            AccountId.From(Bytes(vector, "accountId", 16)), "", "", Bytes(vector, "deviceKey", 32), vector.GetProperty("at").GetInt64(), Bytes(vector, "proof", 64));

        Assert.True(Ed25519Keys.Verify(request.DeviceKey, FileIdentityAuthority.EncodeProof(request), request.Proof));
        Assert.Equal(request.DeviceKey, Ed25519Keys.PublicKeyOf(Bytes(vector, "deviceSeed", 32)));
    }

    [Theory]
    [InlineData(0, "00")]
    [InlineData(63, "3f")]
    [InlineData(64, "4040")]
    [InlineData(16_383, "7fff")]
    [InlineData(16_384, "80004000")]
    public void A_vector_has_its_length_in_the_shortest_form(int length, string prefix)
    {
        var bytes = new List<byte>();
        SignedContent.WriteVector(bytes, new byte[length]);
        Assert.Equal(length + (prefix.Length / 2), bytes.Count);
        Assert.Equal(prefix, Convert.ToHexStringLower([.. bytes.Take(prefix.Length / 2)]));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static DateTimeOffset Seconds(JsonElement element, string name) => DateTimeOffset.FromUnixTimeSeconds(element.GetProperty(name).GetInt64());

    private static byte[] Bytes(JsonElement element, string name, int length)
    {
        Assert.True(StrictBase64Url.TryDecode(Text(element, name), length, out var bytes));
        return bytes;
    }
}
