using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pendopo.Server.Certificates;

/// <summary>
/// A certificate authority for one LAN: a root made once, whose key stays in the data folder (mode 600), and a server
/// certificate that is renewed from it. Browsers give neither camera nor passkeys after a clicked-away certificate error, so
/// without a public name the root has to be installed on each machine.
/// </summary>
internal sealed class LocalAuthority
{
    /// <summary>A root is installed by hand on every machine, so it should outlive them.</summary>
    private static readonly TimeSpan RootLifetime = TimeSpan.FromDays(10 * 365);

    /// <summary>Below the 398 days that Apple accepts.</summary>
    private static readonly TimeSpan ServerLifetime = TimeSpan.FromDays(365);

    /// <summary>Renewed at a start within this time of its end.</summary>
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(60);

    /// <summary>Clocks of a LAN without internet differ.</summary>
    private static readonly TimeSpan Backdate = TimeSpan.FromDays(2);

    private LocalAuthority(X509Certificate2 root, X509Certificate2 server)
    {
        Root = root;
        Server = server;
    }

    /// <summary>The root, without its key in what is served.</summary>
    public X509Certificate2 Root { get; }

    public X509Certificate2 Server { get; }

    /// <summary>SHA-256 of the root, in pairs, for comparing by eye.</summary>
    public string Fingerprint => string.Join(':', SHA256.HashData(Root.RawData).Select(value => value.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>Loads what the folder has and makes what is missing, expiring, or for other names.</summary>
    public static LocalAuthority Open(string folder, string hostName, DateTimeOffset now, ILogger logger)
    {
        Directory.CreateDirectory(folder);
        var root = Load(folder, "ca");
        if (root is null)
        {
            root = MakeRoot(hostName, now);
            Save(folder, "ca", root);
        }

        var addresses = LanAddresses();
        var server = Load(folder, "server");
        if (server is null || server.NotAfter - now.UtcDateTime < RenewBefore || !Covers(server, hostName, addresses) || server.Issuer != root.Subject)
        {
            server = MakeServer(root, hostName, addresses, now);
            Save(folder, "server", server);
            logger.CertificateMade(hostName, server.NotAfter);
        }

        var authority = new LocalAuthority(root, server);
        logger.AuthorityMade(authority.Fingerprint);
        return authority;
    }

    private static X509Certificate2 MakeRoot(string hostName, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Pendopo {hostName} {Convert.ToHexString(RandomNumberGenerator.GetBytes(3))}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(now - Backdate, now + RootLifetime);
    }

    private static X509Certificate2 MakeServer(X509Certificate2 root, string hostName, IReadOnlyList<IPAddress> addresses, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={hostName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(hostName);
        names.AddDnsName("localhost");
        foreach (var address in addresses) names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var until = now + ServerLifetime;
        using var certificate = request.Create(root, now - Backdate, until < root.NotAfter ? until : root.NotAfter, RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }

    private static X509Certificate2? Load(string folder, string name)
    {
        var (certificate, key) = PathsOf(folder, name);
        return File.Exists(certificate) && File.Exists(key) ? X509Certificate2.CreateFromPemFile(certificate, key) : null;
    }

    private static void Save(string folder, string name, X509Certificate2 certificate)
    {
        var (certificatePath, keyPath) = PathsOf(folder, name);
        using var key = certificate.GetECDsaPrivateKey()!;
        // The mode is set when the file is made: there is no moment at which others can read it.
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.Delete(keyPath);
        using (var writer = new StreamWriter(keyPath, options)) writer.Write(key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificatePath, certificate.ExportCertificatePem());
    }

    private static (string Certificate, string Key) PathsOf(string folder, string name) =>
        (Path.Combine(folder, name + ".crt"), Path.Combine(folder, name + ".key"));

    private static bool Covers(X509Certificate2 certificate, string hostName, IReadOnlyList<IPAddress> addresses)
    {
        if (certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault() is not { } names) return false;
        var covered = names.EnumerateIPAddresses().ToHashSet();
        return names.EnumerateDnsNames().Contains(hostName, StringComparer.OrdinalIgnoreCase) && addresses.All(covered.Contains);
    }

    private static IReadOnlyList<IPAddress> LanAddresses() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.OperationalStatus == OperationalStatus.Up)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork || !address.IsIPv6LinkLocal)
            .Append(IPAddress.Loopback)
            .Distinct(),
    ];
}
