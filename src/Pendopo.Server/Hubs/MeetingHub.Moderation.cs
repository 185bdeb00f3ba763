using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Server.Security;
using Pendopo.Signaling;

namespace Pendopo.Server.Hubs;

/// <summary>Moderation over the wire. Who may do what is the meeting's to judge, from the participant that the connection speaks for.</summary>
internal sealed partial class MeetingHub
{
    public Task<Outcome> Moderate(ModerationRequest request) => ActAsync(
        GroupCall.Moderation, Validation.Check(request),
        (group, by) => group.Moderate(new ModerationCommand.Moderate(by, request.Act, request.ParticipantId is { } target ? new ParticipantId(target) : null)));

    public Task<Outcome> SetControls(ControlsChange change) => ActAsync(
        GroupCall.Moderation, Validation.Check(change), (group, by) => group.Moderate(new ModerationCommand.SetControls(by, change)));

    public Task<Outcome> AskToShare(bool asks) => ActAsync(
        GroupCall.Moderation, null, (group, by) => group.Moderate(new ModerationCommand.AskToShare(by, asks)));

    public Task<Outcome> DeclineUnmute() => ActAsync(
        GroupCall.Moderation, null, (group, by) => group.Moderate(new ModerationCommand.DeclineUnmute(by)));
}
