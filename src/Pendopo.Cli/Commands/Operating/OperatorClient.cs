using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Pendopo.Cli.Commands.Operating;

/// <summary>Asks a server on this machine for what only its operator may see, with the token from its data folder.</summary>
public sealed class OperatorClient : IDisposable
{
    /// <summary>Its name in the server's data folder.</summary>
    private const string TokenFile = "operator.token";

    private readonly HttpClient _http;

    private OperatorClient(Uri url, string token)
    {
        // A capture takes up to a minute; what bounds it is the server.
        _http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromMinutes(2) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Opens the server's door; false with words for the operator when there is no token to be read.</summary>
    public static bool TryOpen(Uri url, string dataFolder, out OperatorClient client, out string fault)
    {
        client = null!;
        fault = "";
        var path = Path.Combine(dataFolder, TokenFile);
        try
        {
            client = new OperatorClient(url, File.ReadAllText(path).Trim());
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            fault = $"The operator's token cannot be read from '{path}': {error.Message} Name the server's data folder with --data, and run as the server's account.";
            return false;
        }
    }

    public Task<HttpResponseMessage> GetAsync(string path, string type, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Accept.ParseAdd(type);
        return _http.SendAsync(request, cancellation);
    }

    /// <summary>Asks for something that a JSON body describes.</summary>
    public Task<HttpResponseMessage> PostAsync<T>(string path, T body, CancellationToken cancellation) => _http.PostAsJsonAsync(path, body, cancellation);

    /// <summary>Returns as soon as the answer's headers are there, so that its body can be followed.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, CancellationToken cancellation) =>
        _http.SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)), HttpCompletionOption.ResponseHeadersRead, cancellation);

    public void Dispose() => _http.Dispose();
}
