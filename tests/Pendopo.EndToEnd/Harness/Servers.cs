namespace Pendopo.EndToEnd.Harness;

/// <summary>
/// A server for each set of options, started when the first test asks for it and kept for all tests: a start costs seconds, and a warm server
/// is what people meet. Tests share it as strangers do: each with meetings and browsers of its own. Who needs an empty server, or one with the first
/// administrator still to come, starts a <see cref="ServerProcess"/> of his own.
/// </summary>
public sealed class Servers : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly Dictionary<string, ServerProcess> _servers = new(StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values) await server.DisposeAsync().ConfigureAwait(false);
        _starting.Dispose();
    }

    /// <param name="options">Further options, as on the command line.</param>
    internal async Task<ServerProcess> GetAsync(params string[] options)
    {
        EndToEndNetwork.Require();
        var key = string.Join('\n', options);
        await _starting.WaitAsync(TestContext.Current.CancellationToken).ConfigureAwait(false);
        try
        {
            if (!_servers.TryGetValue(key, out var server)) _servers.Add(key, server = await ServerProcess.StartAsync(options).ConfigureAwait(false));
            return server;
        }
        finally
        {
            _starting.Release();
        }
    }
}
