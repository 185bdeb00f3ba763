using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain;

/// <summary>What may happen to a meeting. The session in a command comes from the connection, never from a message.</summary>
public abstract record MeetingCommand
{
    /// <summary>Founds the meeting; refused if it is there already.</summary>
    /// <param name="PublishToken">Of broadcasts only, as <paramref name="ViewToken"/> and <paramref name="OpenRoom"/>.</param>
    /// <param name="Statement">The founding statement of an encrypted meeting, which names this meeting's id; null for broadcasts.</param>
    public sealed record Create(
        MeetingKind Kind, SessionKey? Founder, IReadOnlyList<VideoCodec> CodecOrder,
        TokenHash? PublishToken = null, TokenHash? ViewToken = null, bool OpenRoom = false, string? Statement = null) : MeetingCommand;

    /// <summary>Comes in by any door; the entrance says by which.</summary>
    public sealed record Enter(
        Entrance Entrance, ParticipantId NewId, string DisplayName, MediaState Media, string? ConnectionId, MediaAbilities Abilities) : MeetingCommand;

    /// <summary>Takes up a kept place. Null abilities: the media connection still lives.</summary>
    /// <param name="Kind">What the meeting's id tells.</param>
    public sealed record Resume(SessionKey Session, ParticipantId Id, string ConnectionId, MediaAbilities? Abilities, MeetingKind Kind) : MeetingCommand;

    /// <summary>A further offer told other abilities.</summary>
    public sealed record ChangeAbilities(ParticipantId Id, MediaAbilities Abilities) : MeetingCommand;

    public sealed record SetMedia(ParticipantId Id, MediaState Media) : MeetingCommand;

    /// <summary>A signaling connection is gone. Ignored when the participant speaks by another one already.</summary>
    public sealed record LoseConnection(ParticipantId Id, string ConnectionId) : MeetingCommand;

    /// <summary>The media path is lost or is back.</summary>
    public sealed record ChangePath(ParticipantId Id, bool Lost) : MeetingCommand;

    /// <summary>The media connection has failed for good.</summary>
    public sealed record FailMedia(ParticipantId Id) : MeetingCommand;

    /// <summary>The media plane runs anew: every connection of an earlier run is lost.</summary>
    public sealed record StartMediaRun(string Run) : MeetingCommand;

    public sealed record Leave(ParticipantId Id) : MeetingCommand;

    /// <summary>Ends it for everybody; hosts only.</summary>
    public sealed record End(ParticipantId By) : MeetingCommand;

    /// <summary>A schedule was made, changed or dropped; callers have shown that it is the founder's.</summary>
    /// <param name="Keep">Null: no schedule keeps it any more.</param>
    public sealed record Schedule(MeetingKeep? Keep) : MeetingCommand;

    /// <summary>Lets time pass.</summary>
    public sealed record Advance : MeetingCommand;
}

/// <summary>What an offer says about its sender.</summary>
/// <param name="Decodes">Null without video.</param>
/// <param name="Red">Null without audio.</param>
public sealed record MediaAbilities(IReadOnlyList<VideoCodec>? Decodes, bool? Red);
