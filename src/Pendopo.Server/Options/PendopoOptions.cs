using System.Net;
using System.Text;
using Pendopo.Meetings.Domain;
using Pendopo.Sfu.Limits;
using Pendopo.Signaling;

namespace Pendopo.Server.Options;

/// <summary>The <c>Pendopo</c> section: all settings of a server. Immutable; checked once at start by <see cref="OptionsCheck"/>.</summary>
public sealed record PendopoOptions
{
    /// <summary>Where database, certificates and keys live. Beside the working directory, so that a first look leaves one folder.</summary>
    public string DataFolder { get; init; } = "data";

    /// <summary>Connection string of PostgreSQL; null: SQLite in the data folder, which needs no other service.</summary>
    public string? Postgres { get; init; }

    /// <summary>The built web client; null: <c>wwwroot</c> beside the program, or <c>web/dist</c> of the source tree.</summary>
    public string? WebRoot { get; init; }

    /// <summary>
    /// Name under which the LAN reaches this server. Given without a certificate, a local authority and a certificate for it
    /// are made in the data folder. Null: only this machine.
    /// </summary>
    public string? HostName { get; init; }

    public ListenOptions Http { get; init; } = new() { Port = 8080 };

    /// <summary>Used when there is a host name or a certificate.</summary>
    public ListenOptions Https { get; init; } = new() { Port = 8443 };

    /// <summary>The operator's own certificate, in place of the local authority's.</summary>
    public CertificateOptions Certificate { get; init; } = new();

    /// <summary>Further origins that users may come by, as <c>https://host[:port]</c>, for servers behind a proxy.</summary>
    public IReadOnlyList<string> PublicOrigins { get; init; } = [];

    /// <summary>Addresses of proxies whose X-Forwarded headers are believed. None: those headers are anybody's to write.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    public MediaOptions Media { get; init; } = new();

    public MeetingOptions Meetings { get; init; } = new();

    public MailOptions Mail { get; init; } = new();

    public LimitOptions Limits { get; init; } = new();

    public SharedFileOptions Files { get; init; } = new();

    public AccountOptions Accounts { get; init; } = new();

    public TelemetryOptions Telemetry { get; init; } = new();

    /// <summary>Logs as one JSON object per line, for collectors; plain text is for people.</summary>
    public bool JsonLogs { get; init; }

    /// <summary>Loopback port for the cluster protocol of the one silo; 0 finds a free one, so that two servers fit on a machine.</summary>
    public int SiloPort { get; init; }

    /// <summary>True when HTTPS is served by this process.</summary>
    public bool ServesHttps => HostName is not null || Certificate.Path is not null;

    /// <summary>
    /// The origin at which people are to sign in, as browsers write it: the one that was set, else the first public one that passkeys can be bound
    /// to, else the host name, else this machine.
    /// </summary>
    public string SignInOrigin =>
        Accounts.Origin ?? PublicOrigins.FirstOrDefault(AccountOptions.IsFit)
        ?? (HostName is { } name ? AccountOptions.Write("https", name, Https.Port) : AccountOptions.Write("http", "localhost", Http.Port));
}

/// <summary>Where to listen.</summary>
public sealed record ListenOptions
{
    /// <summary>0 lets the system choose, for tests.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Addresses to bind; <c>*</c> is every address. Empty: loopback for HTTP (browsers give no camera to plain HTTP from
    /// elsewhere), every address once there is HTTPS.
    /// </summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The addresses meant, given what empty stands for.</summary>
    public IReadOnlyList<IPAddress> Resolve(bool everywhere)
    {
        if (Addresses.Count == 0) return [everywhere ? IPAddress.IPv6Any : IPAddress.Loopback];
        return [.. Addresses.Select(address => address == "*" ? IPAddress.IPv6Any : IPAddress.Parse(address))];
    }
}

/// <summary>A certificate by file: PFX with password, or PEM with its key.</summary>
public sealed record CertificateOptions
{
    public string? Path { get; init; }

    /// <summary>The key of a PEM certificate; null where it stands in the same file.</summary>
    public string? KeyPath { get; init; }

    public string? Password { get; init; }
}

/// <summary>The media plane.</summary>
public sealed record MediaOptions
{
    /// <summary>The first worker's UDP and TCP port; each further worker has the next.</summary>
    public int Port { get; init; } = 8090;

    /// <summary>Threads that carry media; 0: one per core.</summary>
    public int Workers { get; init; }

    /// <summary>People of one meeting on one worker before further ones go to another.</summary>
    public int PeersPerWorker { get; init; } = 150;

    /// <summary>Addresses that clients are told; empty: every address of this machine.</summary>
    public IReadOnlyList<string> PublicAddresses { get; init; } = [];

    public bool Udp { get; init; } = true;

    /// <summary>ICE-TCP, for networks that let only TCP through.</summary>
    public bool Tcp { get; init; } = true;

    /// <summary>
    /// Founds an open broadcast under any name used, for benchmarks. Nobody is asked for anything there, so the server
    /// starts only while every listener is on loopback or on one of <see cref="OpenRoomsAddresses"/>.
    /// </summary>
    public bool OpenRooms { get; init; }

    /// <summary>Private addresses on which open rooms are meant to be reachable.</summary>
    public IReadOnlyList<string> OpenRoomsAddresses { get; init; } = [];

    /// <summary>Names of SRTP profiles in order; empty: the media server's default.</summary>
    public IReadOnlyList<string> SrtpProfiles { get; init; } = [];

    /// <summary>Microphones of one meeting that are heard at once.</summary>
    public int LoudestVoices { get; init; } = 5;

    /// <summary>How long a voice stays heard after its last word.</summary>
    public TimeSpan VoiceHold { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>UDP_SEGMENT; off only to compare, or where a driver does it wrong.</summary>
    public bool SegmentationOffload { get; init; } = true;

    /// <summary>What one peer, one address and strangers may cost the media workers.</summary>
    public IngressLimits Limits { get; init; } = new();

    /// <summary>The portable endpoint even on Linux.</summary>
    public bool PortableSockets { get; init; }
}

/// <summary>Rules of meetings; see <see cref="Pendopo.Meetings.Domain.MeetingRules"/> for the reasons of the defaults.</summary>
public sealed record MeetingOptions
{
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(20);

    public TimeSpan EmptyLifetime { get; init; } = TimeSpan.FromHours(12);

    public int MaximumParticipants { get; init; } = 500;

    /// <summary>Who may share a screen in an encrypted meeting until its moderators set something else.</summary>
    public SharePolicy Sharing { get; init; } = MeetingRules.Default.Controls.Sharing;

    /// <summary>Who comes in as the so-many-th or later starts with the microphone off; 0: nobody does. Moderators may change it.</summary>
    public int MutedFrom { get; init; } = MeetingRules.Default.Controls.MutedFrom;

    /// <summary>The same for cameras.</summary>
    public int CameraOffFrom { get; init; } = MeetingRules.Default.Controls.CameraOffFrom;

    /// <summary>To whom those who are no moderators may write apart from all, until moderators set something else.</summary>
    public PrivateChatPolicy PrivateChat { get; init; } = MeetingRules.Default.Controls.PrivateChat;

    /// <summary>Lets people without account found meetings even once there is an administrator. Until then everybody may, for a first look.</summary>
    public bool GuestsMayFound { get; init; }
}

/// <summary>Accounts and signing in.</summary>
public sealed record AccountOptions
{
    /// <summary>
    /// The one origin at which people sign in. Passkeys are bound to its host name for good, so the first registration fixes it. Null: see
    /// <see cref="PendopoOptions.SignInOrigin"/>.
    /// </summary>
    public string? Origin { get; init; }

    public ProviderOptions Provider { get; init; } = new();

    /// <summary>True for what browsers make passkeys for: a name with HTTPS, or this machine. Not for an IP address.</summary>
    public static bool IsFit(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.HostNameType == UriHostNameType.Dns && Ascii.IsValid(uri.Host)
        && (uri.Scheme == "https" || (uri.Scheme == "http" && uri.Host == "localhost")) && origin == uri.GetLeftPart(UriPartial.Authority);

    /// <summary>In the browsers' form: lower case, without the scheme's own port.</summary>
    internal static string Write(string scheme, string host, int port) =>
        new UriBuilder(scheme, new Uri($"{scheme}://{host}").IdnHost, port).Uri.GetLeftPart(UriPartial.Authority);
}

/// <summary>
/// How often somebody may knock. An institution's people often share one address, so an address gets far more than a session.
/// All are per minute; a burst of a minute's worth is allowed.
/// </summary>
public sealed record LimitOptions
{
    /// <summary>Meetings founded per session: more than a person starts.</summary>
    public int CreatesPerSession { get; init; } = 10;

    public int CreatesPerAddress { get; init; } = 120;

    /// <summary>Joins and returns per session: a client on a bad network reconnects every few seconds.</summary>
    public int EntriesPerSession { get; init; } = 40;

    /// <summary>An auditorium behind one address joins within a minute.</summary>
    public int EntriesPerAddress { get; init; } = 1200;

    public int EntriesInAll { get; init; } = 12_000;

    /// <summary>Refused ids per session: a mistyped link a few times.</summary>
    public int FailuresPerSession { get; init; } = 10;

    /// <summary>Refused ids per address. At this pace 144 bits are never guessed.</summary>
    public int FailuresPerAddress { get; init; } = 60;

    public int FailuresInAll { get; init; } = 1200;

    /// <summary>Ceremonies of signing in and registering begun per address: an office in the morning.</summary>
    public int SignInsPerAddress { get; init; } = 120;

    public int SignInsInAll { get; init; } = 1200;

    /// <summary>Refused passkeys and links per address. What is guessed here has 256 bits; the limit keeps the noise down.</summary>
    public int SignInFailuresPerAddress { get; init; } = 30;

    /// <summary>Refused answers for one passkey, from wherever they come.</summary>
    public int SignInFailuresPerPasskey { get; init; } = 10;

    public int SignInFailuresInAll { get; init; } = 1200;

    /// <summary>Changes by one account: sessions ended, people invited, devices certified.</summary>
    public int ActsPerAccount { get; init; } = 60;

    /// <summary>Every answer to an unknown or forbidden id takes this long, so that time tells nothing.</summary>
    public TimeSpan RefusalTime { get; init; } = TimeSpan.FromMilliseconds(150);
}
