using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Framing;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Grains;

/// <summary>Carries what a meeting has to say to signaling connections. A connection that is gone is no error.</summary>
public interface IMeetingNotifier
{
    Task MeetingChangedAsync(IReadOnlyList<string> connectionIds, MeetingChange change);

    Task CodecsChangedAsync(IReadOnlyList<string> connectionIds, IReadOnlyList<VideoCodec> codecs);

    Task MediaFailedAsync(string connectionId, string reason);

    /// <summary>It is over for this connection, which speaks for nobody from now on.</summary>
    Task EndedAsync(string connectionId, EndReason reason);

    /// <summary>News of an encrypted meeting's group.</summary>
    Task GroupChangedAsync(GroupEvent news);

    /// <summary>A member's signal, for other members. A digest is for those only to whom the media server forwards the sender.</summary>
    Task SignaledAsync(string room, ParticipantState sender, SignalType type, IReadOnlyList<ParticipantState> members, string signal);

    /// <summary>A participant is out of the room for good.</summary>
    Task DepartedAsync(string room, ParticipantState participant);
}
