namespace Pendopo.Sfu.Limits;

/// <summary>
/// What one peer, one address and strangers may cost. All are far above what a browser does: they are there so that a flood costs its
/// sender's own quality and nobody else's. What exceeds a limit is dropped and counted; nobody is disconnected by it.
/// </summary>
public sealed record IngressLimits
{
    /// <summary>
    /// RTP packets a second of one peer. A camera with three layers, a shared screen and sound are about 900; probing and repair may
    /// double that, and a sender that catches up after a hitch doubles it again.
    /// </summary>
    public int PacketsPerSecond { get; init; } = 4000;

    /// <summary>RTP bits a second of one peer: a screen in 4K at 15 Mb/s and a camera at 4 Mb/s, doubled by probing.</summary>
    public long BitsPerSecond { get; init; } = 40_000_000;

    /// <summary>
    /// How much of <see cref="PacketsPerSecond"/> and <see cref="BitsPerSecond"/> may come at once: a key frame of a shared screen is some
    /// hundred packets, and a radio link that was blocked for half a second delivers all of it together.
    /// </summary>
    public TimeSpan Burst { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// RTCP compounds a second of one peer. A receiver of 30 streams sends 20 transport feedbacks, 30 reports and, at heavy loss, a NACK per
    /// stream and round trip.
    /// </summary>
    public int RtcpPerSecond { get; init; } = 1000;

    /// <summary>
    /// What those compounds may ask for a second, in numbers to look up: each NACKed packet, each packet that a transport feedback tells
    /// of, each report block is one. A datagram can name 65 535 of them, so compounds alone are no measure of work. A receiver of 20 Mb/s
    /// tells of 3600 packets and, at 30 % loss, asks for 2000. At 0.1 to 0.4 µs each the limit is less than 1 % of a core.
    /// </summary>
    public int FeedbackPerSecond { get; init; } = 20_000;

    /// <summary>
    /// Connectivity checks a second that name one peer: a browser sends one per 50 ms and pair of candidates while it looks for a path
    /// (RFC 8445 §14.2), then one every few seconds.
    /// </summary>
    public int ChecksPerSecond { get; init; } = 200;

    /// <summary>
    /// STUN messages a second from one address without a known path. Five hundred people behind one address who join within a
    /// minute send about 400 a second.
    /// </summary>
    public int StrangersPerSecond { get; init; } = 2000;

    /// <summary>
    /// Checks a second for which one worker computes an HMAC, whoever sends them. About 3 µs each with the answer: 6 % of a core. Only
    /// who knows a peer's fragment gets so far.
    /// </summary>
    public int WorkerChecksPerSecond { get; init; } = 20_000;

    /// <summary>DTLS datagrams a second of one peer: a handshake has some twenty in all, then come only alerts.</summary>
    public int DtlsPerSecond { get; init; } = 50;

    /// <summary>
    /// Handshakes a second that one address may begin, at 1 to 2 ms of a core each, beside the media threads. A campus behind one address may
    /// come back all at once after an outage, so ten seconds' worth may begin together; the signaling has limits of its own before that.
    /// </summary>
    public int HandshakesPerSecond { get; init; } = 100;

    /// <summary>Returns what is wrong, or null.</summary>
    public string? Validate()
    {
        if (PacketsPerSecond < 100) return "Media:Limits:PacketsPerSecond must be at least 100.";
        if (BitsPerSecond < 100_000) return "Media:Limits:BitsPerSecond must be at least 100000.";
        if (Burst < TimeSpan.FromMilliseconds(50) || Burst > TimeSpan.FromSeconds(10)) return "Media:Limits:Burst must be between 50 ms and 10 s.";
        int[] rates = [RtcpPerSecond, FeedbackPerSecond, ChecksPerSecond, StrangersPerSecond, WorkerChecksPerSecond, DtlsPerSecond, HandshakesPerSecond];
        return Array.Exists(rates, static rate => rate < 10) ? "Media:Limits: every rate must be at least 10 a second." : null;
    }
}
