namespace Pendopo.Control.Storage;

/// <summary>One entry of the log of a meeting's group. The message is opaque here.</summary>
public sealed class GroupEntryRow
{
    /// <summary>Whose log.</summary>
    public required string Room { get; init; }

    public required int Generation { get; init; }

    /// <summary>Number of the entry, without gaps.</summary>
    public required long Entry { get; init; }

    /// <summary>Commit or message, by name.</summary>
    public required string Kind { get; init; }

    public required long Epoch { get; init; }

    /// <summary>Who posted it.</summary>
    public required int Leaf { get; init; }

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    public required long At { get; init; }

    public required byte[] Bytes { get; init; }
}
