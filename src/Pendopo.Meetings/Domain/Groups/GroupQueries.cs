using Pendopo.Meetings.Domain.Framing;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain.Groups;

/// <summary>What members and moderators may ask of the group: each question answers only those whom it concerns, and changes nothing.</summary>
public static class GroupQueries
{
    /// <summary>Knocks of a page: a lobby of 500 is ten of them.</summary>
    private const int KnocksOfPage = 50;

    /// <summary>Work for a commit of this epoch.</summary>
    public static WorkResult TakeWork(MeetingState? meeting, ParticipantId by, TakeWorkRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (FindMember(meeting, by, out var error) is null) return new WorkResult(error, null, []);
        var group = meeting!.Group!;
        if (request.Generation != group.Generation || request.Epoch != group.Tree.Epoch || !FoundingStatement.TryParse(group.Statement, out var statement)) return new WorkResult(ErrorCode.None, null, []);
        return new WorkResult(ErrorCode.None, null, GroupWork.Take(GroupWork.Of(group, statement.MembersMaximum)));
    }

    /// <summary>Those who wait for a moderator's word, by participant id.</summary>
    public static KnockPage ListKnocks(MeetingState? meeting, ParticipantId by, string? after)
    {
        if (FindMember(meeting, by, out var error) is not { } member) return new KnockPage(error, null, [], null);
        if (!member.IsModerator) return new KnockPage(ErrorCode.NotAllowed, null, [], null);
        Knock[] rest = [.. Meeting.KnocksOf(meeting!.Group).OrderBy(knock => knock.ParticipantId, StringComparer.Ordinal)
            .Where(knock => after is null || string.CompareOrdinal(knock.ParticipantId, after) > 0)];
        Knock[] page = [.. rest.Take(KnocksOfPage)];
        return new KnockPage(ErrorCode.None, null, page, rest.Length > page.Length ? page[^1].ParticipantId : null, meeting.Group!.Memory.Notice);
    }

    /// <summary>Which entries of the log a member is to be given next.</summary>
    /// <returns>Null with the refusal in <paramref name="refused"/>; else the first and the last entry, the last before the first at the end of the log.</returns>
    public static (long First, long Last)? FindPage(MeetingState? meeting, ParticipantId by, LogRequest request, DateTimeOffset now, out LogPage refused)
    {
        ArgumentNullException.ThrowIfNull(request);
        refused = new LogPage(ErrorCode.None, null, GroupFault.None, [], HeadOf(meeting, now));
        if (FindMember(meeting, by, out var error) is not { } member)
        {
            refused = new LogPage(error, null, GroupFault.None, [], null);
            return null;
        }

        var group = meeting!.Group!;
        // What was said before somebody was added is not for that leaf.
        var since = group.Tree.LeafAt((uint)member.Leaf!.Value)?.Entry ?? long.MaxValue;
        var page = request.Generation == group.Generation && request.After >= since ? group.Memory.Log.PageAfter(request.After) : null;
        if (page is null) refused = refused with { Fault = request.Generation == group.Generation ? GroupFault.TooFarBehind : GroupFault.WrongGeneration };
        return page;
    }

    /// <summary>A signal of a member: who sent it and of what type it is. Null with an error for what is malformed or names another leaf or group.</summary>
    public static GroupSignalFrame? ReadSignal(MeetingState? meeting, ParticipantId by, string signal, out ParticipantState? sender, out Outcome outcome)
    {
        sender = FindMember(meeting, by, out var error);
        outcome = new Outcome(error);
        if (sender is null) return null;
        var group = meeting!.Group!;
        if (WireText.TryRead(signal, SignalingContract.SignalMaximum, out var bytes) && GroupSignalFrame.TryParse(bytes, out var frame)
            && frame.Leaf == sender.Leaf && FoundingStatement.TryParse(group.Statement, out var statement) && frame.GroupId == statement.GroupId(group.Generation))
        {
            return frame;
        }

        outcome = new Outcome(ErrorCode.InvalidRequest, "signal is malformed, or not of this group and leaf");
        return null;
    }

    /// <summary>A stored Welcome, for those whom its commit added; null for everybody else.</summary>
    public static ReadOnlyMemory<byte>? FindWelcome(MeetingState? meeting, SessionKey session, string id)
    {
        var kept = meeting?.Group?.Memory.Welcomes.FirstOrDefault(welcome => welcome.Id == id);
        var isFor = kept is not null && meeting!.Participants.Any(participant => participant.Session == session && kept.Committed.Any(told => told.Key == participant.Id));
        return isFor ? kept!.Bytes : default(ReadOnlyMemory<byte>?);
    }

    /// <summary>The member that a session is; null: none.</summary>
    public static ParticipantState? MemberOf(MeetingState? meeting, SessionKey session) =>
        meeting?.Participants.FirstOrDefault(participant => participant.Session == session && participant.Leaf is not null);

    /// <summary>Where the group stands, for members.</summary>
    public static GroupHead? HeadOf(MeetingState? meeting, DateTimeOffset now) => meeting?.Group is { } group
        ? new GroupHead(group.Generation, group.Tree.Epoch, group.Memory.Log.Last, now.ToUnixTimeMilliseconds())
        : null;

    /// <summary>What the waiting may know of it.</summary>
    public static GroupHead? OutsideHeadOf(MeetingState? meeting, DateTimeOffset now) =>
        meeting?.Group is { } group ? new GroupHead(group.Generation, 0, 0, now.ToUnixTimeMilliseconds()) : null;

    private static ParticipantState? FindMember(MeetingState? meeting, ParticipantId by, out ErrorCode error)
    {
        var participant = meeting?.Group is null ? null : meeting.Participants.FirstOrDefault(other => other.Id == by);
        error = participant is { Leaf: not null } ? ErrorCode.None
            : participant is not null || meeting?.Group?.Memory.Find(by) is not null ? ErrorCode.NotMember : ErrorCode.NotInMeeting;
        return error == ErrorCode.None ? participant : null;
    }
}
