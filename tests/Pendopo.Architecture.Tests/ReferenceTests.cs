using System.Xml.Linq;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Architecture.Tests;

/// <summary>Which project may know which. The table is the architecture; a new reference is a decision, made here in the open.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Rtc"] = [],
        ["Sfu"] = ["Rtc"],
        ["Mls"] = [],
        ["Signaling"] = [],
        ["Meetings"] = ["Signaling"],
        ["Control"] = [],
        ["Console"] = ["Control"],
        ["Server"] = ["Rtc", "Sfu", "Mls", "Signaling", "Meetings", "Control", "Console"],
        ["Client"] = ["Signaling", "Rtc", "Mls"],
        ["Evidence"] = [],
        ["Cli"] = ["Client", "Server", "Evidence"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_exactly_what_the_design_gives_it(string project)
    {
        var references = ReferencesOf(Path.Combine(Repository.Root, "src", $"Pendopo.{project}", $"Pendopo.{project}.csproj"));
        Assert.Equal(Allowed[project].Select(name => $"Pendopo.{name}").Order(StringComparer.Ordinal), references);
    }

    [Fact]
    public void Every_project_under_src_stands_in_the_table()
    {
        var found = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path));
        Assert.Equal(
            Allowed.Keys.Select(name => $"Pendopo.{name}").Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_product_project_references_a_test_project()
    {
        var offenders = SourceTree.Files("src", ".csproj")
            .Where(file => file.Lines.Any(line => line.Contains("ProjectReference", StringComparison.Ordinal)
                && line.Contains("/tests/", StringComparison.Ordinal)));
        Rule.HasNoOffenders(offenders.Select(file => file.Path));
    }

    [Theory]
    [InlineData("Common")]
    [InlineData("Core")]
    [InlineData("Shared")]
    [InlineData("Utils")]
    public void No_project_has_a_name_that_says_nothing(string name)
    {
        var projects = SourceTree.Files(".", ".csproj").Select(file => Path.GetFileNameWithoutExtension(file.Path));
        Assert.DoesNotContain(projects, project => project.Split('.').Contains(name, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void The_solution_holds_every_project()
    {
        var listed = XDocument.Load(Path.Combine(Repository.Root, "Pendopo.slnx")).Descendants("Project")
            .Select(project => (string?)project.Attribute("Path"));
        Assert.Equal(SourceTree.Files(".", ".csproj").Select(file => file.Path), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Package_versions_stand_in_one_place()
    {
        var offenders = SourceTree.Files(".", ".csproj")
            .Where(file => XDocument.Load(Path.Combine(Repository.Root, file.Path)).Descendants("PackageReference")
                .Any(package => package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null));
        Rule.HasNoOffenders(offenders.Select(file => file.Path));
    }

    [Fact]
    public void A_project_with_code_has_tests()
    {
        var untested = Allowed.Keys
            .Where(name => SourceTree.Files($"src/Pendopo.{name}", ".cs", ".razor").Count > 0)
            .Where(name => SourceTree.Files($"tests/Pendopo.{name}.Tests", ".cs").Count == 0);
        Rule.HasNoOffenders(untested);
    }

    private static IEnumerable<string> ReferencesOf(string project) =>
        XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')))
            .Order(StringComparer.Ordinal);
}
