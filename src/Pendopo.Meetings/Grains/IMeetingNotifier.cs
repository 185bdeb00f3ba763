using Pendopo.Meetings.Domain;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Grains;

/// <summary>Carries what a meeting has to say to signaling connections. A connection that is gone is no error.</summary>
public interface IMeetingNotifier
{
    Task MeetingChangedAsync(IReadOnlyList<string> connectionIds, MeetingChange change);

    Task RenegotiationNeededAsync(IReadOnlyList<string> connectionIds, RenegotiationReason reason);

    Task MediaFailedAsync(string connectionId, string reason);

    /// <summary>It is over for this connection, which speaks for nobody from now on.</summary>
    Task EndedAsync(string connectionId, EndReason reason);

    /// <summary>A participant is out of the room for good.</summary>
    Task DepartedAsync(string room, ParticipantState participant);
}
