using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Grains;

/// <summary>Keeps the messages of groups' logs: the last <see cref="EpochLog.Kept"/> of each meeting's living generation.</summary>
public interface IGroupLogStore
{
    /// <summary>The heads of all that is kept, in order.</summary>
    Task<IReadOnlyList<LogHeader>> LoadAsync(string room, int generation);

    /// <summary>Consecutive entries, both ends included.</summary>
    Task<IReadOnlyList<LogEntry>> ReadAsync(string room, int generation, long first, long last);

    /// <summary>Adds an entry that changes nothing else of the meeting.</summary>
    Task AppendAsync(string room, LogEntry entry);
}

/// <summary>A state that is stored together with a change of its group's log: both or neither.</summary>
public interface IStoredWithLog
{
    /// <summary>Null: the log stays as it is.</summary>
    GroupLogChange? LogChange { get; }
}

/// <param name="IsDropped">All that was there before is deleted.</param>
/// <param name="Appended">In order.</param>
public sealed record GroupLogChange(string Room, bool IsDropped, IReadOnlyList<LogEntry> Appended);
