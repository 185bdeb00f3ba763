using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Pendopo.Cli.Commands;
using Pendopo.Cli.Commands.Diagnosis;
using Pendopo.Sfu;
using Xunit;

namespace Pendopo.Cli.Tests;

public sealed class DoctorTests
{
    [Fact]
    public void A_taken_port_is_a_fault_and_a_free_one_is_not()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.Equal(Verdict.Fault, Examine(port, "data").Single(finding => finding.Check == "http").Verdict);
        listener.Stop();
        Assert.Equal(Verdict.Good, Examine(port, "data").Single(finding => finding.Check == "http").Verdict);
    }

    [Fact]
    public void Every_media_worker_has_its_port_looked_at()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ExclusiveAddressUse = true };
        taken.Bind(new IPEndPoint(IPAddress.Any, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        if (port < 1024 + 2) Assert.Skip("The system gave a port that has none before it.");

        var findings = new Doctor(TimeProvider.System).Examine(0, new MediaServerOptions { Port = port - 2, Workers = 3 }, "data");
        Assert.Equal(3, findings.Count(finding => finding.Check == "media-tcp"));
        var udp = findings.Where(finding => finding.Check == "media-udp").ToList();
        Assert.Equal(3, udp.Count);
        Assert.Equal(new Finding("media-udp", Verdict.Fault, $"Port {port} is taken by another program."), udp[2]);
        for (var i = 0; i < 2; i++) Assert.Contains($"Port {port - 2 + i} ", udp[i].Detail);
    }

    [Theory]
    [InlineData(65535, 2)]
    [InlineData(70_000, 1)]
    [InlineData(-1, 1)]
    [InlineData(8090, 33)]
    public void Media_settings_that_cannot_be_are_one_fault(int port, int workers)
    {
        var findings = new Doctor(TimeProvider.System).Examine(0, new MediaServerOptions { Port = port, Workers = workers }, "data");
        Assert.Equal(Verdict.Fault, findings.Single(finding => finding.Check.StartsWith("media", StringComparison.Ordinal)).Verdict);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65536)]
    [InlineData(-1)]
    public void A_number_that_is_no_port_is_a_fault(int port)
    {
        Assert.Equal(Verdict.Fault, Examine(port, "data").Single(finding => finding.Check == "http").Verdict);
    }

    [Fact]
    public void A_folder_that_was_not_there_is_not_there_afterwards()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"pendopo-{Guid.NewGuid():N}");
        Assert.Equal(Verdict.Good, Examine(8080, folder).Single(finding => finding.Check == "data").Verdict);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void A_folder_below_a_file_cannot_be_written()
    {
        var file = Path.GetTempFileName();
        Assert.Equal(Verdict.Fault, Examine(8080, Path.Combine(file, "data")).Single(finding => finding.Check == "data").Verdict);
        File.Delete(file);
    }

    [Fact]
    public void A_clock_of_1970_is_a_fault()
    {
        var findings = new Doctor(new OldTime()).Examine(8080, new MediaServerOptions { Port = 8090 }, "data");
        Assert.Equal(Verdict.Fault, findings.Single(finding => finding.Check == "clock").Verdict);
        Assert.Equal(2, DoctorCommand.ExitCode(findings));
    }

    [Theory]
    [InlineData(Verdict.Good, 0)]
    [InlineData(Verdict.Warning, 1)]
    [InlineData(Verdict.Fault, 2)]
    public void The_worst_finding_is_the_exit_code(Verdict worst, int code)
    {
        Assert.Equal(code, DoctorCommand.ExitCode([new Finding("a", Verdict.Good, ""), new Finding("b", worst, "")]));
    }

    [Fact]
    public async Task The_command_writes_JSON_with_its_exit_code()
    {
        using var output = new StringWriter();
        var code = await DoctorCommand.Create().Parse(["--json", "--port", "0"])
            .InvokeAsync(new InvocationConfiguration { Output = output }, TestContext.Current.CancellationToken);
        var report = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.Equal(2, code);
        Assert.Equal(2, report.GetProperty("exitCode").GetInt32());
        Assert.Contains(report.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("check").GetString() == "http"
            && finding.GetProperty("verdict").GetString() == "fault");
    }

    private static IReadOnlyList<Finding> Examine(int port, string folder) => new Doctor(TimeProvider.System).Examine(port, new MediaServerOptions { Port = 8090 }, folder);

    private sealed class OldTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
