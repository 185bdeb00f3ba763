using Pendopo.Testing;
using Xunit;

namespace Pendopo.Signaling.Tests.TypeScript;

public sealed class ContractTests
{
    /// <summary>Set by <c>make contract</c>: the test then writes the file in place of comparing it.</summary>
    private const string WriteVariable = "PENDOPO_WRITE_CONTRACT";

    private static readonly string ContractPath = Path.Combine(Repository.Root, "web", "src", "signaling", "contract.ts");

    [Fact]
    public void The_committed_typescript_contract_is_what_the_csharp_contract_says()
    {
        var expected = ContractWriter.Write(typeof(IMeetingHub).Assembly);
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(ContractPath)!);
            File.WriteAllText(ContractPath, expected);
        }

        var committed = File.Exists(ContractPath) ? File.ReadAllText(ContractPath) : "";
        Assert.True(
            expected == committed,
            $"web/src/signaling/contract.ts has drifted from src/Pendopo.Signaling. Regenerate it: make contract ({WriteVariable}=1 dotnet test tests/Pendopo.Signaling.Tests)");
    }

    [Fact]
    public void Every_kind_of_declaration_is_written_in_its_typescript_form()
    {
        var text = ContractWriter.Write(typeof(IMeetingHub).Assembly);

        Assert.Contains("export type VideoCodec = 'vp8' | 'vp9' | 'av1' | 'h264';", text, StringComparison.Ordinal);
        Assert.Contains("  readonly offer: Offer | null;", text, StringComparison.Ordinal);
        Assert.Contains("  readonly videoCodecs?: readonly VideoCodec[] | null;", text, StringComparison.Ordinal);
        Assert.Contains("  setView(view: readonly ViewItem[]): Promise<Outcome>;", text, StringComparison.Ordinal);
        Assert.Contains("  speakersChanged(participants: readonly string[]): void;", text, StringComparison.Ordinal);
        Assert.Contains("  hubPath: '/hubs/meeting',", text, StringComparison.Ordinal);
    }
}
