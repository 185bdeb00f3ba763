using System.Security.Cryptography;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Framing;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Grains;

/// <summary>The shell of an encrypted meeting's group.</summary>
public sealed partial class MeetingGrain
{
    /// <summary>128 bits: a Welcome's id is not guessed, though only those added are given it.</summary>
    private const int WelcomeIdBytes = 16;

    public Task<string?> FindStatement()
    {
        if (_meeting.State?.Group is { } group) return Task.FromResult<string?>(group.Statement);
        RefuseUnknown();
        return Task.FromResult<string?>(null);
    }

    public async Task<KnockResult> Knock(GroupCommand.Knock command)
    {
        var decision = await ApplyAsync(command);
        if (decision.Error == ErrorCode.MeetingNotFound) RefuseUnknown();
        return decision.Group?.Waiting is { } waiting
            ? new KnockResult(ErrorCode.None, null, waiting.Id.Value, waiting.State, GroupQueries.OutsideHeadOf(_meeting.State, time.GetUtcNow()),
                waiting.Since.ToUnixTimeMilliseconds(), _meeting.State?.Group?.Memory.Notice)
            : new KnockResult(decision.Error, decision.Message, null, null, null);
    }

    public async Task<FoundGroupResult> FoundGroup(GroupCommand.FoundGroup command)
    {
        var decision = await ApplyAsync(command);
        if (decision.Group is not { } answer) return new FoundGroupResult(decision.Error, decision.Message, GroupVerdict.Refused, null);
        var isFounded = answer.Verdict == GroupVerdict.Accepted;
        if (isFounded) logger.GroupFounded(Key, _meeting.State!.Group!.Generation);
        var now = time.GetUtcNow();
        return new FoundGroupResult(ErrorCode.None, null, answer.Verdict, isFounded ? GroupQueries.HeadOf(_meeting.State, now) : GroupQueries.OutsideHeadOf(_meeting.State, now));
    }

    public Task<Outcome> Admit(GroupCommand.Admit command) => ActAsync(command);

    public Task<Outcome> Deny(GroupCommand.Deny command) => ActAsync(command);

    public Task<Outcome> TellWaiting(GroupCommand.TellWaiting command) => ActAsync(command);

    public Task<Outcome> RemoveMember(GroupCommand.RemoveMember command) => ActAsync(command);

    public Task<Outcome> OfferRecord(GroupCommand.OfferRecord command) => ActAsync(command);

    public Task<Outcome> Moderate(ModerationCommand command) => ActAsync(command);

    public Task<Outcome> RefuseWork(GroupCommand.RefuseWork command) => ActAsync(command);

    public Task<Outcome> ReportEntry(GroupCommand.ReportEntry command) => ActAsync(command);

    public async Task<CommitResult> PostCommit(GroupCommand.PostCommit command)
    {
        var decision = await ApplyAsync(command);
        if (decision.Group is not { } answer) return new CommitResult(decision.Error, decision.Message, GroupVerdict.Refused, GroupFault.None, 0);
        if (answer.Verdict == GroupVerdict.Refused) logger.CommitRefused(Key, command.By, answer.Fault);
        return new CommitResult(ErrorCode.None, null, answer.Verdict, answer.Fault, answer.Entry);
    }

    public async Task<MessageResult> PostMessage(GroupCommand.PostMessage command)
    {
        var decision = await ApplyAsync(command);
        return decision.Group is { } answer
            ? new MessageResult(ErrorCode.None, null, answer.Verdict, answer.Fault, answer.Entry)
            : new MessageResult(decision.Error, decision.Message, GroupVerdict.Refused, GroupFault.None, 0);
    }

    public async Task<KnockPage> ListKnocks(ParticipantId by, string? after)
    {
        await ApplyAsync(new MeetingCommand.Advance());
        return GroupQueries.ListKnocks(_meeting.State, by, after);
    }

    public async Task<WorkResult> TakeWork(ParticipantId by, TakeWorkRequest request)
    {
        await ApplyAsync(new MeetingCommand.Advance());
        return GroupQueries.TakeWork(_meeting.State, by, request);
    }

    public async Task<LogPage> ReadLog(ParticipantId by, LogRequest request)
    {
        if (GroupQueries.FindPage(_meeting.State, by, request, time.GetUtcNow(), out var answer) is not { } page || page.Last < page.First) return answer;
        return answer with { Entries = await logs.ReadAsync(Room, request.Generation, page.First, page.Last) };
    }

    public async Task<Outcome> SendSignal(ParticipantId by, string signal)
    {
        if (GroupQueries.ReadSignal(_meeting.State, by, signal, out var sender, out var outcome) is not { } frame) return outcome;
        await notifier.SignaledAsync(Room, sender!, frame.Type, [.. _meeting.State!.Participants.Where(participant => participant.Id != by)], signal);
        return outcome;
    }

    public Task<EnterReply> ConnectMedia(GroupCommand.ConnectMedia command, string sdp, OfferPlan plan) =>
        WithMediaAsync(command, sdp, plan, _meeting.State?.Participants.FirstOrDefault(participant => participant.Id == command.By)?.ConnectionId, fresh: true);

    public async Task<WelcomeReply> StoreWelcome(SessionKey session, byte[] welcome)
    {
        if (GroupQueries.MemberOf(_meeting.State, session) is not { } member) return new WelcomeReply(RefuseUnknown(), null);
        var id = WireText.Of(RandomNumberGenerator.GetBytes(WelcomeIdBytes));
        var decision = await ApplyAsync(new GroupCommand.StoreWelcome(member.Id, id, welcome));
        return new WelcomeReply(decision.Error, decision.Accepted ? id : null);
    }

    public Task<byte[]?> FindWelcome(SessionKey session, string welcomeId)
    {
        if (_meeting.State is null) RefuseUnknown();
        return Task.FromResult(GroupQueries.FindWelcome(_meeting.State, session, welcomeId)?.ToArray());
    }

    public Task<int?> FindGeneration(SessionKey session)
    {
        if (_meeting.State is null) RefuseUnknown();
        return Task.FromResult(GroupQueries.MemberOf(_meeting.State, session) is null ? null : _meeting.State?.Group is { IsLiving: true } group ? group.Generation : default(int?));
    }

    private async Task<Outcome> ActAsync(GroupCommand command)
    {
        var decision = await ApplyAsync(command);
        return new Outcome(decision.Error, decision.Message);
    }

    /// <summary>A stored meeting with the heads of its group's log.</summary>
    private async Task<MeetingState?> WithLogAsync(MeetingState? stored)
    {
        if (stored?.Group is not { IsLiving: true } group) return stored;
        var log = new EpochLog(await logs.LoadAsync(Room, group.Generation));
        return stored with { Group = group with { Memory = GroupMemory.Empty with { Log = log } } };
    }

    /// <summary>
    /// Writes what has changed: the meeting with what its log has more or less, in one transaction, or a message alone. What only memory keeps (the
    /// lobby, refusals, Welcomes) is not written.
    /// </summary>
    private async Task StoreAsync(MeetingState? before, MeetingDecision decision)
    {
        LogEntry[] appended = [.. decision.Events.OfType<GroupEvent.LogAppended>().Select(news => news.Entry)];
        var isDropped = decision.Events.OfType<GroupEvent.LogDropped>().Any();
        var state = _meeting.State;
        if (state is null)
        {
            storage.State = new StoredMeeting();
            await storage.ClearStateAsync();
        }
        else if (isDropped || before?.WithoutMemory() != state.WithoutMemory())
        {
            storage.State = new StoredMeeting { Meeting = state, LogChange = isDropped || appended.Length > 0 ? new GroupLogChange(Room, isDropped, appended) : null };
            await storage.WriteStateAsync();
        }
        else
        {
            foreach (var entry in appended) await logs.AppendAsync(Room, entry);
        }
    }

    private async Task TellGroupAsync(GroupEvent news)
    {
        if (news is GroupEvent.LogDropped) logger.GroupClosed(Key);
        if (news is GroupEvent.Voided voided) logger.EntryVoided(Key, voided.Entry.Entry);
        await notifier.GroupChangedAsync(news);
        if (news is GroupEvent.KnockChanged knock && IsLetIn(knock.State)) await media.ExpectAsync(Room);
    }

    /// <summary>Nobody needs to be asked any more: a leaf follows, and then a connection.</summary>
    private static bool IsLetIn(KnockState state) => state is KnockState.Admitted or KnockState.Returning;
}
