namespace Pendopo.Sfu.Workers;

/// <summary>
/// Which worker a peer connects to. A room stays on one worker while that can carry it, since nothing is passed on then; a peer that comes
/// back finds its place again. Thread-safe.
/// </summary>
/// <param name="workers">How many there are.</param>
/// <param name="peersPerWorker">Peers of one room on one worker before further ones go to another.</param>
internal sealed class WorkerPlacement(int workers, int peersPerWorker)
{
    /// <summary>A worker that is busier takes nobody new while another is not: joins are measured a few hundred milliseconds late.</summary>
    private const double Busy = 0.6;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Dictionary<string, int>> _rooms = [];
    private readonly int[] _peers = new int[workers];

    /// <param name="room">The peer's room.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="busy">Part of the time that a worker works, 0–1.</param>
    public int Place(string room, string peer, Func<int, double> busy)
    {
        lock (_lock)
        {
            if (!_rooms.TryGetValue(room, out var placed)) _rooms[room] = placed = [];
            if (placed.TryGetValue(peer, out var known)) return known;
            var worker = Choose(placed, busy);
            placed[peer] = worker;
            _peers[worker]++;
            return worker;
        }
    }

    public bool TryFind(string room, string peer, out int worker)
    {
        lock (_lock)
        {
            worker = 0;
            return _rooms.TryGetValue(room, out var placed) && placed.TryGetValue(peer, out worker);
        }
    }

    public void Remove(string room, string peer)
    {
        lock (_lock)
        {
            if (!_rooms.TryGetValue(room, out var placed) || !placed.Remove(peer, out var worker)) return;
            _peers[worker]--;
            if (placed.Count == 0) _rooms.Remove(room);
        }
    }

    public void RemoveRoom(string room)
    {
        lock (_lock)
        {
            if (!_rooms.Remove(room, out var placed)) return;
            foreach (var worker in placed.Values) _peers[worker]--;
        }
    }

    private int Choose(Dictionary<string, int> placed, Func<int, double> busy)
    {
        Span<int> ofRoom = stackalloc int[workers];
        foreach (var worker in placed.Values) ofRoom[worker]++;
        var best = 0;
        var bestRank = (int.MaxValue, int.MaxValue, int.MaxValue);
        for (var worker = 0; worker < workers; worker++)
        {
            // First one that has the room and can take more of it, then a free one, then whoever has the fewest.
            var isFree = busy(worker) < Busy;
            var kind = isFree && ofRoom[worker] > 0 && ofRoom[worker] < peersPerWorker ? 0 : isFree && ofRoom[worker] == 0 ? 1 : 2;
            var rank = (kind, kind == 2 ? ofRoom[worker] : 0, _peers[worker]);
            if (rank.CompareTo(bestRank) >= 0) continue;
            (best, bestRank) = (worker, rank);
        }

        return best;
    }
}
