using Pendopo.Rtc.Rtp;

namespace Pendopo.Sfu;

/// <summary>A peer wants to send and receive in a room.</summary>
/// <param name="Room">Loggable id of the room; rooms are made by the first peer and vanish with the last.</param>
/// <param name="Peer">The participant, unique in the room; a second connect of the same peer replaces the first.</param>
/// <param name="Plan">Null: WHIP or WHEP, where the plan follows from the directions of the m-lines.</param>
/// <param name="VideoCodecs">The meeting's codecs in order; the first is what senders shall use.</param>
/// <param name="AllowRed">The sender may be told to use RED; it is, while everybody who receives has it.</param>
public sealed record MediaOffer(string Room, string Peer, string Sdp, MediaPlan? Plan, IReadOnlyList<MediaCodec> VideoCodecs, bool AllowRed)
{
    /// <summary>Codecs that senders negotiate behind those, to switch to without a negotiation when they are told.</summary>
    public IReadOnlyList<MediaCodec> FurtherVideoCodecs { get; init; } = [];
}

/// <summary>The answer, or the reason why there is none.</summary>
public sealed record MediaAnswer(string? Sdp, string? Error, IReadOnlyList<MediaCodec> Decodes)
{
    public static MediaAnswer Refused(string error) => new(null, error, []);
}
