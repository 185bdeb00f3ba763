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
/// Which connection speaks for which participant in this process, and the last seats and layer demands that the media plane
/// told, so that a client that comes back learns them.
/// </summary>
internal sealed class ConnectionRegistry
{
    private readonly ConcurrentDictionary<string, Place> _places = new();
    private readonly ConcurrentDictionary<(string Room, string Peer), string> _connections = new();
    private readonly ConcurrentDictionary<(string Room, string Peer), SeatMap> _seats = new();
    private readonly ConcurrentDictionary<(string Room, string Peer, MediaSource Source), LayerDemand> _demands = new();

    /// <summary>Connections that speak for somebody.</summary>
    public int Count => _places.Count;

    public Place? PlaceOf(string connectionId) => _places.GetValueOrDefault(connectionId);

    public string? ConnectionOf(string room, string peer) => _connections.GetValueOrDefault((room, peer));

    public IReadOnlyList<string> ConnectionsOf(string room) => [.. _connections.Where(pair => pair.Key.Room == room).Select(pair => pair.Value)];

    public SeatMap? SeatsOf(Place place) => _seats.GetValueOrDefault((place.Room, place.Participant.Value));

    public void Register(string connectionId, Place place)
    {
        _places[connectionId] = place;
        _connections[(place.Room, place.Participant.Value)] = connectionId;
    }

    /// <summary>The connection speaks for nobody any more. Returns the place that it held.</summary>
    public Place? Release(string connectionId)
    {
        if (!_places.TryRemove(connectionId, out var place)) return null;
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
