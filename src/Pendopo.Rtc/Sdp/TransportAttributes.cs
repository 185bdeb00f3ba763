using System.Globalization;
using Pendopo.Rtc.Ice;

namespace Pendopo.Rtc.Sdp;

[Flags]
internal enum MediaDirection : byte
{
    Inactive = 0,
    SendOnly = 1,
    RecvOnly = 2,
    SendRecv = 3,
}

internal enum SetupRole : byte
{
    ActPass,
    Active,
    Passive,
}

/// <summary>
/// The attributes that may stand at session or media level, where the latter wins: ICE credentials (RFC 8839 §5.4),
/// fingerprint (RFC 8122), setup (RFC 4145, RFC 8842), direction and extmap-allow-mixed (RFC 8285 §6).
/// </summary>
internal sealed class TransportAttributes
{
    private const int LongestCredential = 256;

    public string? UsernameFragment { get; private set; }

    public string? Password { get; private set; }

    /// <summary>SHA-256, 32 bytes.</summary>
    public byte[]? Fingerprint { get; private set; }

    /// <summary>Name of a hash that was given and is not accepted.</summary>
    public string? OtherHash { get; private set; }

    public SetupRole? Setup { get; private set; }

    public MediaDirection? Direction { get; private set; }

    public bool AllowsMixedExtensions { get; private set; }

    /// <summary>Takes the attribute if it is one of these; returns what is wrong with it, or null.</summary>
    public string? Take(ReadOnlySpan<char> name, ReadOnlySpan<char> value, out bool taken)
    {
        taken = true;
        switch (name)
        {
            case "ice-ufrag": return TakeUsernameFragment(value);
            case "ice-pwd": return TakePassword(value);
            case "fingerprint": return TakeFingerprint(value);
            case "setup": return TakeSetup(value);
            case "sendrecv": return TakeDirection(MediaDirection.SendRecv);
            case "sendonly": return TakeDirection(MediaDirection.SendOnly);
            case "recvonly": return TakeDirection(MediaDirection.RecvOnly);
            case "inactive": return TakeDirection(MediaDirection.Inactive);
            case "extmap-allow-mixed":
                AllowsMixedExtensions = true;
                return null;
            default:
                taken = false;
                return null;
        }
    }

    /// <summary>The credentials of this level, or those of the session; null if either part is missing.</summary>
    public IceCredentials? CredentialsOr(TransportAttributes session)
    {
        var (fragment, password) = UsernameFragment is null && Password is null
            ? (session.UsernameFragment, session.Password)
            : (UsernameFragment, Password);
        return fragment is null || password is null ? null : new(fragment, password);
    }

    private string? TakeUsernameFragment(ReadOnlySpan<char> value)
    {
        if (UsernameFragment is not null) return "a second a=ice-ufrag";
        if (value.Length is < 4 or > LongestCredential) return $"a=ice-ufrag has {value.Length} characters; 4 to {LongestCredential} are allowed";
        if (!SdpText.IsIceText(value)) return "a=ice-ufrag has characters other than letters, digits, + and /";
        UsernameFragment = value.ToString();
        return null;
    }

    private string? TakePassword(ReadOnlySpan<char> value)
    {
        if (Password is not null) return "a second a=ice-pwd";
        if (value.Length is < 22 or > LongestCredential) return $"a=ice-pwd has {value.Length} characters; 22 to {LongestCredential} are allowed";
        if (!SdpText.IsIceText(value)) return "a=ice-pwd has characters other than letters, digits, + and /";
        Password = value.ToString();
        return null;
    }

    private string? TakeFingerprint(ReadOnlySpan<char> value)
    {
        var hash = SdpText.Word(ref value);
        if (!hash.Equals("sha-256", StringComparison.OrdinalIgnoreCase))
        {
            if (!SdpText.IsToken(hash)) return "a=fingerprint names no hash function";
            OtherHash ??= SdpText.Quote(hash);
            return null;
        }

        var hex = SdpText.Word(ref value);
        var bytes = new byte[32];
        if (hex.Length != (3 * bytes.Length) - 1) return "a=fingerprint:sha-256 needs 32 bytes in hexadecimal, separated by colons";
        for (var i = 0; i < bytes.Length; i++)
        {
            if ((i > 0 && hex[(3 * i) - 1] != ':') || !char.IsAsciiHexDigit(hex[3 * i]) || !char.IsAsciiHexDigit(hex[(3 * i) + 1]))
            {
                return "a=fingerprint:sha-256 needs 32 bytes in hexadecimal, separated by colons";
            }

            bytes[i] = byte.Parse(hex.Slice(3 * i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        // RFC 8122 §5 allows several certificates; a transport that checks one must know which.
        if (Fingerprint is not null && !Fingerprint.AsSpan().SequenceEqual(bytes)) return "two different sha-256 fingerprints";
        Fingerprint = bytes;
        return null;
    }

    private string? TakeSetup(ReadOnlySpan<char> value)
    {
        if (Setup is not null) return "a second a=setup";
        SetupRole? role = value switch
        {
            "actpass" => SetupRole.ActPass,
            "active" => SetupRole.Active,
            "passive" => SetupRole.Passive,
            _ => null,
        };
        Setup = role;
        return role is null ? $"a=setup:{SdpText.Quote(value)} is not actpass, active or passive" : null;
    }

    private string? TakeDirection(MediaDirection direction)
    {
        if (Direction is { } earlier && earlier != direction) return "two different directions";
        Direction = direction;
        return null;
    }
}
