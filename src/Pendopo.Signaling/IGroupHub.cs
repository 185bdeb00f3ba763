namespace Pendopo.Signaling;

/// <summary>
/// What a client may ask of the server about the group of an encrypted meeting, over the same connection as <see cref="IMeetingHub"/>
/// (docs/e2ee.md §21). Bytes are base64url without padding. Who speaks is told by the connection, never by a field.
/// </summary>
public interface IGroupHub
{
    /// <summary>
    /// Asks for admission; anybody with the link may. Again with a new key package it replaces the old one. A connection that speaks for a
    /// member does so no more: it comes back as a new leaf.
    /// </summary>
    Task<KnockResult> Knock(KnockRequest request);

    /// <summary>Founds the next generation, after <see cref="KnockState.FoundGroup"/>. The first wins; the others knock again.</summary>
    Task<FoundGroupResult> FoundGroup(FoundGroupRequest request);

    /// <summary>Moderators: who waits, by participant id, 50 a page. <paramref name="after"/> is <see cref="KnockPage.Next"/> of the page before, or null.</summary>
    Task<KnockPage> ListKnocks(string? after);

    /// <summary>Moderators: has somebody who waits added to the group.</summary>
    Task<Outcome> Admit(AdmitRequest request);

    /// <summary>Moderators: sends somebody who waits away.</summary>
    Task<Outcome> Deny(string participantId);

    /// <summary>
    /// Moderators: says something to all who wait, who hold no keys; so the server reads it. Up to <see cref="SignalingContract.NoticeMaximum"/> characters;
    /// null takes it back. It is kept as long as anybody waits.
    /// </summary>
    Task<Outcome> TellWaiting(string? notice);

    /// <summary>Moderators: cuts a member's seat at once and has its leaf removed.</summary>
    Task<Outcome> RemoveMember(RemoveMemberRequest request);

    /// <summary>Moderators: has a state record committed.</summary>
    Task<Outcome> OfferRecord(string record);

    /// <summary>Members: the bodies of the work there is. Empty for another generation or epoch than the current one.</summary>
    Task<WorkResult> TakeWork(TakeWorkRequest request);

    /// <summary>Members: this work cannot be done, and why.</summary>
    Task<Outcome> RefuseWork(string workId, string fault);

    /// <summary>Members: a commit for the current epoch. The first valid one wins; for the others the answer is stale.</summary>
    Task<CommitResult> PostCommit(CommitRequest request);

    /// <summary>Members: an application message for the log.</summary>
    Task<MessageResult> PostMessage(MessageRequest request);

    /// <summary>Members: relayed to members, not kept.</summary>
    Task<Outcome> SendSignal(string signal);

    /// <summary>Members: what follows an entry in the log.</summary>
    Task<LogPage> ReadLog(LogRequest request);

    /// <summary>Members: the last commit of the log is invalid.</summary>
    Task<Outcome> ReportEntry(ReportRequest request);
}

/// <summary>What the server tells of an encrypted meeting's group. Waiting people hear <see cref="KnockChanged"/>, <see cref="NoticeChanged"/> and <see cref="Welcomed"/> only.</summary>
public interface IGroupClient
{
    /// <summary>To the one who waits. After <see cref="KnockState.Denied"/> and <see cref="KnockState.Expired"/> the place is gone.</summary>
    Task KnockChanged(KnockState state);

    /// <summary>To moderators: somebody waits, or has replaced the key package.</summary>
    Task Knocked(Knock knock);

    /// <summary>To moderators: nobody needs to decide about that one any more.</summary>
    Task KnockGone(string participantId);

    /// <summary>To those who wait and to moderators: what moderators say to those who wait; null: nothing more.</summary>
    Task NoticeChanged(string? notice);

    /// <summary>To members: there is more to be committed. Who comes in hears of all that there is.</summary>
    Task WorkOffered(IReadOnlyList<WorkHeadline> work);

    /// <summary>To members: done, or not to be done.</summary>
    Task WorkWithdrawn(IReadOnlyList<string> workIds);

    /// <summary>To members, in order, one's own entries too.</summary>
    Task LogAppended(LogEntry entry);

    /// <summary>To members: the last commit is void.</summary>
    Task EntryVoided(EntryVoided entry);

    /// <summary>To those whom a commit added.</summary>
    Task Welcomed(Welcomed welcome);

    /// <summary>To members: a signal of another.</summary>
    Task SignalReceived(GroupSignal signal);

    /// <summary>To members: how many receivers the media server has in this meeting.</summary>
    Task ReceiversChanged(int receivers);

    /// <summary>The place is gone: knock, and come back as a new leaf.</summary>
    Task OutOfStep(GroupFault reason);
}
