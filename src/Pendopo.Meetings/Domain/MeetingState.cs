using System.Text.Json.Serialization;
using Pendopo.Meetings.Domain.Framing;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain;

/// <summary>Everything a meeting remembers. Immutable and serialisable; it holds no secret (hashes only).</summary>
public sealed record MeetingState
{
    public required MeetingKind Kind { get; init; }

    public required DateTimeOffset FoundedAt { get; init; }

    /// <summary>Who founded it and is host on entering; null for a room that the server opened by itself.</summary>
    public SessionKey? Founder { get; init; }

    /// <summary>Needed by WHIP publishers; null where everybody may publish (open rooms) or nobody (no open broadcast).</summary>
    public TokenHash? PublishToken { get; init; }

    /// <summary>Needed by WHEP viewers.</summary>
    public TokenHash? ViewToken { get; init; }

    /// <summary>Opened by the option for benchmarks: endpoints need no token.</summary>
    public bool OpenRoom { get; init; }

    /// <summary>Which codecs may be used, in order of preference.</summary>
    public required IReadOnlyList<VideoCodec> CodecOrder { get; init; }

    /// <summary>What every member decodes, in that order.</summary>
    public required IReadOnlyList<VideoCodec> VideoCodecs { get; init; }

    /// <summary>True while there are members and all have RED.</summary>
    public bool Red { get; init; }

    public long Revision { get; init; }

    /// <summary>Of encrypted meetings; null while nothing has happened in one yet: what <see cref="MeetingRules.Controls"/> says.</summary>
    public MeetingControls? Controls { get; init; }

    /// <summary>Rights of people who are gone, for when they come back.</summary>
    public IReadOnlyList<RememberedRights> Remembered { get; init; } = [];

    /// <summary>In order of arrival.</summary>
    public IReadOnlyList<ParticipantState> Participants { get; init; } = [];

    /// <summary>Since when nobody is in it.</summary>
    public DateTimeOffset? EmptySince { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Of a meeting that is scheduled: how long its link stays good whoever comes; null: as long as <see cref="MeetingRules.EmptyLifetime"/> gives.</summary>
    public MeetingKeep? Keep { get; init; }

    /// <summary>The run of the media plane that the connections belong to; another one means that all of them are lost.</summary>
    public string MediaRun { get; init; } = "";

    /// <summary>Of encrypted meetings.</summary>
    public GroupState? Group { get; init; }

    /// <summary>An open broadcast by all that it holds. A state that contradicts itself is of neither kind, and no door leads into it.</summary>
    [JsonIgnore]
    public bool IsBroadcast => Kind == MeetingKind.OpenBroadcast && Group is null;

    /// <summary>An encrypted meeting by all that it holds: with a group, and with nothing that encoders and viewers could come in by.</summary>
    [JsonIgnore]
    public bool IsEncrypted => Kind == MeetingKind.Encrypted && Group is not null && PublishToken is null && ViewToken is null && !OpenRoom;

    /// <summary>Of one kind or the other.</summary>
    [JsonIgnore]
    public bool IsSound => IsBroadcast || IsEncrypted;

    /// <summary>Connections of those who are in.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Connections => [.. Participants.Select(participant => participant.ConnectionId).OfType<string>()];

    /// <summary>Peers that the media server has.</summary>
    [JsonIgnore]
    public int Receivers => Participants.Count(participant => participant.HasMedia);

    /// <summary>What is stored: equal before and after a change that only memory keeps.</summary>
    public MeetingState WithoutMemory() => Group is null ? this : this with { Group = Group with { Memory = GroupMemory.Empty } };
}

/// <summary>What a schedule promises about a meeting.</summary>
/// <param name="Until">The link stays good until then, though nobody be in.</param>
/// <param name="LastStart">When the last occurrence begins: whoever ends the meeting before that ends this sitting alone.</param>
public sealed record MeetingKeep(DateTimeOffset Until, DateTimeOffset LastStart);

/// <summary>What a meeting remembers of one participant.</summary>
public sealed record ParticipantState
{
    public required ParticipantId Id { get; init; }

    public required SessionKey Session { get; init; }

    public required string DisplayName { get; init; }

    public required ParticipantRole Role { get; init; }

    public required MediaState Media { get; init; }

    public required DateTimeOffset JoinedAt { get; init; }

    /// <summary>The signaling connection that speaks for it now; null while it is lost, and for endpoints.</summary>
    public string? ConnectionId { get; init; }

    /// <summary>Since when the socket is lost (for endpoints: the media path). The place is kept for the time of grace.</summary>
    public DateTimeOffset? LostAt { get; init; }

    /// <summary>The media path is lost; while the socket lives the client repairs it.</summary>
    public bool PathLost { get; init; }

    /// <summary>Video codecs it can decode; null: it has no video at all and binds nobody.</summary>
    public IReadOnlyList<VideoCodec>? Decodes { get; init; }

    /// <summary>RED (RFC 2198); null: it has no audio and binds nobody.</summary>
    public bool? Red { get; init; }

    /// <summary>The codecs changed while its socket was lost: it hears of them when it is back.</summary>
    public bool CodecsDue { get; init; }

    /// <summary>In encrypted meetings, the leaf that it holds.</summary>
    public int? Leaf { get; init; }

    /// <summary>The media server has a peer for it.</summary>
    public bool HasMedia { get; init; }

    /// <summary>Who it is, in encrypted meetings: an account, or a guest's device.</summary>
    public Party? Party { get; init; }

    public Standing Standing { get; init; }

    public MuteCause Muted { get; init; }

    /// <summary>A moderator asks for its voice.</summary>
    public bool AskedToUnmute { get; init; }

    public bool AsksToShare { get; init; }

    /// <summary>Moderators hear of the lobby, and act on people.</summary>
    [JsonIgnore]
    public bool IsModerator => Leaf is not null && Role is (ParticipantRole.Host or ParticipantRole.CoHost);

    public Participant ToContract() => new(
        Id.Value, DisplayName, Role, Media,
        LostAt is null && !PathLost ? ConnectionState.Connected : ConnectionState.Reconnecting,
        JoinedAt.ToUnixTimeMilliseconds(), Leaf,
        Leaf is null ? null : new ParticipantRights(Standing, Muted, AskedToUnmute, AsksToShare));
}

/// <summary>What a meeting remembers of somebody who is gone.</summary>
/// <param name="Session">Of a guest who comes back with another device key, too.</param>
public sealed record RememberedRights(Party? Party, SessionKey Session, Standing Standing, MuteCause Muted);
