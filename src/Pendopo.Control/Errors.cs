namespace Pendopo.Control;

/// <summary>What a use case can answer besides success. Expected failures are values; an exception is a fault of ours.</summary>
public enum ControlError
{
    None,

    /// <summary>The name is empty, too long, or holds control characters.</summary>
    InvalidName,

    /// <summary>A sibling bears this name.</summary>
    NameTaken,

    /// <summary>There is no organisation with this id.</summary>
    OrganizationNotFound,

    /// <summary>The tree would become deeper than <see cref="Organizations.Organization.DeepestLevel"/>.</summary>
    TooDeep,

    /// <summary>There is no account with this id.</summary>
    AccountNotFound,

    /// <summary>The one-time link is unknown, used or past its time: which of them is nobody's business.</summary>
    LinkInvalid,

    /// <summary>There is an administrator already, who can invite others.</summary>
    AdministratorExists,

    /// <summary>No account is linked with the person whom the provider names, and none may be made.</summary>
    IdentityUnknown,

    /// <summary>Another account is linked with the person whom the provider names.</summary>
    IdentityTaken,

    /// <summary>Nothing else would be left to sign in with.</summary>
    LastWayIn,

    /// <summary>There is no such session of this account.</summary>
    SessionNotFound,

    /// <summary>The device key is no Ed25519 public key in its canonical encoding, or one of small order.</summary>
    InvalidDeviceKey,

    /// <summary>The moment that was signed lies too far from now.</summary>
    ClockOff,

    /// <summary>The signature does not prove that the sender has the device key.</summary>
    InvalidProof,

    /// <summary>A meeting's title is empty, too long, or holds what is not seen.</summary>
    InvalidTitle,

    /// <summary>The agenda is too long, or holds what is not seen.</summary>
    InvalidAgenda,

    /// <summary>The times are over, too far ahead, or contradict themselves.</summary>
    InvalidTime,

    /// <summary>Somebody invited has neither an account here nor a sound address, or there are too many.</summary>
    InvalidPeople,

    /// <summary>There is no such scheduled meeting, or not for this account.</summary>
    MeetingNotFound,

    /// <summary>It is cancelled, or its last occurrence is over.</summary>
    MeetingOver,

    /// <summary>It was changed since the one who asks has seen it.</summary>
    VersionChanged,

    /// <summary>This meeting has a date already.</summary>
    MeetingScheduled,

    /// <summary>The organiser has too many meetings ahead.</summary>
    TooManyMeetings,

    /// <summary>The organiser has sent too many mails today.</summary>
    TooManyMails,
}
