using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>The server of a class of tests, shared with all others that ask for the same options.</summary>
public class ServerFixture : IAsyncLifetime
{
    private readonly Servers _servers;
    private readonly string[] _options;
    private ServerProcess? _server;

    public ServerFixture(Servers servers)
        : this(servers, [])
    {
    }

    protected ServerFixture(Servers servers, params string[] options)
    {
        _servers = servers;
        _options = options;
    }

    internal ServerProcess Server => _server!;

    public async ValueTask InitializeAsync() => _server = await _servers.GetAsync(_options);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

/// <summary>A server that offers ICE-TCP only, as behind a firewall that lets no UDP through.</summary>
public sealed class TcpOnlyServerFixture(Servers servers) : ServerFixture(servers, "--Pendopo:Media:Udp=false");

/// <summary>A server that writes down all that it can say, for tests that look for what it must not know.</summary>
public sealed class TellingServerFixture(Servers servers) : ServerFixture(servers, "--Logging:LogLevel:Default=Trace");

/// <summary>A server with the rules of a large meeting: from the fourth on they come muted, and screens are shared by grant.</summary>
public sealed class ModeratedServerFixture(Servers servers) : ServerFixture(
    servers, "--Pendopo:Meetings:MutedFrom=3", "--Pendopo:Meetings:CameraOffFrom=20", "--Pendopo:Meetings:Sharing=Granted");
