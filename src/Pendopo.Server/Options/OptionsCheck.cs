using System.Net;
using System.Net.Sockets;
using Pendopo.Control.Schedule;
using Pendopo.Rtc.Srtp;
using Pendopo.Sfu;
using Pendopo.Signaling;

namespace Pendopo.Server.Options;

/// <summary>Says at start what is wrong with the settings, in words that name the setting.</summary>
public static class OptionsCheck
{
    /// <summary>Returns every fault; empty: the server may start.</summary>
    public static IReadOnlyList<string> Check(PendopoOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(options.DataFolder)) faults.Add("Pendopo:DataFolder must not be empty.");
        CheckListener(options.Http, "Http", faults);
        CheckListener(options.Https, "Https", faults);
        if (options.SiloPort is < 0 or > 65535) faults.Add("Pendopo:SiloPort must be between 0 and 65535.");
        if (options.HostName is { } name && Uri.CheckHostName(name) is not UriHostNameType.Dns) faults.Add("Pendopo:HostName must be a DNS name.");
        foreach (var proxy in options.TrustedProxies.Where(proxy => !IPAddress.TryParse(proxy, out _))) faults.Add($"Pendopo:TrustedProxies: '{proxy}' is no IP address.");
        foreach (var origin in options.PublicOrigins.Where(origin => !IsOrigin(origin))) faults.Add($"Pendopo:PublicOrigins: '{origin}' is no origin like https://host:port.");
        if (options.Accounts.Origin is { } signIn && !AccountOptions.IsFit(signIn))
        {
            faults.Add($"Pendopo:Accounts:Origin: '{signIn}' is no origin that passkeys can be bound to: https://host[:port] with a name, or http://localhost[:port].");
        }

        faults.AddRange(options.Accounts.Provider.Faults());
        if (options.Certificate.Path is { } path && !File.Exists(path)) faults.Add($"Pendopo:Certificate:Path: there is no file '{path}'.");
        if (options.Certificate.KeyPath is { } key && !File.Exists(key)) faults.Add($"Pendopo:Certificate:KeyPath: there is no file '{key}'.");
        if (options.Telemetry.OtlpEndpoint is { } otlp && !IsOrigin(otlp)) faults.Add($"Pendopo:Telemetry:OtlpEndpoint: '{otlp}' is no origin like http://localhost:4318.");
        CheckMeetings(options, faults);
        CheckMail(options.Mail, faults);
        CheckMedia(options, faults);
        if (faults.Count == 0 && options.Media.OpenRooms) CheckOpenRooms(options, faults);
        return faults;
    }

    /// <summary>The settings in the media server's terms; call after <see cref="Check"/>.</summary>
    public static MediaServerOptions ToMediaServer(MediaOptions media)
    {
        ArgumentNullException.ThrowIfNull(media);
        var options = new MediaServerOptions
        {
            Port = media.Port,
            Workers = media.Workers,
            PeersPerWorker = media.PeersPerWorker,
            LoudestVoices = media.LoudestVoices,
            VoiceHold = media.VoiceHold,
            SegmentationOffload = media.SegmentationOffload,
            Addresses = [.. media.PublicAddresses.Select(IPAddress.Parse)],
            // Open rooms let everybody in, so their socket must not be reachable on any other address.
            Bind = media.OpenRooms && media.PublicAddresses.Count == 1 ? IPAddress.Parse(media.PublicAddresses[0]) : null,
            Udp = media.Udp,
            Tcp = media.Tcp,
            Limits = media.Limits,
            ForcePortableSockets = media.PortableSockets,
        };
        return media.SrtpProfiles.Count == 0 ? options : options with { SrtpProfiles = [.. media.SrtpProfiles.Select(Enum.Parse<SrtpProfile>)] };
    }

    private static void CheckMeetings(PendopoOptions options, List<string> faults)
    {
        var meetings = options.Meetings;
        if (meetings.Grace < TimeSpan.Zero || meetings.Grace > TimeSpan.FromMinutes(10)) faults.Add("Pendopo:Meetings:Grace must be between 0 and 10 minutes.");
        if (meetings.EmptyLifetime < TimeSpan.FromMinutes(1)) faults.Add("Pendopo:Meetings:EmptyLifetime must be at least a minute.");
        if (meetings.MaximumParticipants is < 1 or > 10_000) faults.Add("Pendopo:Meetings:MaximumParticipants must be between 1 and 10000.");
        if (!Enum.IsDefined(meetings.Sharing)) faults.Add($"Pendopo:Meetings:Sharing must be one of {string.Join(", ", Enum.GetNames<SharePolicy>())}.");
        if (!Enum.IsDefined(meetings.PrivateChat)) faults.Add($"Pendopo:Meetings:PrivateChat must be one of {string.Join(", ", Enum.GetNames<PrivateChatPolicy>())}.");
        if (meetings.MutedFrom is < 0 or > SignalingContract.EntryRuleMaximum) faults.Add($"Pendopo:Meetings:MutedFrom must be between 0 and {SignalingContract.EntryRuleMaximum}.");
        if (meetings.CameraOffFrom is < 0 or > SignalingContract.EntryRuleMaximum) faults.Add($"Pendopo:Meetings:CameraOffFrom must be between 0 and {SignalingContract.EntryRuleMaximum}.");
        // Above 1 GiB a browser's memory is the limit.
        if (options.Files.Maximum is < 1024 or > 1L << 30) faults.Add("Pendopo:Files:Maximum must be between 1024 and 1073741824 bytes.");
        if (options.Files.PerMeeting < options.Files.Maximum) faults.Add("Pendopo:Files:PerMeeting must not be less than Pendopo:Files:Maximum.");
        var limits = options.Limits;
        int[] all =
        [
            limits.CreatesPerSession, limits.CreatesPerAddress, limits.EntriesPerSession, limits.EntriesPerAddress, limits.EntriesInAll,
            limits.FailuresPerSession, limits.FailuresPerAddress, limits.FailuresInAll,
            limits.SignInsPerAddress, limits.SignInsInAll, limits.SignInFailuresPerAddress, limits.SignInFailuresPerPasskey, limits.SignInFailuresInAll,
            limits.ActsPerAccount,
        ];
        if (Array.Exists(all, limit => limit < 1)) faults.Add("Pendopo:Limits: every limit must be at least 1.");
        if (limits.RefusalTime < TimeSpan.Zero || limits.RefusalTime > TimeSpan.FromSeconds(5)) faults.Add("Pendopo:Limits:RefusalTime must be between 0 and 5 seconds.");
    }

    private static void CheckMail(MailOptions mail, List<string> faults)
    {
        if (mail.From is { } from && (!MailAddress.TryParse(from, out var address) || address != from)) faults.Add($"Pendopo:Mail:From: '{from}' is no mail address.");
        if (mail.SmtpHost is { } host && Uri.CheckHostName(host) == UriHostNameType.Unknown) faults.Add($"Pendopo:Mail:SmtpHost: '{host}' is no host.");
        if (mail.SmtpPort is < 1 or > 65535) faults.Add("Pendopo:Mail:SmtpPort must be between 1 and 65535.");
        if (mail.UserName is not null && mail.Security == MailSecurity.None) faults.Add("Pendopo:Mail:UserName needs Pendopo:Mail:Security StartTls or Tls: a password does not travel in the clear.");
        if (mail.Patience < TimeSpan.FromSeconds(1) || mail.Patience > TimeSpan.FromMinutes(5)) faults.Add("Pendopo:Mail:Patience must be between a second and 5 minutes.");
    }

    private static void CheckMedia(PendopoOptions options, List<string> faults)
    {
        var media = options.Media;
        foreach (var address in media.PublicAddresses.Concat(media.OpenRoomsAddresses).Where(address => !IPAddress.TryParse(address, out _)))
        {
            faults.Add($"Pendopo:Media: '{address}' is no IP address.");
        }

        foreach (var profile in media.SrtpProfiles.Where(profile => !Enum.TryParse<SrtpProfile>(profile, out _)))
        {
            faults.Add($"Pendopo:Media:SrtpProfiles: '{profile}' is not one of {string.Join(", ", Enum.GetNames<SrtpProfile>())}.");
        }

        if (faults.Count == 0 && ToMediaServer(media).Validate() is { } fault) faults.Add($"Pendopo:{fault}");
    }

    private static void CheckOpenRooms(PendopoOptions options, List<string> faults)
    {
        var given = options.Media.OpenRoomsAddresses.Select(IPAddress.Parse).ToHashSet();
        foreach (var address in given.Where(address => !IsPrivate(address)))
        {
            faults.Add($"Pendopo:Media:OpenRoomsAddresses: {address} is not a private address.");
        }

        var listeners = options.Http.Resolve(options.ServesHttps).Select(address => ("HTTP", address));
        if (options.ServesHttps) listeners = listeners.Concat(options.Https.Resolve(everywhere: true).Select(address => ("HTTPS", address)));
        if (options.Media.PublicAddresses.Count != 1)
        {
            faults.Add("Pendopo:Media:OpenRooms needs exactly one of Pendopo:Media:PublicAddresses: media are bound to it, without it they are on every address.");
        }

        listeners = listeners.Concat(options.Media.PublicAddresses.Select(address => ("media", IPAddress.Parse(address))));
        foreach (var (what, address) in listeners.Where(listener => !IPAddress.IsLoopback(listener.Item2) && !given.Contains(listener.Item2)))
        {
            faults.Add($"Pendopo:Media:OpenRooms: the {what} listener on {address} is neither on loopback nor in Pendopo:Media:OpenRoomsAddresses.");
        }
    }

    private static void CheckListener(ListenOptions listen, string name, List<string> faults)
    {
        if (listen.Port is < 0 or > 65535) faults.Add($"Pendopo:{name}:Port must be between 0 and 65535.");
        foreach (var address in listen.Addresses.Where(address => address != "*" && !IPAddress.TryParse(address, out _)))
        {
            faults.Add($"Pendopo:{name}:Addresses: '{address}' is no IP address.");
        }
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && text == uri.GetLeftPart(UriPartial.Authority);

    /// <summary>RFC 1918, RFC 4193, RFC 3927 and RFC 4291 link-local, and the carrier range of RFC 6598.</summary>
    internal static bool IsPrivate(IPAddress address)
    {
        if (IPAddress.IsLoopback(address)) return true;
        if (address.AddressFamily == AddressFamily.InterNetworkV6) return address.IsIPv6UniqueLocal || address.IsIPv6LinkLocal;
        var bytes = address.GetAddressBytes();
        return bytes is [10, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..] or [169, 254, ..] or [100, >= 64 and <= 127, ..];
    }
}
