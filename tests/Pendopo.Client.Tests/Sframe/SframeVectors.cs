using System.Text.Json;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Client.Tests.Sframe;

/// <summary>Reads the SFrame working group's test vectors.</summary>
internal static class SframeVectors
{
    /// <summary>The cases under one name in a file; the test says skipped where the folder is missing.</summary>
    public static IReadOnlyList<JsonElement> Read(string file, string name)
    {
        var path = Repository.Vector($"sframe/{file}");
        if (path is null) Assert.Skip($"The test vectors sframe/{file} are not beside the repository.");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var cases = document.RootElement.GetProperty(name).EnumerateArray().Select(element => element.Clone()).ToList();
        Assert.NotEmpty(cases);
        return cases;
    }

    public static byte[] Hex(this JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    public static ulong Number(this JsonElement element, string name) => element.GetProperty(name).GetUInt64();
}
