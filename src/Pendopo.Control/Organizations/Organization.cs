namespace Pendopo.Control.Organizations;

/// <summary>
/// A node of the tree of institutions: a ministry, a directorate, an office. The path holds the ids from the root to the node,
/// so that "everything below" is one comparison of text in any database.
/// </summary>
public sealed class Organization
{
    /// <summary>Longest name in characters.</summary>
    public const int NameMaximum = 120;

    /// <summary>Levels below the root. Real institutions have about six; the limit keeps a path within 512 characters.</summary>
    public const int DeepestLevel = 12;

    private const char Separator = '/';

    private Organization()
    {
    }

    public Guid Id { get; private init; }

    public string Name { get; private set; } = "";

    public Guid? ParentId { get; private init; }

    /// <summary>Ids in hexadecimal, from the root to this one, each followed by a slash.</summary>
    public string Path { get; private init; } = "";

    /// <summary>0 for a root.</summary>
    public int Level => Path.AsSpan().Count(Separator) - 1;

    /// <summary>Makes a node below a parent, or a root.</summary>
    public static ControlError TryCreate(Guid id, string name, Organization? parent, out Organization? organization)
    {
        organization = null;
        if (!TryNormalize(name, out var normalized)) return ControlError.InvalidName;
        if (parent is not null && parent.Level >= DeepestLevel) return ControlError.TooDeep;
        organization = new Organization { Id = id, Name = normalized, ParentId = parent?.Id, Path = $"{parent?.Path}{id:N}{Separator}" };
        return ControlError.None;
    }

    /// <summary>True if this node is the other or lies above it.</summary>
    public bool Contains(Organization other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Path.StartsWith(Path, StringComparison.Ordinal);
    }

    public ControlError TryRename(string name)
    {
        if (!TryNormalize(name, out var normalized)) return ControlError.InvalidName;
        Name = normalized;
        return ControlError.None;
    }

    /// <summary>Trims and checks a name. Characters that cannot be seen would let two names look alike.</summary>
    internal static bool TryNormalize(string? name, out string normalized)
    {
        normalized = name?.Trim().Normalize() ?? "";
        return normalized.Length is > 0 and <= NameMaximum && !normalized.Any(character => char.IsControl(character)
            || char.GetUnicodeCategory(character) == System.Globalization.UnicodeCategory.Format);
    }
}
