using Pendopo.Signaling;

namespace Pendopo.Client;

/// <summary>What became of a change.</summary>
public enum RosterStep
{
    Applied,

    /// <summary>Older than what is known: nothing happened.</summary>
    Old,

    /// <summary>Came before the whole did: kept until <see cref="Roster.Reset"/>.</summary>
    Early,

    /// <summary>One before it is missing: the whole must be asked for.</summary>
    Missed,
}

/// <summary>The participants by revision. Pure: it knows no connection.</summary>
public sealed class Roster
{
    // A server sends changes as soon as one has joined, so some overtake the answer to the join.
    private readonly List<MeetingChange> _early = [];
    private readonly Dictionary<string, Participant> _byId = new(StringComparer.Ordinal);

    public long Revision { get; private set; } = -1;

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<Participant> Participants =>
        [.. _byId.Values.OrderBy(participant => participant.JoinedAt).ThenBy(participant => participant.Id, StringComparer.Ordinal)];

    /// <summary>Takes the whole. An older snapshot than what is known changes nothing: changes may overtake an answer.</summary>
    public void Reset(MeetingSnapshot meeting)
    {
        ArgumentNullException.ThrowIfNull(meeting);
        if (meeting.Revision < Revision) return;
        _byId.Clear();
        foreach (var participant in meeting.Participants) _byId[participant.Id] = participant;
        Revision = meeting.Revision;
        foreach (var change in _early.OrderBy(change => change.Revision)) Apply(change);
        _early.Clear();
    }

    public RosterStep Apply(MeetingChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.Revision <= Revision) return RosterStep.Old;
        if (Revision < 0)
        {
            _early.Add(change);
            return RosterStep.Early;
        }

        if (change.Revision != Revision + 1) return RosterStep.Missed;
        foreach (var id in change.Removed) _byId.Remove(id);
        foreach (var participant in change.Upserted) _byId[participant.Id] = participant;
        Revision = change.Revision;
        return RosterStep.Applied;
    }
}
