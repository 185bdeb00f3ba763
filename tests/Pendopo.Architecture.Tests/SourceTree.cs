using Pendopo.Testing;

namespace Pendopo.Architecture.Tests;

/// <summary>The repository's own files: no products of a build, no installed packages.</summary>
internal static class SourceTree
{
    private static readonly string[] Products = ["bin", "obj", "node_modules", "dist", "TestResults", "artifacts"];

    /// <summary>Files below a folder of the repository, by extension; the empty list where the folder does not exist.</summary>
    public static IReadOnlyList<SourceFile> Files(string folder, params string[] extensions)
    {
        var start = Path.Combine(Repository.Root, folder);
        if (!Directory.Exists(start)) return [];
        return [.. Walk(start)
            .Where(path => extensions.Contains(Path.GetExtension(path)))
            .Select(path => new SourceFile(Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')))
            .OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder)) yield return file;
        foreach (var child in Directory.EnumerateDirectories(folder))
        {
            if (Products.Contains(Path.GetFileName(child))) continue;
            foreach (var file in Walk(child)) yield return file;
        }
    }
}

/// <param name="Path">Relative to the repository, with forward slashes.</param>
internal sealed record SourceFile(string Path)
{
    private string[]? _lines;

    public IReadOnlyList<string> Lines => _lines ??= File.ReadAllLines(System.IO.Path.Combine(Repository.Root, Path));

    /// <summary>Each line that holds one of the given words, as <c>path:line: text</c>.</summary>
    public IEnumerable<string> LinesWith(params string[] words) =>
        Lines.Index()
            .Where(line => words.Any(word => line.Item.Contains(word, StringComparison.Ordinal)))
            .Select(line => $"{Path}:{line.Index + 1}: {line.Item.Trim()}");
}
