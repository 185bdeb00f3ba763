using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain.Groups;

/// <summary>What has to be told of the group, and to which connections.</summary>
public abstract record GroupEvent(IReadOnlyList<string> Connections) : MeetingEvent
{
    /// <summary>To be stored before it is told.</summary>
    public sealed record LogAppended(IReadOnlyList<string> Connections, LogEntry Entry) : GroupEvent(Connections);

    /// <summary>To one who was added; the connection speaks for a member from now on.</summary>
    public sealed record WelcomeGiven(string Connection, ParticipantId Participant, Welcomed Welcome) : GroupEvent([Connection]);

    /// <summary>To one who waits.</summary>
    public sealed record KnockChanged(string Connection, KnockState State) : GroupEvent([Connection]);

    /// <summary>To one who waits no more and was not added; the connection speaks for nobody.</summary>
    public sealed record KnockEnded(string Connection, KnockState State) : GroupEvent([Connection]);

    public sealed record Knocked(IReadOnlyList<string> Connections, Knock Knock) : GroupEvent(Connections);

    /// <summary>To those who wait and to moderators.</summary>
    public sealed record NoticeChanged(IReadOnlyList<string> Connections, string? Notice) : GroupEvent(Connections);

    public sealed record KnockGone(IReadOnlyList<string> Connections, ParticipantId Participant) : GroupEvent(Connections);

    public sealed record WorkOffered(IReadOnlyList<string> Connections, IReadOnlyList<WorkHeadline> Work) : GroupEvent(Connections);

    public sealed record WorkWithdrawn(IReadOnlyList<string> Connections, IReadOnlyList<string> WorkIds) : GroupEvent(Connections);

    public sealed record Voided(IReadOnlyList<string> Connections, EntryVoided Entry) : GroupEvent(Connections);

    /// <summary>To one who must come back as a new leaf; the connection speaks for nobody.</summary>
    public sealed record OutOfStep(string Connection, GroupFault Reason) : GroupEvent([Connection]);

    public sealed record ReceiversChanged(IReadOnlyList<string> Connections, int Receivers) : GroupEvent(Connections);

    /// <summary>The connection of the founder of a generation speaks for a member from now on.</summary>
    public sealed record Founded(string Connection, ParticipantId Participant) : GroupEvent([Connection]);

    /// <summary>The generation is over, and its log is to be deleted.</summary>
    public sealed record LogDropped() : GroupEvent([]);
}
