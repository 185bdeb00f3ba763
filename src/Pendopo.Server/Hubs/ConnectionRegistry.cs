using System.Collections.Concurrent;
using Pendopo.Meetings.Domain;
using Pendopo.Signaling;

namespace Pendopo.Server.Hubs;

/// <summary>A participant's place, as one connection holds it.</summary>
internal sealed record Place(MeetingId Meeting, ParticipantId Participant)
{
    public string Room { get; } = Meeting.Key.Value;
}

/// <summary>
/// Which connection speaks for which participant in this process, which one waits in the lobby of an encrypted meeting, and the last seats and layer demands that the media plane
/// told, so that a client that comes back learns them.
/// </summary>
internal sealed class ConnectionRegistry
{
    private readonly ConcurrentDictionary<string, Place> _places = new();

    /// <summary>Places in lobbies: nothing of a meeting is ever told to whom only these name.</summary>
    private readonly ConcurrentDictionary<string, Place> _waiting = new();
    private readonly ConcurrentDictionary<(string Room, string Peer), string> _connections = new();
    private readonly ConcurrentDictionary<(string Room, string Peer), SeatMap> _seats = new();
    private readonly ConcurrentDictionary<(string Room, string Peer, MediaSource Source), LayerDemand> _demands = new();

    /// <summary>Connections that speak for somebody.</summary>
    public int Count => _places.Count + _waiting.Count;

    /// <summary>The place of somebody who is in; null also for the waiting.</summary>
    public Place? PlaceOf(string connectionId) => _places.GetValueOrDefault(connectionId);

    public string? ConnectionOf(string room, string peer) => _connections.GetValueOrDefault((room, peer));

    public IReadOnlyList<string> ConnectionsOf(string room) => [.. _connections.Where(pair => pair.Key.Room == room).Select(pair => pair.Value)];

    public SeatMap? SeatsOf(Place place) => _seats.GetValueOrDefault((place.Room, place.Participant.Value));

    /// <summary>The media plane forwards something of the sender to this peer.</summary>
    public bool Receives(string room, string peer, string sender) => _seats.GetValueOrDefault((room, peer)) is { } map
        && (map.Seats.Any(seat => seat.ParticipantId == sender) || map.Voices.Any(voice => voice.ParticipantId == sender));

    public void Register(string connectionId, Place place)
    {
        _places[connectionId] = place;
        _connections[(place.Room, place.Participant.Value)] = connectionId;
    }

    public Place? WaitingPlaceOf(string connectionId) => _waiting.GetValueOrDefault(connectionId);

    public void RegisterWaiting(string connectionId, Place place) => _waiting[connectionId] = place;

    public void ReleaseWaiting(string connectionId) => _waiting.TryRemove(connectionId, out _);

    /// <summary>Who waited is in, under this id.</summary>
    public void Promote(string connectionId, ParticipantId participant)
    {
        if (_waiting.TryRemove(connectionId, out var place)) Register(connectionId, place with { Participant = participant });
    }

    /// <summary>The connection gives this place up, unless it speaks for another by now.</summary>
    public void Release(string connectionId, Place place)
    {
        if (!_places.TryRemove(KeyValuePair.Create(connectionId, place))) return;
        _connections.TryRemove(KeyValuePair.Create((place.Room, place.Participant.Value), connectionId));
    }

    /// <summary>The connection speaks for nobody any more. Returns the place that it held, in the meeting or in its lobby.</summary>
    public Place? Release(string connectionId)
    {
        _waiting.TryRemove(connectionId, out var waiting);
        if (!_places.TryRemove(connectionId, out var place)) return waiting;
        // Another connection may have taken the place over already.
        _connections.TryRemove(KeyValuePair.Create((place.Room, place.Participant.Value), connectionId));
        return place;
    }

    public void Remember(string room, string peer, SeatMap seats) => _seats[(room, peer)] = seats;

    public void Remember(string room, string peer, LayerDemand demand) => _demands[(room, peer, demand.Source)] = demand;

    /// <summary>The last word about each of the participant's sources.</summary>
    public IEnumerable<LayerDemand> DemandsOf(Place place)
    {
        foreach (var source in Enum.GetValues<MediaSource>())
        {
            if (_demands.TryGetValue((place.Room, place.Participant.Value, source), out var demand)) yield return demand;
        }
    }

    public void Forget(string room, string peer)
    {
        _seats.TryRemove((room, peer), out _);
        foreach (var source in Enum.GetValues<MediaSource>()) _demands.TryRemove((room, peer, source), out _);
    }
}
