using System.Text.RegularExpressions;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Architecture.Tests;

/// <summary>Tables in docs say which tests prove the encryption, and that failings of others are not ours: a test that is renamed, moved or deleted is found here.</summary>
public sealed partial class ProofTableTests
{
    private const string Failures = "docs/failures.md";

    [Theory]
    [InlineData("docs/e2ee-proofs.md")]
    [InlineData(Failures)]
    public void Every_proof_is_a_test_in_the_file_that_the_table_names(string table)
    {
        var proofs = RowsOf(table);
        Assert.True(proofs.Count > 0, $"{table} has no rows");
        Rule.HasNoOffenders(proofs.SelectMany(row => Offences(table, row)));
    }

    /// <summary>Those that the meeting people hold, from joining to leaving, must answer for: none may be lost when the table is edited.</summary>
    [Fact]
    public void Every_failing_that_meetings_answer_for_has_a_row()
    {
        var numbers = RowsOf(Failures).SelectMany(row => NumberPattern().Matches(row.Split('|')[1]).Select(match => int.Parse(match.Value, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Empty(((int[])[9, 10, 11, 12, 13, 15, 16, 17, 19, 20, 21, 22, 27]).Except(numbers));
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

    private static List<string> RowsOf(string table) =>
        [.. File.ReadAllLines(Path.Combine(Repository.Root, table)).Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.EndsWith("| Proved by |", StringComparison.Ordinal))];

    private static IEnumerable<string> Offences(string table, string row)
    {
        var cells = row.Split('|', StringSplitOptions.TrimEntries);
        var files = cells.Length == 4 ? FilePattern().Matches(cells[2]) : null;
        if (files is not { Count: > 0 })
        {
            yield return $"{table}: no proof in: {row}";
            yield break;
        }

        foreach (Match match in files)
        {
            var file = match.Groups["file"].Value;
            var path = Path.Combine(Repository.Root, file);
            if (!File.Exists(path))
            {
                yield return $"{table}: {file} does not exist: {cells[1]}";
                continue;
            }

            var lines = File.ReadAllLines(path);
            foreach (Capture test in match.Groups["test"].Captures)
            {
                if (!IsDeclared(lines, file, test.Value)) yield return $"{table}: {file} has no test “{test.Value}”: {cells[1]}";
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

    // A number of a failing, at the beginning or behind “and”.
    [GeneratedRegex(@"\d+(?=:)")]
    private static partial Regex NumberPattern();

    // [name](../path) *test*, *test*
    [GeneratedRegex(@"\]\(\.\./(?<file>[^)]+)\)(?:,? \*(?<test>[^*]+)\*)+")]
    private static partial Regex FilePattern();
}
