namespace Pendopo.Sfu.Limits;

/// <summary>Which limit of a peer dropped something.</summary>
public enum LimitKind
{
    /// <summary>RTP packets or bits.</summary>
    Rtp,

    /// <summary>RTCP compounds.</summary>
    Rtcp,

    /// <summary>Work that RTCP asks for: NACKed numbers, told packets, report blocks.</summary>
    Feedback,

    /// <summary>Connectivity checks.</summary>
    Stun,

    /// <summary>DTLS datagrams, or the begin of a handshake.</summary>
    Dtls,
}
