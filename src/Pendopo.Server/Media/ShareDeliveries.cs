using Pendopo.Signaling;

namespace Pendopo.Server.Media;

/// <summary>
/// To whom each shared screen is delivered, by the seats that the media plane told. Seats change often while people come and lines waver, so changes are
/// kept until they are taken.
/// </summary>
internal sealed class ShareDeliveries
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Room, string Sharer), Audience> _audiences = [];

    /// <summary>Receivers whose path fell silent: their seats stay bound, but nothing arrives.</summary>
    private readonly HashSet<(string Room, string Receiver)> _silent = [];

    /// <summary>The receiver's seats are these now.</summary>
    public void Note(string room, string receiver, SeatMap seats)
    {
        var shown = seats.Seats.Where(seat => seat is { Source: MediaSource.Screen, Pause: PauseReason.None }).Select(seat => seat.ParticipantId).ToHashSet();
        lock (_lock)
        {
            foreach (var ((other, sharer), audience) in _audiences)
            {
                if (other == room && !shown.Contains(sharer)) audience.Receivers.Remove(receiver);
            }

            foreach (var sharer in shown)
            {
                if (!_audiences.TryGetValue((room, sharer), out var audience)) _audiences.Add((room, sharer), audience = new Audience());
                audience.Receivers.Add(receiver);
            }
        }
    }

    /// <summary>The receiver's media path fell silent, or came back.</summary>
    public void ChangePath(string room, string receiver, bool isSilent)
    {
        lock (_lock)
        {
            if (isSilent) _silent.Add((room, receiver));
            else _silent.Remove((room, receiver));
        }
    }

    /// <summary>Somebody has left.</summary>
    public void Forget(string room, string participant)
    {
        lock (_lock)
        {
            _silent.Remove((room, participant));
            _audiences.Remove((room, participant));
            foreach (var ((other, _), audience) in _audiences)
            {
                if (other == room) audience.Receivers.Remove(participant);
            }
        }
    }

    /// <summary>What those who share do not know yet. Who has no connection now is told by the next one, which knows nothing.</summary>
    /// <param name="connectionOf">The connection that speaks for a participant; null: none.</param>
    public IReadOnlyList<(string Connection, ShareDelivery Delivery)> Take(Func<string, string, string?> connectionOf)
    {
        List<(string, ShareDelivery)> news = [];
        lock (_lock)
        {
            foreach (var (key, audience) in _audiences.ToList())
            {
                string[] receivers = [.. audience.Receivers.Where(receiver => !_silent.Contains((key.Room, receiver))).Order(StringComparer.Ordinal)];
                if (connectionOf(key.Room, key.Sharer) is not { } connection) continue;
                if (connection != audience.Connection || !receivers.SequenceEqual(audience.Told)) news.Add((connection, new ShareDelivery(receivers)));
                (audience.Connection, audience.Told) = (connection, receivers);
                if (audience.Receivers.Count == 0) _audiences.Remove(key);
            }
        }

        return news;
    }

    private sealed class Audience
    {
        public HashSet<string> Receivers { get; } = [];

        /// <summary>Whom the sharer was told last, and on which connection.</summary>
        public IReadOnlyList<string> Told { get; set; } = [];

        public string? Connection { get; set; }
    }
}
