using Microsoft.Extensions.Time.Testing;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.X509;
using Pendopo.Control.Identity;
using Pendopo.Control.Users;
using Xunit;

namespace Pendopo.Control.Tests.Identity;

public sealed class FileIdentityAuthorityTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 8, 17, 3, 0, 0, 999, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("pendopo-identity-").FullName;
    private readonly FakeTimeProvider _time = new(Start);
    private readonly byte[] _seed = [.. Enumerable.Range(1, 32).Select(value => (byte)value)];
    private readonly AccountId _account = AccountId.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_independent_parser_reads_every_field_of_the_profile_and_no_other()
    {
        var authority = FileIdentityAuthority.Open(_folder, _time);
        var (error, der) = await authority.CertifyAsync(Request(organization: "Kementerian"), Cancellation);
        Assert.Equal(ControlError.None, error);
        var root = await authority.GetRootAsync(Cancellation);

        var certificate = new X509CertificateParser().ReadCertificate(der);

        certificate.Verify(new Ed25519PublicKeyParameters(root));
        Assert.Equal(der, certificate.CertificateStructure.GetDerEncoded());
        Assert.Equal(3, certificate.Version);
        var serial = certificate.SerialNumber.ToByteArray();
        Assert.Equal((16, true), (serial.Length, certificate.SerialNumber.SignValue > 0));
        Assert.Equal(("1.3.101.112", null), (certificate.SigAlgOid, certificate.CertificateStructure.SignatureAlgorithm.Parameters));
        Assert.Null(certificate.TbsCertificate.Signature.Parameters);
        Assert.Equal($"CN={DeviceCertificate.NameOf(root)}", certificate.IssuerDN.ToString());
        Assert.Equal("CN=Sri Mulyani", certificate.SubjectDN.ToString());
        var attribute = (Asn1Sequence)((Asn1Set)((Asn1Sequence)certificate.SubjectDN.ToAsn1Object())[0])[0];
        Assert.IsType<DerUtf8String>(attribute[1]);
        Assert.Equal(Start.AddMilliseconds(-999).UtcDateTime - TimeSpan.FromHours(12), certificate.NotBefore);
        Assert.Equal(Start.AddMilliseconds(-999).UtcDateTime + TimeSpan.FromHours(12), certificate.NotAfter);
        Assert.Equal(Ed25519Keys.PublicKeyOf(_seed), certificate.TbsCertificate.SubjectPublicKeyInfo.PublicKey.GetBytes());
        Assert.Null(certificate.TbsCertificate.IssuerUniqueID);
        Assert.Null(certificate.TbsCertificate.SubjectUniqueID);

        var extensions = certificate.TbsCertificate.Extensions;
        Assert.Equal(
            ["2.5.29.19", "2.5.29.15", "2.25.333327326495318070901834229144023644788.2"],
            extensions.GetExtensionOids().Select(id => id.Id));
        Assert.All(extensions.GetExtensionOids(), id => Assert.True(extensions.GetExtension(id).IsCritical));
        Assert.Equal(0, certificate.GetBasicConstraints());
        Assert.Equal([false, false, false, false, false, true], certificate.GetKeyUsage().Take(6));
        Assert.DoesNotContain(true, certificate.GetKeyUsage().Skip(6));
        var device = Asn1OctetString.GetInstance(extensions.GetExtensionParsedValue(new DerObjectIdentifier("2.25.333327326495318070901834229144023644788.2")));
        Assert.Equal([1, .. _account.ToBytes(), 11, .. "Kementerian"u8], device.GetOctets());
    }

    [Fact]
    public async Task Serial_numbers_are_never_the_same_and_always_of_sixteen_bytes()
    {
        var authority = FileIdentityAuthority.Open(_folder, _time);
        var serials = new HashSet<string>();
        for (var count = 0; count < 200; count++)
        {
            var (_, der) = await authority.CertifyAsync(Request(), Cancellation);
            var serial = new X509CertificateParser().ReadCertificate(der).SerialNumber.ToByteArray();
            Assert.Equal(16, serial.Length);
            Assert.True(serials.Add(Convert.ToHexString(serial)));
        }
    }

    [Theory]
    [InlineData(0, ControlError.None)]
    [InlineData(300_000, ControlError.None)]
    [InlineData(-300_000, ControlError.None)]
    [InlineData(300_001, ControlError.ClockOff)]
    [InlineData(-300_001, ControlError.ClockOff)]
    public async Task A_request_is_signed_within_five_minutes_of_now(long off, ControlError expected)
    {
        var authority = FileIdentityAuthority.Open(_folder, _time);
        Assert.Equal(expected, (await authority.CertifyAsync(Request(at: Start.ToUnixTimeMilliseconds() + off), Cancellation)).Error);
    }

    [Fact]
    public async Task Moments_at_the_edge_of_what_can_be_counted_are_refused_too()
    {
        var authority = FileIdentityAuthority.Open(_folder, _time);
        foreach (var at in (long[])[long.MinValue, -1, long.MaxValue])
        {
            Assert.Equal(ControlError.ClockOff, (await authority.CertifyAsync(Request() with { At = at }, Cancellation)).Error);
        }
    }

    [Fact]
    public async Task A_proof_for_another_account_key_or_moment_is_none()
    {
        var authority = FileIdentityAuthority.Open(_folder, _time);
        var request = Request();
        var other = Ed25519Keys.PublicKeyOf([.. _seed.Reverse()]);
        CertificationRequest[] forged =
        [
            request with { Account = AccountId.Create() },
            request with { DeviceKey = other },
            request with { At = request.At + 1 },
            request with { Proof = [.. request.Proof[..63], (byte)(request.Proof[63] ^ 1)] },
            request with { Proof = [] },
            request with { Proof = [.. request.Proof, 0] },
        ];
        foreach (var wrong in forged) Assert.Equal(ControlError.InvalidProof, (await authority.CertifyAsync(wrong, Cancellation)).Error);
    }

    [Theory]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")]
    [InlineData("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("0200000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("00")]
    public async Task A_key_of_small_order_or_in_another_encoding_is_certified_to_nobody(string key)
    {
        var authority = FileIdentityAuthority.Open(_folder, _time);
        Assert.Equal(ControlError.InvalidDeviceKey, (await authority.CertifyAsync(Request() with { DeviceKey = Convert.FromHexString(key) }, Cancellation)).Error);
    }

    [Fact]
    public async Task Names_outside_the_profile_are_certified_to_nobody()
    {
        var authority = FileIdentityAuthority.Open(_folder, _time);
        foreach (var name in (string[])["", " Sri", "Bud\u0069\u0301", "a\u202eb", new string('a', 81)])
        {
            Assert.Equal(ControlError.InvalidName, (await authority.CertifyAsync(Request() with { Name = name }, Cancellation)).Error);
        }

        foreach (var organization in (string[])[" x", "a\nb", new string('\u00e9', 61)])
        {
            Assert.Equal(ControlError.InvalidName, (await authority.CertifyAsync(Request() with { Organization = organization }, Cancellation)).Error);
        }
    }

    [Fact]
    public async Task The_root_is_made_once_for_its_owner_alone()
    {
        var root = await FileIdentityAuthority.Open(_folder, _time).GetRootAsync(Cancellation);
        var path = Path.Combine(_folder, FileIdentityAuthority.FileName);
        Assert.Equal([path], Directory.GetFiles(_folder));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32("644", 8));
        }

        Assert.Equal(root, await FileIdentityAuthority.Open(_folder, _time).GetRootAsync(Cancellation));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        var read = (Ed25519PrivateKeyParameters)new Org.BouncyCastle.OpenSsl.PemReader(new StringReader(await File.ReadAllTextAsync(path, Cancellation))).ReadObject();
        Assert.Equal(root, read.GeneratePublicKey().GetEncoded());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g\n-----END PRIVATE KEY-----\nand more")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n-----END PRIVATE KEY-----")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g\n-----END PRIVATE KEY-----")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nMC4CAQAwBQYDK2VwBCIEIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g\n-----END PUBLIC KEY-----")]
    public void A_file_that_holds_no_root_is_neither_used_nor_replaced(string content)
    {
        var path = Path.Combine(_folder, FileIdentityAuthority.FileName);
        File.WriteAllText(path, content);
        Assert.Throws<InvalidDataException>(() => FileIdentityAuthority.Open(_folder, _time));
        Assert.Equal(content, File.ReadAllText(path));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private CertificationRequest Request(string organization = "", long? at = null)
    {
        var request = new CertificationRequest(_account, "Sri Mulyani", organization, Ed25519Keys.PublicKeyOf(_seed), at ?? Start.ToUnixTimeMilliseconds(), []);
        return request with { Proof = Ed25519Keys.Sign(_seed, FileIdentityAuthority.EncodeProof(request)) };
    }
}
