namespace Pendopo.Testing;

/// <summary>Finds files of the repository and of the folder of test vectors that may lie beside it.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>Pendopo.slnx</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file under the shared test vectors, or null where that folder is missing; tests then say "skipped".</summary>
    public static string? Vector(string relative)
    {
        var path = Path.GetFullPath(Path.Combine(Root, "..", "shared", "vectors", relative));
        return File.Exists(path) ? path : null;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pendopo.slnx"))) return folder.FullName;
        }

        throw new InvalidOperationException("Pendopo.slnx was not found above the test's folder.");
    }
}
