namespace Pendopo.Rtc.Sdp;

/// <summary>What the server wants to do with one m-line of the offer.</summary>
public enum SlotPurpose : byte
{
    /// <summary>Refused: port 0 in the answer.</summary>
    Unused,

    /// <summary>The peer sends, we receive (answer: recvonly).</summary>
    Receive,

    /// <summary>We send, the peer receives (answer: sendonly) with the SSRCs given in <see cref="SlotPlan"/>.</summary>
    Send,
}

/// <summary>
/// The plan for one m-line, by its mid. An m-line that the peer offers inactive is kept as inactive when it is planned for
/// <see cref="SlotPurpose.Receive"/> or <see cref="SlotPurpose.Send"/>; it then carries no media and is not in
/// <see cref="NegotiatedSession.Media"/>.
/// </summary>
/// <param name="StreamId">msid stream of a send slot: slots of one seat share it, so that browsers keep lips in sync.</param>
/// <param name="TrackId">msid track of a send slot.</param>
/// <param name="Ssrc">SSRC of a send slot.</param>
/// <param name="RtxSsrc">SSRC of its retransmissions; 0 for none (audio).</param>
public sealed record SlotPlan(string Mid, SlotPurpose Purpose, string StreamId = "", string TrackId = "", uint Ssrc = 0, uint RtxSsrc = 0);
