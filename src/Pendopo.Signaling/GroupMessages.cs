namespace Pendopo.Signaling;

/// <summary>Where somebody who knocked stands.</summary>
public enum KnockState
{
    /// <summary>There is no living generation, and the statement lets this person found one.</summary>
    FoundGroup,

    /// <summary>For a moderator's word.</summary>
    Waiting,

    /// <summary>Nobody needs to be asked: a member adds the new leaf.</summary>
    Returning,

    /// <summary>A member adds the leaf.</summary>
    Admitted,
    Denied,
    Expired,
}

/// <summary>What a commit is asked for.</summary>
public enum WorkKind
{
    /// <summary>An Add by ticket.</summary>
    Admission,

    /// <summary>An Add of a device that was in before, with the Remove of its old leaf if that is still there.</summary>
    Return,

    /// <summary>A Remove of a leaf whose place is gone.</summary>
    Departure,

    /// <summary>A Remove by a moderator's signed act.</summary>
    Removal,

    /// <summary>A state record.</summary>
    Record,
}

/// <summary>
/// What an entry of the log is. Of a message it is the sender's word, by which the server lets it pass or not; receivers drop what turns out to be of another
/// kind (docs/e2ee.md §17).
/// </summary>
public enum LogKind
{
    Commit,

    /// <summary>Any message that is of none of the kinds below.</summary>
    Message,
    Chat,
    Hand,

    /// <summary>Said to one person.</summary>
    Private,

    /// <summary>Said to moderators alone.</summary>
    PrivateToModerators,
}

public enum GroupVerdict
{
    Accepted,

    /// <summary>Of an epoch that is over: process the log and build anew.</summary>
    Stale,
    Refused,
}

/// <summary>Why the server refused something of the group (docs/e2ee.md §22).</summary>
public enum GroupFault
{
    None,
    Malformed,
    WrongGroup,
    WrongGeneration,
    WrongEpoch,
    WrongSender,
    ProposalRefused,
    PathMissing,
    AddNotAdmitted,
    RemoveNotAllowed,
    RecordNotOffered,
    DataMalformed,

    /// <summary>The commit's time is not the server's.</summary>
    ClockOff,
    WelcomeMissing,
    TooLarge,

    /// <summary>The log does not reach back so far.</summary>
    TooFarBehind,
    Voided,
    Removed,
    Invalid,
}

/// <param name="DisplayName">For the lobby and the server's roster; members show the certificate's name.</param>
/// <param name="KeyPackage">MLSMessage (mls_key_package) with its chain.</param>
/// <param name="Ticket">A founding or an organisation's ticket, for those who have one.</param>
/// <param name="Institution">Where somebody says that he comes from, in the form of a display name; nothing proves it, and only moderators are told.</param>
public sealed record KnockRequest(string MeetingId, string DisplayName, string KeyPackage, string? Ticket = null, string? Institution = null);

/// <param name="Self">One's own participant id.</param>
/// <param name="Group">Of the waiting, generation and time only.</param>
/// <param name="Since">Since when one waits, ms since 1970-01-01 UTC: who knocks again keeps his place.</param>
/// <param name="Notice">What moderators say to those who wait; null: nothing.</param>
public sealed record KnockResult(
    ErrorCode Error, string? Message, string? Self, KnockState? State, GroupHead? Group, long? Since = null, string? Notice = null);

/// <summary>Where a generation stands.</summary>
/// <param name="Generation">1, 2, …; 0 before the first.</param>
/// <param name="Entry">Number of the log's last entry; 0 for none.</param>
/// <param name="At">The server's clock, ms since 1970-01-01 UTC.</param>
public sealed record GroupHead(int Generation, long Epoch, long Entry, long At);

/// <param name="ExpectedGeneration">The one that is over; 0 before the first.</param>
/// <param name="GroupId">Of the next generation: H(founding statement) ‖ uint32 generation.</param>
/// <param name="KeyPackage">Of leaf 0.</param>
public sealed record FoundGroupRequest(int ExpectedGeneration, string GroupId, string KeyPackage);

/// <param name="Verdict">Stale: somebody else was first; knock again.</param>
public sealed record FoundGroupResult(ErrorCode Error, string? Message, GroupVerdict Verdict, GroupHead? Group);

/// <summary>Somebody who waits for a moderator's word.</summary>
/// <param name="Since">ms since 1970-01-01 UTC.</param>
/// <param name="Institution">What the person says of himself, by the server's word; null: nothing.</param>
public sealed record Knock(string ParticipantId, string DisplayName, string KeyPackage, long Since, string? Institution = null);

/// <param name="Next">Null on the last page.</param>
/// <param name="Notice">What those who wait are told now; null: nothing.</param>
public sealed record KnockPage(ErrorCode Error, string? Message, IReadOnlyList<Knock> Knocks, string? Next, string? Notice = null);

/// <param name="Ticket">Signed by the caller's leaf for the key package that the participant knocked with last.</param>
public sealed record AdmitRequest(string ParticipantId, string Ticket);

/// <param name="Removal">Signed by the caller's leaf.</param>
public sealed record RemoveMemberRequest(string ParticipantId, string Removal);

/// <param name="Leaf">The leaf that goes; null where none does.</param>
/// <param name="OfferedAt">ms since 1970-01-01 UTC.</param>
public sealed record WorkHeadline(string Id, WorkKind Kind, int? Leaf, long OfferedAt);

/// <param name="KeyPackage">Of admissions and returns.</param>
/// <param name="Proof">Ticket, removal or record.</param>
public sealed record WorkItem(string Id, WorkKind Kind, int? Leaf, string? KeyPackage, string? Proof);

public sealed record TakeWorkRequest(int Generation, long Epoch);

/// <param name="Work">At most 50 with key packages.</param>
public sealed record WorkResult(ErrorCode Error, string? Message, IReadOnlyList<WorkItem> Work);

/// <param name="Commit">MLSMessage (mls_public_message).</param>
/// <param name="Welcome">MLSMessage (mls_welcome) for those added, where it is short; else <paramref name="WelcomeId"/>.</param>
/// <param name="WelcomeId">Answer of <c>POST /api/meetings/{id}/welcomes</c>.</param>
/// <param name="WorkIds">What the commit is meant to do; the server reads that from the commit itself.</param>
public sealed record CommitRequest(int Generation, long Epoch, string Commit, string? Welcome, string? WelcomeId, IReadOnlyList<string> WorkIds);

/// <param name="Entry">Number in the log; 0 unless accepted.</param>
public sealed record CommitResult(ErrorCode Error, string? Message, GroupVerdict Verdict, GroupFault Fault, long Entry);

/// <param name="Message">MLSMessage (mls_private_message) with application data.</param>
/// <param name="Kind">Any but <see cref="LogKind.Commit"/>.</param>
public sealed record MessageRequest(int Generation, long Epoch, string Message, LogKind Kind = LogKind.Message);

/// <param name="Entry">Number in the log; 0 unless accepted.</param>
public sealed record MessageResult(ErrorCode Error, string? Message, GroupVerdict Verdict, GroupFault Fault, long Entry);

/// <param name="After">The last entry that is known.</param>
public sealed record LogRequest(int Generation, long After);

/// <param name="Entry">1, 2, …, without gaps.</param>
/// <param name="Epoch">In which it was made.</param>
/// <param name="Leaf">Who posted it, by the server's word.</param>
/// <param name="At">The server's clock, ms since 1970-01-01 UTC.</param>
public sealed record LogEntry(int Generation, long Entry, LogKind Kind, long Epoch, int Leaf, long At, string Bytes);

/// <param name="Entries">Consecutive; empty at the end of the log.</param>
public sealed record LogPage(ErrorCode Error, string? Message, GroupFault Fault, IReadOnlyList<LogEntry> Entries, GroupHead? Group);

/// <param name="Fault">The guard's word for it.</param>
public sealed record ReportRequest(int Generation, long Entry, string Fault);

/// <param name="Epoch">The one that holds again.</param>
public sealed record EntryVoided(int Generation, long Entry, long Epoch);

/// <param name="Epoch">The one that the commit began.</param>
/// <param name="Entry">The commit's number in the log.</param>
/// <param name="Leaf">One's own.</param>
/// <param name="WelcomeId">Where the Welcome is long: <c>GET /api/meetings/{id}/welcomes/{welcomeId}</c>.</param>
public sealed record Welcomed(int Generation, long Epoch, long Entry, int Leaf, string? Welcome, string? WelcomeId);

public sealed record GroupSignal(int Leaf, string Signal);
