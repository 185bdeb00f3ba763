using System.Collections.Concurrent;

namespace Pendopo.Server.Accounts;

/// <summary>Which hub connections of this process speak for which session, so that they end with it.</summary>
internal sealed class AccountConnections
{
    private readonly ConcurrentDictionary<string, (Guid Session, Action Abort)> _connections = new();

    public void Add(string connectionId, Guid session, Action abort) => _connections[connectionId] = (session, abort);

    public void Remove(string connectionId) => _connections.TryRemove(connectionId, out _);

    /// <summary>Ends the connections of sessions that have ended. Their clients come back as guests.</summary>
    public void Close(IEnumerable<Guid> sessions)
    {
        var ended = sessions.ToHashSet();
        foreach (var (id, connection) in _connections)
        {
            if (ended.Contains(connection.Session) && _connections.TryRemove(id, out _)) connection.Abort();
        }
    }
}
