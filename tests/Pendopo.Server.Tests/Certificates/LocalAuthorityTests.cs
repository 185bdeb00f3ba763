using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Pendopo.Server.Certificates;
using Xunit;

namespace Pendopo.Server.Tests.Certificates;

public sealed class LocalAuthorityTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_a_host_name_https_is_served_by_a_certificate_that_the_offered_root_vouches_for()
    {
        await using var server = await RunningServer.StartAsync(null, "HostName=meet.example.lan");
        using var http = new HttpClient { BaseAddress = server.Url };
        var root = X509Certificate2.CreateFromPem(await http.GetStringAsync(new Uri("/ca/root.crt", UriKind.Relative), Cancellation));
        var page = await http.GetStringAsync(new Uri("/ca", UriKind.Relative), Cancellation);
        Assert.Contains(string.Join(':', root.GetCertHash(System.Security.Cryptography.HashAlgorithmName.SHA256).Select(value => value.ToString("X2", null))), page, StringComparison.Ordinal);
        foreach (var system in (string[])["Windows", "macOS", "iOS", "Android", "Linux", "Firefox"]) Assert.Contains(system, page, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(server.Folder, "ca", "ca.key")));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(server.Folder, "ca", "server.key")));
        }

        using var trusting = new HttpClient(Trusting(root)) { BaseAddress = server.HttpsUrl };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/status", UriKind.Relative));
        request.Headers.Host = $"meet.example.lan:{server.HttpsUrl.Port}";
        using var response = await trusting.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("__Host-pendopo=", Assert.Single(response.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_root_stays_and_the_server_certificate_is_renewed_in_time_or_for_another_name()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var now = DateTimeOffset.UtcNow;
        var first = LocalAuthority.Open(folder, "meet.example.lan", now, NullLogger.Instance);
        var again = LocalAuthority.Open(folder, "meet.example.lan", now.AddDays(100), NullLogger.Instance);
        var late = LocalAuthority.Open(folder, "meet.example.lan", now.AddDays(310), NullLogger.Instance);
        var other = LocalAuthority.Open(folder, "rapat.example.lan", now.AddDays(310), NullLogger.Instance);

        Assert.Equal(first.Server.Thumbprint, again.Server.Thumbprint);
        Assert.NotEqual(first.Server.Thumbprint, late.Server.Thumbprint);
        Assert.NotEqual(late.Server.Thumbprint, other.Server.Thumbprint);
        Assert.All([again, late, other], authority => Assert.Equal(first.Fingerprint, authority.Fingerprint));
        Assert.True(other.Server.MatchesHostname("rapat.example.lan"));
        Directory.Delete(folder, recursive: true);
    }

    private static SocketsHttpHandler Trusting(X509Certificate2 root) => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            TargetHost = "meet.example.lan",
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { root },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };
}
