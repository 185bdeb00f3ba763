using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Pendopo.Server.Diagnosis;
using Xunit;

namespace Pendopo.Server.Tests.Diagnosis;

/// <summary>What the page that tests a connection may ask of the server, and what nobody may.</summary>
public sealed class ConnectionTestTests
{
    private const int TransferBytes = 2_000_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_browser_gets_a_room_of_its_own_in_which_nothing_may_flow()
    {
        await using var server = await RunningServer.StartAsync();
        var browser = await server.BrowseAsync();

        using var first = await PostAsync(browser.Http, "/api/test/media", Sdp("vp8"));
        using var second = await PostAsync(browser.Http, "/api/test/media", Sdp("vp8"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.StartsWith("answer", await first.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(2, server.Media.Connects.Select(request => request.Room).Distinct().Count());
        Assert.All(server.Media.Connects, request =>
        {
            Assert.True(TestRooms.IsTest(request.Room));
            Assert.Null(request.Plan);
            Assert.Equal(new Signaling.MediaState(false, false), server.Media.Publishing[request.Peer.Value]);
        });
    }

    [Fact]
    public async Task Whoever_has_no_session_or_asks_wrongly_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var browser = await server.BrowseAsync();
        using var stranger = new HttpClient { BaseAddress = server.Url };

        foreach (var (http, path, body, expected) in new[]
        {
            (stranger, "/api/test/media", Sdp("vp8"), HttpStatusCode.Unauthorized),
            (stranger, "/api/test/upload", new ByteArrayContent([1]), HttpStatusCode.Unauthorized),
            (browser.Http, "/api/test/media", new StringContent("vp8"), HttpStatusCode.UnsupportedMediaType),
            (browser.Http, "/api/test/media", Sdp("bad"), HttpStatusCode.BadRequest),
            (browser.Http, "/api/test/media", Sdp("unanswerable"), HttpStatusCode.BadRequest),
        })
        {
            using var answer = await PostAsync(http, path, body);
            Assert.Equal(expected, answer.StatusCode);
        }

        using var taken = await stranger.GetAsync(new Uri("/api/test/download", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, taken.StatusCode);
        using var large = await PostAsync(browser.Http, "/api/test/media", Sdp(new string('x', 40_000)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Empty(server.Media.Connects);
    }

    [Fact]
    public async Task Bytes_are_given_and_taken_and_never_kept_by_a_cache()
    {
        await using var server = await RunningServer.StartAsync();
        var browser = await server.BrowseAsync();

        using var down = await browser.Http.GetAsync(new Uri("/api/test/download", UriKind.Relative), Cancellation);
        Assert.Equal(TransferBytes, (await down.Content.ReadAsByteArrayAsync(Cancellation)).Length);
        Assert.True(down.Headers.CacheControl!.NoStore);
        using var up = await PostAsync(browser.Http, "/api/test/upload", new ByteArrayContent(new byte[TransferBytes]));
        Assert.Equal(HttpStatusCode.NoContent, up.StatusCode);
    }

    [Fact]
    public async Task A_session_that_tests_again_and_again_is_held_up()
    {
        await using var server = await RunningServer.StartAsync();
        var browser = await server.BrowseAsync();
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 25; i++)
        {
            using var answer = await PostAsync(browser.Http, "/api/test/upload", new ByteArrayContent([1]));
            answers.Add(answer.StatusCode);
        }

        Assert.Equal(HttpStatusCode.NoContent, answers[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
        using var other = await PostAsync((await server.BrowseAsync()).Http, "/api/test/upload", new ByteArrayContent([1]));
        Assert.Equal(HttpStatusCode.NoContent, other.StatusCode);
    }

    [Fact]
    public async Task No_more_rooms_stand_at_once_than_may_and_each_closes_in_time()
    {
        await using var media = new FakeMediaPlane();
        var time = new FakeTimeProvider();
        var rooms = new TestRooms(media, time);
        for (var i = 0; i < TestRooms.Maximum; i++) Assert.NotNull(await rooms.OpenAsync("vp8"));
        Assert.Null(await rooms.OpenAsync("vp8"));

        time.Advance(TestRooms.Lifetime);

        var closed = new List<string>();
        while (closed.Count < TestRooms.Maximum) closed.Add(await media.Closed.ReadAsync(Cancellation));
        Assert.Equal(media.Connects.Select(request => request.Room).Order(), closed.Order());
        Assert.NotNull(await rooms.OpenAsync("vp8"));
    }

    private static StringContent Sdp(string text)
    {
        var content = new StringContent(text, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/sdp");
        return content;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient http, string path, HttpContent body) => http.PostAsync(new Uri(path, UriKind.Relative), body, Cancellation);
}
