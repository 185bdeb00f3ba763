using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain.Groups;

/// <summary>
/// What may happen to the group of an encrypted meeting. Who acts is the connection's participant, never a field of the message; bytes are the wire
/// contract's text, as it came.
/// </summary>
public abstract record GroupCommand : MeetingCommand
{
    /// <param name="Account">The account that the session is signed in to.</param>
    /// <param name="Institution">Claimed.</param>
    public sealed record Knock(
        SessionKey Session, string? Account, ParticipantId NewId, string ConnectionId, string DisplayName, string KeyPackage, string? Ticket, string? Institution = null) : GroupCommand;

    public sealed record FoundGroup(ParticipantId By, int ExpectedGeneration, string GroupId, string KeyPackage) : GroupCommand;

    public sealed record Admit(ParticipantId By, ParticipantId Target, string Ticket) : GroupCommand;

    public sealed record Deny(ParticipantId By, ParticipantId Target) : GroupCommand;

    /// <param name="Notice">Null takes back what was said.</param>
    public sealed record TellWaiting(ParticipantId By, string? Notice) : GroupCommand;

    public sealed record RemoveMember(ParticipantId By, ParticipantId Target, string Removal) : GroupCommand;

    public sealed record OfferRecord(ParticipantId By, string Record) : GroupCommand;

    public sealed record RefuseWork(ParticipantId By, string WorkId) : GroupCommand;

    /// <param name="WelcomeId">Of one that the same member has stored.</param>
    public sealed record PostCommit(ParticipantId By, int Generation, long Epoch, string Commit, string? Welcome, string? WelcomeId) : GroupCommand;

    /// <param name="Kind">What the sender says it is; not <see cref="LogKind.Commit"/>.</param>
    public sealed record PostMessage(ParticipantId By, int Generation, long Epoch, string Message, LogKind Kind = LogKind.Message) : GroupCommand;

    public sealed record ReportEntry(ParticipantId By, int Generation, long Entry) : GroupCommand;

    /// <param name="Id">Fresh and random.</param>
    public sealed record StoreWelcome(ParticipantId By, string Id, ReadOnlyMemory<byte> Bytes) : GroupCommand;

    /// <summary>A member connects its media.</summary>
    public sealed record ConnectMedia(ParticipantId By, MediaState Media, MediaAbilities Abilities) : GroupCommand;
}

/// <summary>What a group command answers beside its error.</summary>
/// <param name="Entry">Number in the log of what was accepted; 0: nothing was.</param>
/// <param name="Waiting">Who knocked, or took up a place in the lobby again.</param>
public sealed record GroupAnswer(GroupVerdict Verdict, GroupFault Fault = GroupFault.None, long Entry = 0, Knocker? Waiting = null)
{
    public static GroupAnswer Refused(GroupFault fault) => new(GroupVerdict.Refused, fault);

    /// <summary>The epoch is over.</summary>
    public static GroupAnswer Stale { get; } = new(GroupVerdict.Stale, GroupFault.WrongEpoch);
}
