using System.Text.RegularExpressions;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Architecture.Tests;

/// <summary>The table of docs/e2ee-proofs.md says which tests prove the encryption: a test that is renamed, moved or deleted is found here.</summary>
public sealed partial class ProofTableTests
{
    private const string Table = "docs/e2ee-proofs.md";

    [Fact]
    public void Every_proof_of_the_encryption_is_a_test_in_the_file_that_the_table_names()
    {
        var rows = File.ReadAllLines(Path.Combine(Repository.Root, Table)).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).ToList();
        var proofs = rows.Where(row => !row.StartsWith("| Promise", StringComparison.Ordinal)).ToList();
        Assert.True(proofs.Count > 0, $"{Table} has no rows");
        Rule.HasNoOffenders(proofs.SelectMany(Offences));
    }

    [Theory]
    [InlineData("web/tests/a.test.ts", "  it('is heard', async () => {", true)]
    [InlineData("web/tests/a.test.ts", "  it.each([1, 2])('is heard', async () => {", true)]
    [InlineData("web/tests/a.test.ts", "describe('is heard', () => {", false)]
    [InlineData("web/tests/a.test.ts", "  it.skip('is heard', async () => {", false)]
    [InlineData("web/tests/a.test.ts", "  // it('is heard', async () => {", false)]
    [InlineData("web/tests/a.test.ts", "  it('is heard by all', async () => {", false)]
    [InlineData("tests/A.cs", "    public async Task Is_heard()", true)]
    [InlineData("tests/A.cs", "    public void Is_heard(string by)", true)]
    [InlineData("tests/A.cs", "    private void Is_heard()", false)]
    [InlineData("tests/A.cs", "    public void Is_heard_by_all()", false)]
    public void A_test_is_known_by_its_declaration(string file, string line, bool isOne) =>
        Assert.Equal(isOne, IsDeclared([line], file, file.EndsWith(".cs", StringComparison.Ordinal) ? "Is_heard" : "is heard"));

    private static IEnumerable<string> Offences(string row)
    {
        var cells = row.Split('|', StringSplitOptions.TrimEntries);
        var files = cells.Length == 4 ? FilePattern().Matches(cells[2]) : null;
        if (files is not { Count: > 0 })
        {
            yield return $"{Table}: no proof in: {row}";
            yield break;
        }

        foreach (Match match in files)
        {
            var file = match.Groups["file"].Value;
            var path = Path.Combine(Repository.Root, file);
            if (!File.Exists(path))
            {
                yield return $"{Table}: {file} does not exist: {cells[1]}";
                continue;
            }

            var lines = File.ReadAllLines(path);
            foreach (Capture test in match.Groups["test"].Captures)
            {
                if (!IsDeclared(lines, file, test.Value)) yield return $"{Table}: {file} has no test “{test.Value}”: {cells[1]}";
            }
        }
    }

    private static bool IsDeclared(IEnumerable<string> lines, string file, string test)
    {
        var name = Regex.Escape(test);
        var declaration = file.EndsWith(".cs", StringComparison.Ordinal)
            ? new Regex($@"^\s*public (?:async Task|void) {name}\(")
            : new Regex($@"^\s*(?:it(?:\.each\(.*\))?|\]\))\('{name}', ");
        return lines.Any(declaration.IsMatch);
    }

    // [name](../path) *test*, *test*
    [GeneratedRegex(@"\]\(\.\./(?<file>[^)]+)\)(?:,? \*(?<test>[^*]+)\*)+")]
    private static partial Regex FilePattern();
}
