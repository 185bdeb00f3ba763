namespace Pendopo.Signaling;

/// <summary>What a moderator of an encrypted meeting does to people. Nobody is ever unmuted by somebody else.</summary>
public enum ModerationAct
{
    Mute,

    /// <summary>Everybody below the moderator's own rank; names nobody.</summary>
    MuteAll,

    /// <summary>The person decides; see <see cref="IMeetingHub.DeclineUnmute"/>.</summary>
    AskToUnmute,
    StopShare,

    /// <summary>May share a screen where that goes by grant.</summary>
    MakePresenter,

    /// <summary>Takes <see cref="Standing.Presenter"/> or <see cref="Standing.Observer"/> back, and says no to who asks to share.</summary>
    MakeParticipant,
    MakeObserver,
}

/// <param name="ParticipantId">Whom it is about; null with <see cref="ModerationAct.MuteAll"/> only.</param>
public sealed record ModerationRequest(ModerationAct Act, string? ParticipantId);

/// <summary>Who may share a screen, beside moderators.</summary>
public enum SharePolicy
{
    /// <summary>Presenters.</summary>
    Granted,
    Everybody,

    /// <summary>Nobody else: grants do not count either.</summary>
    Moderators,
}

/// <summary>To whom those who are no moderators may write apart from all.</summary>
public enum PrivateChatPolicy
{
    /// <summary>To any one person, and to moderators.</summary>
    Everybody,
    Moderators,
    Nobody,
}

/// <summary>What somebody may do who is no moderator; it stays with the person when he comes again.</summary>
public enum Standing
{
    Participant,
    Presenter,

    /// <summary>Receives only: no microphone, camera, screen, hand or chat.</summary>
    Observer,
}

/// <summary>Why a microphone is off that its owner did not switch off.</summary>
public enum MuteCause
{
    None,

    /// <summary>By the rule for who comes in (<see cref="MeetingControls.MutedFrom"/>).</summary>
    Entry,

    /// <summary>A moderator muted it, locked microphones or froze the meeting.</summary>
    Moderator,
}

/// <param name="AskedToUnmute">A moderator asks for his voice.</param>
/// <param name="AsksToShare">He asks moderators for leave to share.</param>
public sealed record ParticipantRights(Standing Standing, MuteCause Muted, bool AskedToUnmute, bool AsksToShare);

/// <summary>What moderators have set for all who are no moderators. The server holds everybody to it.</summary>
/// <param name="MeetingLocked">Nobody new may knock. Who was in before may come back.</param>
/// <param name="Frozen">No microphone, camera, screen or chat. What it stopped does not start again by itself.</param>
/// <param name="MutedFrom">Who comes in as the so-many-th or later starts with the microphone off; 0: nobody does.</param>
/// <param name="CameraOffFrom">The same for cameras.</param>
/// <param name="ChatLocked">Nothing is written to all or to one person; what <paramref name="PrivateChat"/> lets go to moderators still does.</param>
public sealed record MeetingControls(
    bool MicrophonesLocked, bool CamerasLocked, bool ChatLocked, bool MeetingLocked, bool Frozen, SharePolicy Sharing, int MutedFrom, int CameraOffFrom,
    PrivateChatPolicy PrivateChat = PrivateChatPolicy.Everybody);

/// <summary>A change of <see cref="MeetingControls"/>: null leaves as it is, so that two moderators do not undo each other.</summary>
public sealed record ControlsChange(
    bool? MicrophonesLocked = null, bool? CamerasLocked = null, bool? ChatLocked = null, bool? MeetingLocked = null, bool? Frozen = null,
    SharePolicy? Sharing = null, int? MutedFrom = null, int? CameraOffFrom = null, PrivateChatPolicy? PrivateChat = null);

/// <summary>Why a source may not flow.</summary>
public enum MediaRefusal
{
    Frozen,
    Observer,
    MicrophonesLocked,
    CamerasLocked,

    /// <summary>Ask by <see cref="IMeetingHub.AskToShare"/>.</summary>
    SharingNotGranted,
    SharingLocked,
}

public sealed record MediaCut(MediaSource Source, MediaRefusal Reason);

/// <param name="Media">What is on now; null with an error.</param>
/// <param name="Cuts">What was asked for and is not on.</param>
public sealed record MediaResult(ErrorCode Error, string? Message, MediaState? Media, IReadOnlyList<MediaCut> Cuts);
