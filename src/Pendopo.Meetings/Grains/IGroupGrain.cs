using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Grains;

/// <summary>
/// The group of an encrypted meeting: another face of the same grain as <see cref="IMeetingGrain"/>, so commits and the roster have one order. Callers have
/// proved the participant by the connection, or the session by its cookie.
/// </summary>
public interface IGroupGrain : IGrainWithStringKey
{
    /// <summary>The founding statement; null for unknown meetings and other kinds.</summary>
    Task<string?> FindStatement();

    Task<KnockResult> Knock([Immutable] GroupCommand.Knock command);

    Task<FoundGroupResult> FoundGroup([Immutable] GroupCommand.FoundGroup command);

    Task<KnockPage> ListKnocks(ParticipantId by, string? after);

    Task<Outcome> Admit([Immutable] GroupCommand.Admit command);

    Task<Outcome> Deny([Immutable] GroupCommand.Deny command);

    Task<Outcome> TellWaiting([Immutable] GroupCommand.TellWaiting command);

    Task<Outcome> RemoveMember([Immutable] GroupCommand.RemoveMember command);

    Task<Outcome> OfferRecord([Immutable] GroupCommand.OfferRecord command);

    /// <summary>An act of a moderator, or a member's answer to one.</summary>
    Task<Outcome> Moderate([Immutable] ModerationCommand command);

    Task<WorkResult> TakeWork(ParticipantId by, [Immutable] TakeWorkRequest request);

    Task<Outcome> RefuseWork([Immutable] GroupCommand.RefuseWork command);

    Task<CommitResult> PostCommit([Immutable] GroupCommand.PostCommit command);

    Task<MessageResult> PostMessage([Immutable] GroupCommand.PostMessage command);

    Task<Outcome> SendSignal(ParticipantId by, string signal);

    Task<LogPage> ReadLog(ParticipantId by, [Immutable] LogRequest request);

    Task<Outcome> ReportEntry([Immutable] GroupCommand.ReportEntry command);

    /// <summary>A member connects its media; nobody else has any in an encrypted meeting.</summary>
    Task<EnterReply> ConnectMedia([Immutable] GroupCommand.ConnectMedia command, string sdp, [Immutable] OfferPlan plan);

    /// <summary>Keeps a long Welcome for the commit of the member that this session is.</summary>
    Task<WelcomeReply> StoreWelcome(SessionKey session, [Immutable] byte[] welcome);

    /// <summary>A Welcome for the member that this session is; null for everybody else.</summary>
    Task<byte[]?> FindWelcome(SessionKey session, string welcomeId);

    /// <summary>Generation of the living group that this session is a member of; null for everybody else.</summary>
    Task<int?> FindGeneration(SessionKey session);
}

/// <param name="WelcomeId">Null with an error.</param>
public sealed record WelcomeReply(ErrorCode Error, string? WelcomeId);
