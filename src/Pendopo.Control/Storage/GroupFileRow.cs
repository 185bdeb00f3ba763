namespace Pendopo.Control.Storage;

/// <summary>A piece of a file that members of a meeting gave to each other. The bytes are opaque here: the key is in the members' hands.</summary>
public sealed class GroupFileRow
{
    /// <summary>Part 0: written last, and without bytes, so a file that has it is whole.</summary>
    public const int Seal = 0;

    /// <summary>Whose file.</summary>
    public required string Room { get; init; }

    /// <summary>Random, and all that the server knows a file by.</summary>
    public required string Name { get; init; }

    /// <summary>1 and up in the order of the bytes, or <see cref="Seal"/>.</summary>
    public required int Part { get; init; }

    /// <summary>Length of <see cref="Bytes"/>, to be summed without reading them; of the seal the length of the whole file.</summary>
    public required long Size { get; init; }

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    public required long At { get; init; }

    public required byte[] Bytes { get; init; }
}
