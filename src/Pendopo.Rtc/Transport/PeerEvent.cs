namespace Pendopo.Rtc.Transport;

public enum PeerEventKind : byte
{
    /// <summary>ICE has a validated path; DTLS may start. Comes again when a lost path is back.</summary>
    IceConnected,

    /// <summary>DTLS is done and the peer's certificate matches; media flows.</summary>
    Connected,

    /// <summary>ICE selected another path (network change, restart).</summary>
    PathChanged,

    /// <summary>
    /// The peer is silent or has lost consent (RFC 7675), and the path may come back by itself or by ICE restart; or the peer
    /// has closed the association (detail <c>close_notify</c>), and nothing comes back.
    /// </summary>
    Disconnected,

    /// <summary>The handshake failed or the certificate does not match; final.</summary>
    Failed,
}

public readonly record struct PeerEvent(PeerEventKind Kind, string? Detail = null);
