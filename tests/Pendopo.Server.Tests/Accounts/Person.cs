using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Pendopo.Signaling;
using Xunit;

namespace Pendopo.Server.Tests.Accounts;

/// <summary>Somebody with a browser and an authenticator.</summary>
internal sealed class Person : IDisposable
{
    private readonly bool _ownsAuthenticator;

    private Person(Browser browser, SoftwareAuthenticator authenticator, bool owns) => (Browser, Authenticator, _ownsAuthenticator) = (browser, authenticator, owns);

    public Browser Browser { get; }

    public SoftwareAuthenticator Authenticator { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="server">Whose page the browser has open.</param>
    /// <param name="authenticator">Null: a new one.</param>
    /// <param name="origin">What the page's origin is.</param>
    public static async Task<Person> ComeAsync(RunningServer server, SoftwareAuthenticator? authenticator = null, string? origin = RunningServer.Origin)
    {
        var browser = new Browser(server.Url, origin);
        using var _ = await browser.Http.GetAsync(Path("/api/status"), Cancellation);
        return new Person(browser, authenticator ?? new SoftwareAuthenticator(), authenticator is null);
    }

    /// <summary>Comes, opens a one-time link and registers.</summary>
    public static async Task<Person> RegisterAsync(RunningServer server, string token, string? name = null, SoftwareAuthenticator? authenticator = null)
    {
        var person = await ComeAsync(server, authenticator);
        var (status, account, _) = await person.TryRegisterAsync(token, name);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.NotNull(account!.Account);
        return person;
    }

    public async Task<(HttpStatusCode Status, AccountResponse? Account, Problem? Problem)> TryRegisterAsync(string token, string? name = null)
    {
        var (status, begun, problem) = await PostAsync<CeremonyResponse>("/api/account/registration/options", new RegistrationOptionsRequest(token, name));
        if (begun is null) return (status, null, problem);
        return await PostAsync<AccountResponse>("/api/account/registration", new RegistrationRequest(token, begun.Ceremony, Authenticator.Create(begun.Options)));
    }

    public async Task<(HttpStatusCode Status, AccountResponse? Account, Problem? Problem)> TrySignInAsync()
    {
        var (status, begun, problem) = await PostAsync<CeremonyResponse>("/api/account/sign-in/options", null);
        return begun is null ? (status, null, problem) : await AnswerAsync(begun);
    }

    public Task<(HttpStatusCode Status, AccountResponse? Account, Problem? Problem)> AnswerAsync(CeremonyResponse begun) =>
        PostAsync<AccountResponse>("/api/account/sign-in", new SignInRequest(begun.Ceremony, Authenticator.Get(begun.Options)));

    public async Task<CeremonyResponse> BeginSignInAsync() => (await PostAsync<CeremonyResponse>("/api/account/sign-in/options", null)).Answer!;

    public async Task<AccountResponse> WhoAsync() => (await GetAsync<AccountResponse>("/api/account")).Answer!;

    public async Task<(HttpStatusCode Status, T? Answer)> GetAsync<T>(string path)
    {
        using var response = await Browser.Http.GetAsync(Path(path), Cancellation);
        return (response.StatusCode, response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<T>(RunningServer.Json, Cancellation) : default);
    }

    public async Task<(HttpStatusCode Status, T? Answer, Problem? Problem)> PostAsync<T>(string path, object? body)
    {
        using var response = await Browser.Http.PostAsJsonAsync(Path(path), body ?? new { }, RunningServer.Json, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        if (response.IsSuccessStatusCode) return (response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<T>(text, RunningServer.Json), null);
        return (response.StatusCode, default, text.Length == 0 ? null : JsonSerializer.Deserialize<Problem>(text, RunningServer.Json));
    }

    /// <param name="tag">If-Match; null: none.</param>
    public async Task<(HttpStatusCode Status, T? Answer, string? Error)> SendAsync<T>(HttpMethod method, string path, string? tag, object? body)
    {
        using var request = new HttpRequestMessage(method, Path(path));
        if (tag is not null) request.Headers.TryAddWithoutValidation("If-Match", tag);
        if (body is not null) request.Content = JsonContent.Create(body, body.GetType(), options: RunningServer.Json);
        using var response = await Browser.Http.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        if (response.IsSuccessStatusCode) return (response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<T>(text, RunningServer.Json), null);
        return (response.StatusCode, default, text.Length > 0 && JsonSerializer.Deserialize<JsonElement>(text).TryGetProperty("error", out var error) ? error.GetString() : null);
    }

    public async Task<HttpStatusCode> DeleteAsync(string path)
    {
        using var response = await Browser.Http.DeleteAsync(Path(path), Cancellation);
        return response.StatusCode;
    }

    public void Dispose()
    {
        if (_ownsAuthenticator) Authenticator.Dispose();
    }

    private static Uri Path(string path) => new(path, UriKind.Relative);

    public sealed record Problem(AccountError? Error, string? Detail, string? Origin);
}
