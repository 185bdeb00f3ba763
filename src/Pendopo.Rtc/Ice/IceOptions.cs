namespace Pendopo.Rtc.Ice;

/// <summary>Who nominates (RFC 8445 §6.1.1).</summary>
public enum IceRole : byte
{
    /// <summary>ICE-lite: answers checks and sends none; the server.</summary>
    Controlled,

    /// <summary>Sends checks to the peer's candidates and nominates; clients of the SDK and tests.</summary>
    Controlling,
}

/// <summary>How far ICE has come.</summary>
public enum IceState : byte
{
    /// <summary>No path has been validated yet.</summary>
    Checking,

    /// <summary>There is a path and the peer consents to it.</summary>
    Connected,

    /// <summary>No check came on the path for a while; we still send, in the hope that it comes back.</summary>
    Disconnected,

    /// <summary>Consent is over (RFC 7675 §5.1): nothing but ICE may be sent until a check succeeds again.</summary>
    ConsentExpired,
}

/// <summary>The timers of ICE.</summary>
public sealed record IceOptions
{
    public static IceOptions Default { get; } = new();

    /// <summary>
    /// Silence after which the path is reported as disconnected. Chromium checks the selected pair every 2.5 s and Firefox
    /// sends a consent check every 4 to 6 s; 15 s is at least two lost checks in a row with their retransmissions, which is a
    /// broken path and not a bad one, and it leaves half of the consent time to repair it.
    /// </summary>
    public TimeSpan DisconnectAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Consent lasts 30 s after the last valid check (RFC 7675 §5.1).</summary>
    public TimeSpan ConsentExpiry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long checks under the old credentials still count after a restart, unless new ones nominate earlier.</summary>
    public TimeSpan RestartOverlap { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Silence of checks and media alike, after which a genuine check from another address takes the selected path's place. A
    /// browser that receives reports at least every second; who is wrong for once goes on by a path that works as well.
    /// </summary>
    public TimeSpan SilentPath { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The controlling side's interval of consent checks, randomised by a fifth (RFC 7675 §5.1).</summary>
    public TimeSpan ConsentInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The controlling side's first retransmission time; 500 ms in RFC 8445 §14.3, shorter since one path is checked.</summary>
    public TimeSpan InitialRetransmission { get; init; } = TimeSpan.FromMilliseconds(200);
}
