namespace Pendopo.Control.Storage;

/// <summary>One stored state. The payload is opaque here; who wrote it knows its form.</summary>
public sealed class GrainStateRow
{
    /// <summary>Which kind of state.</summary>
    public required string Kind { get; init; }

    /// <summary>Whose state.</summary>
    public required string Id { get; init; }

    public required string Payload { get; set; }

    /// <summary>Changes with every write; a writer must know the one it replaces.</summary>
    public required string Version { get; set; }

    /// <summary>Milliseconds since 1970-01-01 UTC of the last write, for the sweeping of what nobody needs.</summary>
    public required long ModifiedAt { get; set; }
}
