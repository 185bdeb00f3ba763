using Pendopo.Signaling;

namespace Pendopo.Server.Media;

/// <summary>
/// To whom each shared screen is delivered, by the seats that the media plane told. Seats change often while people come and lines waver, so changes are
/// kept until they are taken.
/// </summary>
internal sealed class ShareDeliveries
{
    private readonly Lock _lock = new();

    /// <summary>By room: seats change in all meetings all the time, and those of one are nothing to the others.</summary>
    private readonly Dictionary<string, RoomDeliveries> _rooms = [];

    /// <summary>The receiver's seats are these now.</summary>
    public void Note(string room, string receiver, SeatMap seats)
    {
        var shown = seats.Seats.Where(seat => seat is { Source: MediaSource.Screen, Pause: PauseReason.None }).Select(seat => seat.ParticipantId).ToHashSet();
        lock (_lock)
        {
            if (shown.Count == 0 && !_rooms.ContainsKey(room)) return;
            var audiences = Room(room).Audiences;
            foreach (var (sharer, audience) in audiences)
            {
                if (!shown.Contains(sharer)) audience.Receivers.Remove(receiver);
            }

            foreach (var sharer in shown)
            {
                if (!audiences.TryGetValue(sharer, out var audience)) audiences.Add(sharer, audience = new Audience());
                audience.Receivers.Add(receiver);
            }
        }
    }

    /// <summary>The receiver's media path fell silent, or came back.</summary>
    public void ChangePath(string room, string receiver, bool isSilent)
    {
        lock (_lock)
        {
            if (isSilent) Room(room).Silent.Add(receiver);
            else if (_rooms.TryGetValue(room, out var deliveries)) deliveries.Silent.Remove(receiver);
            DropEmpty(room);
        }
    }

    /// <summary>Somebody has left.</summary>
    public void Forget(string room, string participant)
    {
        lock (_lock)
        {
            if (!_rooms.TryGetValue(room, out var deliveries)) return;
            deliveries.Silent.Remove(participant);
            deliveries.Audiences.Remove(participant);
            foreach (var audience in deliveries.Audiences.Values) audience.Receivers.Remove(participant);
            DropEmpty(room);
        }
    }

    /// <summary>What those who share do not know yet. Who has no connection now is told by the next one, which knows nothing.</summary>
    /// <param name="connectionOf">The connection that speaks for a participant; null: none.</param>
    public IReadOnlyList<(string Connection, ShareDelivery Delivery)> Take(Func<string, string, string?> connectionOf)
    {
        List<(string, ShareDelivery)> news = [];
        lock (_lock)
        {
            foreach (var (room, deliveries) in _rooms)
            {
                foreach (var (sharer, audience) in deliveries.Audiences)
                {
                    if (connectionOf(room, sharer) is not { } connection) continue;
                    string[] receivers = [.. audience.Receivers.Where(receiver => !deliveries.Silent.Contains(receiver)).Order(StringComparer.Ordinal)];
                    if (connection != audience.Connection || !receivers.SequenceEqual(audience.Told)) news.Add((connection, new ShareDelivery(receivers)));
                    (audience.Connection, audience.Told) = (connection, receivers);
                    // The dictionary may be emptied while it is gone through, and not filled.
                    if (audience.Receivers.Count == 0) deliveries.Audiences.Remove(sharer);
                }

                DropEmpty(room);
            }
        }

        return news;
    }

    private RoomDeliveries Room(string room)
    {
        if (!_rooms.TryGetValue(room, out var deliveries)) _rooms.Add(room, deliveries = new RoomDeliveries());
        return deliveries;
    }

    private void DropEmpty(string room)
    {
        if (_rooms.TryGetValue(room, out var deliveries) && deliveries is { Audiences.Count: 0, Silent.Count: 0 }) _rooms.Remove(room);
    }

    private sealed class RoomDeliveries
    {
        public Dictionary<string, Audience> Audiences { get; } = [];

        /// <summary>Receivers whose path fell silent: their seats stay bound, but nothing arrives.</summary>
        public HashSet<string> Silent { get; } = [];
    }

    private sealed class Audience
    {
        public HashSet<string> Receivers { get; } = [];

        /// <summary>Whom the sharer was told last, and on which connection.</summary>
        public IReadOnlyList<string> Told { get; set; } = [];

        public string? Connection { get; set; }
    }
}
