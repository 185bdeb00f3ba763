using System.Net;
using System.Text;

namespace Pendopo.EndToEnd.Harness;

/// <summary>One page under the strict policy that the product has, to prove the harness itself.</summary>
internal sealed class StaticSite : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpListener _listener = new();
    private readonly Task _serving;
    private readonly byte[] _page;

    public StaticSite(string html)
    {
        _page = Encoding.UTF8.GetBytes(html);
        var port = Ports.Free();
        Address = $"http://localhost:{port}";
        _listener.Prefixes.Add($"{Address}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address { get; }

    public async ValueTask DisposeAsync()
    {
        // A request for a context that meets the stop halfway is never answered by HttpListener: the loop is then left where it is.
        _listener.Abort();
        try
        {
            await _serving.WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Log.Write("static site", "its last request for a context was never answered");
        }
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync().ConfigureAwait(false);
                context.Response.ContentType = "text/html; charset=utf-8";
                context.Response.Headers["Content-Security-Policy"] = "default-src 'self'; script-src 'self'";
                await context.Response.OutputStream.WriteAsync(_page).ConfigureAwait(false);
                context.Response.Close();
            }
            catch (Exception error) when (error is HttpListenerException or InvalidOperationException)
            {
                // Stopped, or a browser that closed its connection; the loop's condition tells which.
            }
        }
    }
}
