using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain.Groups;

/// <summary>What moderators do beside the group's own acts, and what members answer to it. <paramref name="By"/> is the connection's participant.</summary>
public abstract record ModerationCommand(ParticipantId By) : GroupCommand
{
    /// <param name="Target">Null with <see cref="ModerationAct.MuteAll"/>.</param>
    public sealed record Moderate(ParticipantId By, ModerationAct Act, ParticipantId? Target) : ModerationCommand(By);

    public sealed record SetControls(ParticipantId By, ControlsChange Change) : ModerationCommand(By);

    public sealed record AskToShare(ParticipantId By, bool Asks) : ModerationCommand(By);

    public sealed record DeclineUnmute(ParticipantId By) : ModerationCommand(By);
}
