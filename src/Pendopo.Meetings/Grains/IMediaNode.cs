using Pendopo.Meetings.Domain;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Grains;

/// <summary>What a meeting asks of the media plane. The room is the meeting's key, which gives no entrance.</summary>
public interface IMediaNode
{
    /// <summary>Names this run of the media plane: connections of another run are lost.</summary>
    string Run { get; }

    /// <summary>Connects a participant, or replaces its connection.</summary>
    Task<MediaReply> ConnectAsync(MediaRequest request);

    /// <summary>A further offer on the same connection.</summary>
    Task<MediaReply> RenegotiateAsync(MediaRequest request);

    /// <summary>ICE restart by an SDP fragment (RFC 9725 §4.3.3); null if it is refused.</summary>
    Task<string?> RestartIceAsync(string room, ParticipantId peer, string sdpFragment);

    Task SetViewAsync(string room, ParticipantId peer, IReadOnlyList<ViewItem> view);

    /// <summary>Nothing is sent to somebody who rests.</summary>
    Task SetRestAsync(string room, ParticipantId peer, bool resting);

    /// <summary>Only these sources may flow.</summary>
    Task SetPublishingAsync(string room, ParticipantId peer, MediaState media);

    /// <summary>Somebody was let in and will connect soon: what nobody watches yet may wake.</summary>
    Task ExpectAsync(string room);

    Task DisconnectAsync(string room, ParticipantId peer);

    Task CloseRoomAsync(string room);
}

/// <param name="Plan">Null for WHIP and WHEP: the plan follows from the offer.</param>
/// <param name="VideoCodecs">The codecs that all decode, in order of preference.</param>
/// <param name="FurtherVideoCodecs">What the sender negotiates beside them, for later.</param>
/// <param name="AllowRed">It may be told to send RED (RFC 2198).</param>
public sealed record MediaRequest(
    string Room, ParticipantId Peer, string Sdp, OfferPlan? Plan, IReadOnlyList<VideoCodec> VideoCodecs, IReadOnlyList<VideoCodec> FurtherVideoCodecs, bool AllowRed);

/// <param name="Error">Why there is no answer, for the one who made the offer.</param>
public sealed record MediaReply(string? AnswerSdp, string? Error);
