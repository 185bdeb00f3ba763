using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>One server for all tests of a class.</summary>
public class ServerFixture : IAsyncLifetime
{
    private readonly string[] _options;
    private ServerProcess? _server;

    public ServerFixture() => _options = [];

    protected ServerFixture(params string[] options) => _options = options;

    internal ServerProcess Server => _server!;

    public async ValueTask InitializeAsync()
    {
        EndToEndNetwork.Require();
        _server = await ServerProcess.StartAsync(_options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A server that offers ICE-TCP only, as behind a firewall that lets no UDP through.</summary>
public sealed class TcpOnlyServerFixture() : ServerFixture("--Pendopo:Media:Udp=false");
