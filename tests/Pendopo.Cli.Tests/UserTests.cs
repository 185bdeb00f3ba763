using Pendopo.Cli.Commands;
using Xunit;

namespace Pendopo.Cli.Tests;

public sealed class UserTests : IDisposable
{
    private readonly FakeServer _server = new();

    [Fact]
    public async Task It_prints_the_link_with_whom_it_is_for_and_how_long()
    {
        _server.WriteToken();
        var (code, output, _, asked) = await RunAsync(
            "200 OK", """{"link":"https://meet.example.test/register#abc","purpose":"recovery","name":"Sri","expiresAt":1790000000000,"settingsOrigin":null}""", "--account", "Sri");
        Assert.Equal(0, code);
        Assert.Contains("\n    https://meet.example.test/register#abc", output, StringComparison.Ordinal);
        Assert.Contains("signs in as Sri", output, StringComparison.Ordinal);
        Assert.DoesNotContain("--move-origin", output, StringComparison.Ordinal);
        Assert.StartsWith("POST /operator/recovery HTTP/1.1", asked, StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer secret-of-the-operator\r\n", asked, StringComparison.Ordinal);
        Assert.Contains("""{"account":"Sri","moveOrigin":false}""", asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_when_the_settings_name_another_origin_and_moves_there_when_told()
    {
        _server.WriteToken();
        var (_, output, _, asked) = await RunAsync(
            "200 OK", """{"link":"http://localhost:8080/register#abc","purpose":"firstAdministrator","name":null,"expiresAt":1790000000000,"settingsOrigin":"https://meet.example.test"}""",
            "--move-origin");
        Assert.Contains("first administrator", output, StringComparison.Ordinal);
        Assert.Contains("The settings name https://meet.example.test", output, StringComparison.Ordinal);
        Assert.Contains("""{"account":null,"moveOrigin":true}""", asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("404 Not Found", "", 1, "no such account")]
    [InlineData("409 Conflict", """{"accounts":[{"id":"AAECAwQFBgcICQoLDA0ODw","name":"Budi"}]}""", 1, "AAECAwQFBgcICQoLDA0ODw  Budi")]
    [InlineData("403 Forbidden", "", 2, "--data")]
    [InlineData("503 Oh", "", 2, "503")]
    public async Task A_refusal_is_said_in_words_and_by_the_exit_code(string status, string body, int expected, string words)
    {
        _server.WriteToken();
        var (code, output, errors, _) = await RunAsync(status, body);
        Assert.Equal((expected, ""), (code, output));
        Assert.Contains(words, errors, StringComparison.Ordinal);
    }

    public void Dispose() => _server.Dispose();

    private Task<(int Code, string Output, string Errors, string Asked)> RunAsync(string status, string body, params string[] arguments) =>
        _server.RunAsync(UserCommand.Create(), status, body, ["recover", .. arguments]);
}
