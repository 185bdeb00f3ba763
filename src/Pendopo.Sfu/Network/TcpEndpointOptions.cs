namespace Pendopo.Sfu.Network;

/// <summary>Limits of ICE-TCP. Every one of them guards against a peer that is slow or hostile.</summary>
internal sealed record TcpEndpointOptions
{
    /// <summary>Each costs a socket and about 16 KiB; beyond it new connections are closed at once.</summary>
    public int MaximumConnections { get; init; } = 2048;

    /// <summary>A hospital behind one address may send hundreds of people; one attacker must not take every place.</summary>
    public int MaximumConnectionsPerAddress { get; init; } = 512;

    /// <summary>
    /// Connections a second that one address may open in the long run, after a burst of as many as it may have: opening
    /// and closing costs more than holding. A room full of people opens that many once.
    /// </summary>
    public int ConnectionsPerSecondPerAddress { get; init; } = 50;

    /// <summary>Datagrams waiting for the worker, over all connections. At 2 KiB each that is 8 MiB at most.</summary>
    public int InputQueuePackets { get; init; } = 4096;

    /// <summary>Datagrams of one connection waiting for the worker, so that one flood does not take the whole queue.</summary>
    public int InputQueuePacketsPerConnection { get; init; } = 256;

    /// <summary>Bytes waiting for a slow peer: half a second at 4 Mb/s. More would only be late when it arrives.</summary>
    public int SendQueueBytes { get; init; } = 256 << 10;

    /// <summary>The first frame must have come by then, and must be STUN: nobody else has business here.</summary>
    public TimeSpan FirstFrameTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Consent freshness (RFC 7675) ends after 30 s of silence; a connection without traffic has no peer after that.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(45);
}
