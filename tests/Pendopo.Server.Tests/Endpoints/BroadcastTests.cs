using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Pendopo.Server.Tests.Hubs;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Server.Tests.Endpoints;

public sealed class BroadcastTests
{
    private static readonly TestStatement Encrypted = new(TestDevice.Of("sri"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_publisher_comes_restarts_ice_and_goes()
    {
        await using var server = await RunningServer.StartAsync();
        var (host, meeting) = await server.FoundAsync();
        await using var sri = await host.ConnectAsync();
        await sri.JoinAsync(meeting.MeetingId);
        using var http = new HttpClient { BaseAddress = server.Url };

        using var created = await SendAsync(http, HttpMethod.Post, $"/whip/{meeting.MeetingId}", meeting.PublishToken, "vp8 red", "application/sdp");
        Assert.Equal((HttpStatusCode.Created, "application/sdp"), (created.StatusCode, created.Content.Headers.ContentType?.MediaType));
        Assert.StartsWith("answer Vp8", await created.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.NotNull(created.Headers.ETag);
        var endpoint = (await sri.NextAsync<MeetingChange>()).Upserted.Single(participant => participant.Role == ParticipantRole.Endpoint);
        Assert.True(endpoint.Media.Camera);
        var resource = created.Headers.Location!.ToString();

        const string Fragment = "application/trickle-ice-sdpfrag";
        using var without = await SendAsync(http, HttpMethod.Patch, resource, meeting.PublishToken, "a=ice-ufrag:x", Fragment);
        Assert.Equal(HttpStatusCode.PreconditionRequired, without.StatusCode);
        using var stale = await SendAsync(http, HttpMethod.Patch, resource, meeting.PublishToken, "a=ice-ufrag:x", Fragment, "\"stale\"");
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        using var wrongType = await SendAsync(http, HttpMethod.Patch, resource, meeting.PublishToken, "a=ice-ufrag:x", "text/plain", "*");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, wrongType.StatusCode);
        using var restart = await SendAsync(http, HttpMethod.Patch, resource, meeting.PublishToken, "a=ice-ufrag:x", Fragment, "*");
        Assert.Equal((HttpStatusCode.OK, "a=ice-ufrag:ours"), (restart.StatusCode, await restart.Content.ReadAsStringAsync(Cancellation)));
        Assert.NotEqual(created.Headers.ETag, restart.Headers.ETag);

        using var foreign = await SendAsync(http, HttpMethod.Delete, resource, meeting.ViewToken);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        using var deleted = await SendAsync(http, HttpMethod.Delete, resource, meeting.PublishToken);
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Contains(endpoint.Id, (await sri.NextAsync<MeetingChange>(change => change.Removed.Count > 0)).Removed);
        using var again = await SendAsync(http, HttpMethod.Delete, resource, meeting.PublishToken);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task Unknown_meetings_other_kinds_and_wrong_tokens_answer_alike()
    {
        await using var server = await RunningServer.StartAsync();
        using var founded = await Crowd.CreateAsync(await server.BrowseAsync(), Encrypted);
        Assert.Equal(HttpStatusCode.Created, founded.StatusCode);
        var (_, broadcast) = await server.FoundAsync();
        using var http = new HttpClient { BaseAddress = server.Url };
        (string Path, string? Token)[] knocks =
        [
            ("/whip/unknown", "x"), ($"/whip/{Encrypted.MeetingIdText}", null), ($"/whep/{Encrypted.MeetingIdText}", "x"), ($"/whip/{broadcast.MeetingId}", broadcast.ViewToken),
            ($"/whep/{broadcast.MeetingId}", null), ("/whip/no%20id", "x"),
        ];
        var answers = new List<(HttpStatusCode, string)>();
        foreach (var (path, token) in knocks)
        {
            using var response = await SendAsync(http, HttpMethod.Post, path, token, "vp8", "application/sdp");
            var body = await response.Content.ReadAsStringAsync(Cancellation);
            // The id of the request is the only thing that may differ.
            answers.Add((response.StatusCode, body.Contains("traceId", StringComparison.Ordinal) ? body[..body.IndexOf("traceId", StringComparison.Ordinal)] : body));
        }

        Assert.Equal(HttpStatusCode.NotFound, answers[0].Item1);
        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task Options_tell_what_is_accepted_and_bad_bodies_are_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var (_, broadcast) = await server.FoundAsync();
        using var http = new HttpClient { BaseAddress = server.Url };

        using var options = await SendAsync(http, HttpMethod.Options, $"/whep/{broadcast.MeetingId}", null);
        Assert.Equal("application/sdp", Assert.Single(options.Headers.GetValues("Accept-Post")));
        using var json = await SendAsync(http, HttpMethod.Post, $"/whep/{broadcast.MeetingId}", broadcast.ViewToken, "{}", "application/json");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, json.StatusCode);
        using var bad = await SendAsync(http, HttpMethod.Post, $"/whep/{broadcast.MeetingId}", broadcast.ViewToken, "bad", "application/sdp");
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (bad.StatusCode, bad.Content.Headers.ContentType?.MediaType));
        using var viewer = await SendAsync(http, HttpMethod.Post, $"/whep/{broadcast.MeetingId}", broadcast.ViewToken, "vp8", "application/sdp");
        Assert.Equal(HttpStatusCode.Created, viewer.StatusCode);
    }

    [Fact]
    public async Task Open_rooms_are_founded_by_being_named()
    {
        await using var server = await RunningServer.StartAsync(null, "Media:OpenRooms=true", "Media:PublicAddresses:0=127.0.0.1");
        using var http = new HttpClient { BaseAddress = server.Url };

        using var created = await SendAsync(http, HttpMethod.Post, "/whip/bench", null, "vp8", "application/sdp");
        using var viewer = await SendAsync(http, HttpMethod.Post, "/whep/bench", null, "vp8", "application/sdp");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (created.StatusCode, viewer.StatusCode));
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient http, HttpMethod method, string path, string? token, string? body = null, string type = "text/plain", string? match = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (match is not null) request.Headers.TryAddWithoutValidation("If-Match", match);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, type);
        return await http.SendAsync(request, Cancellation);
    }
}
