using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain.Groups;

/// <param name="Size">Bytes of the message.</param>
public sealed record LogHeader(long Entry, LogKind Kind, long Epoch, int Leaf, long At, int Size);

/// <summary>
/// The heads of a generation's log: entries 1, 2, … without gaps, of which the last ones are kept (docs/e2ee.md §10). The messages themselves are in the
/// log's store.
/// </summary>
public sealed record EpochLog(IReadOnlyList<LogHeader> Headers)
{
    /// <summary>Entries that are kept: who is further behind comes back as a new leaf, which costs less than replaying.</summary>
    public const int Kept = 512;

    /// <summary>How far behind somebody may be, so that a page that was found is still there when it is read.</summary>
    public const int BehindMaximum = 500;

    /// <summary>Epochs before the current one in which application messages are still taken: the members' library keeps the keys of four.</summary>
    public const int MessageEpochs = 3;

    public static EpochLog Empty { get; } = new([]);

    /// <summary>Number of the last entry; 0: none.</summary>
    public long Last => Headers.Count == 0 ? 0 : Headers[^1].Entry;

    public EpochLog Append(LogKind kind, long epoch, int leaf, DateTimeOffset now, int size) =>
        new([.. Headers.Skip(Math.Max(0, Headers.Count + 1 - Kept)), new LogHeader(Last + 1, kind, epoch, leaf, now.ToUnixTimeMilliseconds(), size)]);

    /// <summary>The page that follows an entry: its first and last number. Empty (last before first) at the end; null: the log does not reach back so far.</summary>
    public (long First, long Last)? PageAfter(long entry)
    {
        if (entry < 0 || entry > Last || Last - entry > BehindMaximum) return null;
        if (entry == Last) return (entry + 1, entry);
        var start = Headers.Count - (int)(Last - entry);
        if (start < 0) return null;
        var end = start;
        long bytes = Headers[start].Size;
        while (end + 1 < Headers.Count && end + 1 - start < SignalingContract.LogPageEntries && bytes + Headers[end + 1].Size <= SignalingContract.LogPageBytes)
        {
            bytes += Headers[++end].Size;
        }

        return (Headers[start].Entry, Headers[end].Entry);
    }
}
