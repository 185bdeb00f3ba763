using Pendopo.Sfu.Statistics;

namespace Pendopo.Sfu;

/// <summary>What the server tells of itself.</summary>
public sealed partial class MediaServer
{
    /// <summary>The rooms that have peers now.</summary>
    public async ValueTask<IReadOnlyList<RoomSummary>> GetRoomsAsync(CancellationToken cancellation = default)
    {
        var peers = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var thread in _threads)
        {
            var worker = thread.Worker;
            var rooms = await InvokeAsync(worker, _ => worker.Rooms.Select(static room => new RoomSummary(room.Id, room.Peers.Count)).ToList(), cancellation).ConfigureAwait(false);
            foreach (var room in rooms) peers[room.Room] = peers.GetValueOrDefault(room.Room) + room.Peers;
        }

        return [.. peers.Select(static room => new RoomSummary(room.Key, room.Value))];
    }

    /// <summary>What flows in a room now; null when no worker has it. Workers are asked one after the other, so their moments differ by less than a tick.</summary>
    public async ValueTask<RoomStatistics?> GetStatisticsAsync(string room, CancellationToken cancellation = default)
    {
        List<PeerStatistics>? all = null;
        foreach (var thread in _threads)
        {
            var worker = thread.Worker;
            var peers = await InvokeAsync(
                worker, now => worker.FindRoom(room) is { } found ? StatisticsReader.Read(now, found, worker.Index) : null, cancellation).ConfigureAwait(false);
            if (peers is not null) (all ??= []).AddRange(peers);
        }

        return all is null ? null : new RoomStatistics(room, all);
    }
}
