using System.Security.Cryptography.X509Certificates;
using Pendopo.Server.Options;

namespace Pendopo.Server.Certificates;

/// <summary>The certificate that HTTPS is served with: the operator's own, or one of the local authority.</summary>
/// <param name="Authority">Null with the operator's own certificate.</param>
internal sealed record ServerCertificate(X509Certificate2? Certificate, X509Certificate2Collection Chain, LocalAuthority? Authority)
{
    public static ServerCertificate Open(PendopoOptions options, TimeProvider time, ILogger logger)
    {
        if (options.Certificate.Path is { } path) return Load(path, options.Certificate);
        if (options.HostName is not { } name) return new ServerCertificate(null, [], null);
        var authority = LocalAuthority.Open(Path.Combine(options.DataFolder, "ca"), name, time.GetUtcNow(), logger);
        return new ServerCertificate(authority.Server, [], authority);
    }

    private static ServerCertificate Load(string path, CertificateOptions options)
    {
        var isPem = !path.EndsWith(".pfx", StringComparison.OrdinalIgnoreCase) && !path.EndsWith(".p12", StringComparison.OrdinalIgnoreCase);
        if (!isPem) return new ServerCertificate(X509CertificateLoader.LoadPkcs12FromFile(path, options.Password), [], null);
        var certificate = options.Password is { } password
            ? X509Certificate2.CreateFromEncryptedPemFile(path, password, options.KeyPath)
            : X509Certificate2.CreateFromPemFile(path, options.KeyPath);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(path);
        return new ServerCertificate(certificate, chain, null);
    }
}
