using System.Net;
using Pendopo.Server.Certificates;

namespace Pendopo.Server.Endpoints;

/// <summary>Offers the local authority's root and says, per system, how to trust it.</summary>
internal static class AuthorityEndpoints
{
    private static readonly (string System, string Indonesian, string English)[] Steps =
    [
        ("Windows", "Buka berkas, pilih Instal Sertifikat, Komputer Lokal, lalu tempatkan di Otoritas Sertifikasi Akar Tepercaya.",
            "Open the file, choose Install Certificate, Local Machine, and place it in Trusted Root Certification Authorities."),
        ("macOS", "Buka berkas di Akses Rantai Kunci, lalu di bagian Percaya pilih Selalu Percaya.",
            "Open the file in Keychain Access and, under Trust, choose Always Trust."),
        ("iOS / iPadOS", "Unduh dengan Safari, pasang profilnya di Pengaturan, lalu aktifkan di Umum, Mengenai, Pengaturan Kepercayaan Sertifikat.",
            "Download it with Safari, install the profile in Settings, then enable it under General, About, Certificate Trust Settings."),
        ("Android", "Setelan, Keamanan, Enkripsi dan kredensial, Instal sertifikat, Sertifikat CA.",
            "Settings, Security, Encryption and credentials, Install a certificate, CA certificate."),
        ("Linux", "Salin ke /usr/local/share/ca-certificates/pendopo.crt, jalankan update-ca-certificates; untuk Chromium impor juga di chrome://settings/certificates.",
            "Copy it to /usr/local/share/ca-certificates/pendopo.crt and run update-ca-certificates; for Chromium import it in chrome://settings/certificates too."),
        ("Firefox", "Pengaturan, Privasi dan Keamanan, Lihat Sertifikat, Otoritas, Impor, lalu percayai untuk situs web.",
            "Settings, Privacy and Security, View Certificates, Authorities, Import, and trust it for websites."),
    ];

    public static void MapAuthority(this IEndpointRouteBuilder routes, LocalAuthority authority)
    {
        var root = authority.Root.ExportCertificatePem();
        var page = Page(authority.Fingerprint);
        routes.MapGet("/ca", () => Results.Content(page, "text/html; charset=utf-8"));
        routes.MapGet("/ca/root.crt", () => Results.File(System.Text.Encoding.ASCII.GetBytes(root), "application/x-x509-ca-cert", "pendopo-root.crt"));
    }

    /// <summary>Plain HTML without script or style: it must work on every device, before anything is trusted.</summary>
    private static string Page(string fingerprint)
    {
        var rows = string.Concat(Steps.Select(step =>
            $"<dt>{WebUtility.HtmlEncode(step.System)}</dt><dd><p>{WebUtility.HtmlEncode(step.Indonesian)}</p><p lang=\"en\">{WebUtility.HtmlEncode(step.English)}</p></dd>"));
        return $"""
            <!doctype html>
            <html lang="id">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Pendopo: sertifikat</title></head>
            <body>
            <h1>Percayai server ini</h1>
            <p>Peramban hanya memberi kamera dan mikrofon kepada situs yang sertifikatnya dipercaya. Pasang sertifikat akar ini sekali pada perangkat Anda.
            Cocokkan dahulu sidik jarinya dengan yang diberikan pengelola melalui jalan lain.</p>
            <p lang="en">Browsers give camera and microphone only to sites whose certificate they trust. Install this root certificate once on your device.
            First compare its fingerprint with the one that your administrator gives you by another way.</p>
            <p><a href="/ca/root.crt">root.crt</a></p>
            <p>SHA-256: <code>{fingerprint}</code></p>
            <dl>{rows}</dl>
            </body>
            </html>
            """;
    }
}
