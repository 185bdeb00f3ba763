using Pendopo.Testing;
using Xunit;

namespace Pendopo.Architecture.Tests;

/// <summary>
/// Exceptions to a rule, one per line: <c>what | reason</c>. An exception without a reason, or one that nothing needs any more,
/// fails the test, so that the lists stay short.
/// </summary>
internal sealed class AllowList
{
    private readonly string _name;
    private readonly Dictionary<string, string> _reasons = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    private AllowList(string name) => _name = name;

    public static AllowList Read(string name)
    {
        var list = new AllowList(name);
        foreach (var line in File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Pendopo.Architecture.Tests", name)))
        {
            if (line.Trim().Length == 0 || line.StartsWith('#')) continue;
            var parts = line.Split('|', 2, StringSplitOptions.TrimEntries);
            Assert.True(parts.Length == 2 && parts[1].Length > 0, $"{name}: a reason is missing: {line}");
            list._reasons.Add(parts[0], parts[1]);
        }

        return list;
    }

    /// <summary>True if the list names this very thing.</summary>
    public bool Allows(string what)
    {
        if (!_reasons.ContainsKey(what)) return false;
        _used.Add(what);
        return true;
    }

    /// <summary>True if the list names the beginning of this thing.</summary>
    public bool AllowsBeginningOf(string what)
    {
        var entry = _reasons.Keys.FirstOrDefault(key => what.StartsWith(key, StringComparison.Ordinal));
        return entry is not null && Allows(entry);
    }

    /// <summary>Entries that were asked for by nobody.</summary>
    public IEnumerable<string> Stale => _reasons.Keys.Except(_used).Select(entry => $"{_name}: nothing needs this entry any more: {entry}");
}
