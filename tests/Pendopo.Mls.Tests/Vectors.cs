using System.Text.Json;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Mls.Tests;

/// <summary>Reads the MLS working group's test vectors.</summary>
internal static class Vectors
{
    /// <summary>The cases of one file; the test says skipped where the folder is missing.</summary>
    public static IReadOnlyList<JsonElement> Read(string file)
    {
        var path = Repository.Vector($"mls/{file}");
        if (path is null) Assert.Skip($"The test vectors mls/{file} are not beside the repository.");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var cases = document.RootElement.EnumerateArray().Select(element => element.Clone()).ToList();
        Assert.NotEmpty(cases);
        return cases;
    }

    public static byte[] Hex(this JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static uint Number(this JsonElement element, string name) => element.GetProperty(name).GetUInt32();
}
