namespace Pendopo.Sfu.Network;

/// <summary>Why a connection ended.</summary>
internal enum TcpCloseReason
{
    /// <summary>The peer closed, or its path broke.</summary>
    Peer,

    /// <summary>A frame longer than any datagram that this server takes.</summary>
    OversizeFrame,

    /// <summary>The first frame was something else than STUN.</summary>
    FirstFrameNotStun,

    /// <summary>No first frame in time.</summary>
    FirstFrameTimeout,

    /// <summary>Nothing received for too long.</summary>
    Idle,

    /// <summary>The worker closed it, or the endpoint ended.</summary>
    Owner,
}
