using Pendopo.Control;
using Pendopo.Control.Schedule;
using Pendopo.Control.Users;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Framing;
using Pendopo.Server.Endpoints;

namespace Pendopo.Server.Schedule;

/// <summary>Who may give a meeting a date: the account that its founding statement names. Label and fragment are taken from that statement, not from a message.</summary>
internal sealed class FoundersRight(MeetingDirectory meetings)
{
    /// <summary>Null: no such meeting, another's, or another fragment.</summary>
    public async Task<FoundedMeeting?> FindAsync(string? meetingId, string? fragment, AccountId account)
    {
        if (!MeetingDirectory.TryReadEncrypted(meetingId, out var id)) return null;
        if (!FoundingStatement.TryParse(await meetings.FindGroup(id).FindStatement(), out var statement)) return null;
        if (statement.Founder.Type != PartyType.Account || statement.Founder.Id != account.ToString()) return null;
        var hash = StrictBase64Url.Encode(statement.Hash.Span);
        return fragment == hash ? new FoundedMeeting(id.Key.Value, id.Value, hash, statement.LabelRank, statement.GuestsAllowed) : null;
    }

    /// <summary>Holds the link open for the schedule; null times: no longer.</summary>
    public Task<ErrorCode> KeepAsync(string meetingId, MeetingTimes? times)
    {
        if (!MeetingDirectory.TryReadEncrypted(meetingId, out var id)) return Task.FromResult(ErrorCode.MeetingNotFound);
        return meetings.Find(id).Schedule(times is null ? null : new MeetingKeep(times.End + ScheduledMeeting.Grace, times.LastStart));
    }
}
