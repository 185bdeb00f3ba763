using System.Buffers.Binary;
using System.Net;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.X509;
using Pendopo.Control;
using Pendopo.Signaling;
using Xunit;

namespace Pendopo.Server.Tests.Accounts;

public sealed class IdentityTests
{
    private readonly Ed25519PrivateKeyParameters _device = new(new Org.BouncyCastle.Security.SecureRandom());

    [Fact]
    public async Task Who_is_signed_in_has_the_own_device_certified_under_a_root_that_stays()
    {
        await using var server = await RunningServer.StartAsync();
        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri Mulyani");
        var account = (await sri.WhoAsync()).Account!;
        var root = (await sri.GetAsync<IdentityRootResponse>("/api/identity/root")).Answer!.Root;

        var (status, certified, _) = await sri.PostAsync<DeviceCertificateResponse>("/api/identity/device-certificates", Request(account.Id));

        Assert.Equal((HttpStatusCode.OK, root), (status, certified!.Root));
        var certificate = new X509CertificateParser().ReadCertificate(System.Buffers.Text.Base64Url.DecodeFromChars(certified.Certificate));
        certificate.Verify(new Ed25519PublicKeyParameters(Bytes(root)));
        Assert.Equal("CN=Sri Mulyani", certificate.SubjectDN.ToString());
        Assert.Equal(_device.GeneratePublicKey().GetEncoded(), certificate.CertificateStructure.TbsCertificate.SubjectPublicKeyInfo.PublicKey.GetBytes());
        var key = Path.Combine(server.Folder, "identity", "root.key");
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
    }

    [Fact]
    public async Task Guests_other_accounts_old_moments_and_broken_fields_get_no_certificate()
    {
        await using var server = await RunningServer.StartAsync();
        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri");
        using var guest = await Person.ComeAsync(server);
        var id = (await sri.WhoAsync()).Account!.Id;
        var request = Request(id);
        (Person Who, DeviceCertificateRequest Request, AccountError Error)[] cases =
        [
            (guest, request, AccountError.NotSignedIn),
            (sri, Request("AAAAAAAAAAAAAAAAAAAAAA"), AccountError.ProofRefused),
            (sri, Request(id, TimeSpan.FromMinutes(-6)), AccountError.ClockOff),
            (sri, request with { At = request.At + 1 }, AccountError.ProofRefused),
            (sri, request with { DeviceKey = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }, AccountError.ProofRefused),
            (sri, request with { DeviceKey = request.DeviceKey + "=" }, AccountError.InvalidRequest),
            (sri, request with { DeviceKey = null! }, AccountError.InvalidRequest),
            (sri, request with { Proof = "AAAA" }, AccountError.InvalidRequest),
        ];
        foreach (var (who, asked, error) in cases)
        {
            Assert.Equal(error, (await who.PostAsync<DeviceCertificateResponse>("/api/identity/device-certificates", asked)).Problem!.Error);
        }

        Assert.Equal(HttpStatusCode.OK, (await guest.GetAsync<IdentityRootResponse>("/api/identity/root")).Status);
    }

    [Fact]
    public async Task An_account_changes_things_as_often_as_the_limit_says()
    {
        await using var server = await RunningServer.StartAsync(null, "Limits:ActsPerAccount=2");
        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri");
        var id = (await sri.WhoAsync()).Account!.Id;
        var answers = new List<HttpStatusCode>();
        for (var count = 0; count < 3; count++) answers.Add((await sri.PostAsync<object>("/api/identity/device-certificates", Request(id))).Status);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], answers);
    }

    private DeviceCertificateRequest Request(string account, TimeSpan off = default)
    {
        var key = _device.GeneratePublicKey().GetEncoded();
        var at = (DateTimeOffset.UtcNow + off).ToUnixTimeMilliseconds();
        var moment = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(moment, (ulong)at);
        byte[] content = [18, .. "Pendopo 1.0 device"u8, 56, .. Bytes(account), .. key, .. moment];
        var signer = new Ed25519Signer();
        signer.Init(true, _device);
        signer.BlockUpdate(content, 0, content.Length);
        return new DeviceCertificateRequest(StrictBase64Url.Encode(key), at, StrictBase64Url.Encode(signer.GenerateSignature()));
    }

    private static byte[] Bytes(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
}
