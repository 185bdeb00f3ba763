using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Pendopo.Server.Tests.Hubs;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Server.Tests.Endpoints;

public sealed class FoundingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_statement_founds_its_meeting_once_and_is_given_to_who_has_the_link()
    {
        await using var server = await RunningServer.StartAsync();
        var browser = await server.BrowseAsync();
        var statement = new TestStatement(TestDevice.Of("sri"));

        using var created = await Crowd.CreateAsync(browser, statement);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(
            new CreateMeetingResponse(statement.MeetingIdText, $"/m/{statement.MeetingIdText}", null, null),
            await created.Content.ReadFromJsonAsync<CreateMeetingResponse>(RunningServer.Json, Cancellation));
        Assert.StartsWith("r", statement.MeetingIdText, StringComparison.Ordinal);

        using var again = await Crowd.CreateAsync(browser, statement with { Rules = 0 });
        Assert.Equal((HttpStatusCode.Conflict, "idInUse"), (again.StatusCode, await ErrorOf(again)));
        var guest = await server.BrowseAsync();
        Assert.Equal(statement.Bytes, await guest.Http.GetByteArrayAsync(Path(statement.MeetingIdText), Cancellation));
    }

    [Fact]
    public async Task Meetings_without_a_statement_answer_like_unknown_ones()
    {
        await using var server = await RunningServer.StartAsync();
        var (browser, broadcast) = await server.FoundAsync();
        Assert.StartsWith("s", broadcast.MeetingId, StringComparison.Ordinal);
        foreach (var id in new[] { broadcast.MeetingId, "m" + broadcast.MeetingId[1..], new TestStatement(TestDevice.Of("sri")).MeetingIdText, "r", "guess" })
        {
            using var answer = await browser.Http.GetAsync(Path(id), Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_statement_is_of_this_form_and_of_the_one_who_brings_it()
    {
        await using var server = await RunningServer.StartAsync();
        var browser = await server.BrowseAsync();
        var guest = new TestStatement(TestDevice.Of("sri"));
        foreach (var wrong in new[] { guest with { Suite = 1 }, guest with { Kind = 2 }, guest with { MeetingId = [0xB0, .. new byte[17]] } })
        {
            using var refused = await Crowd.CreateAsync(browser, wrong);
            Assert.Equal((HttpStatusCode.BadRequest, "statementRefused"), (refused.StatusCode, await ErrorOf(refused)));
        }

        using var missing = await browser.Http.PostAsJsonAsync(Founding, new CreateMeetingRequest(MeetingKind.Encrypted), RunningServer.Json, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, missing.StatusCode);
        using var mixed = await browser.Http.PostAsJsonAsync(Founding, new CreateMeetingRequest(MeetingKind.OpenBroadcast, null, guest.Text), RunningServer.Json, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, mixed.StatusCode);

        var account = new TestStatement(TestDevice.Of("dewi", hasAccount: true));
        using var anonymous = await Crowd.CreateAsync(browser, account);
        Assert.Equal((HttpStatusCode.Forbidden, "notSignedIn"), (anonymous.StatusCode, await ErrorOf(anonymous)));
        browser.Http.DefaultRequestHeaders.Add(FakeAccounts.Header, WireWriter.Text(new byte[16]));
        using var other = await Crowd.CreateAsync(browser, account);
        Assert.Equal((HttpStatusCode.Forbidden, "statementRefused"), (other.StatusCode, await ErrorOf(other)));
        using var signedIn = await Crowd.CreateAsync(browser, guest);
        Assert.Equal((HttpStatusCode.Forbidden, "statementRefused"), (signedIn.StatusCode, await ErrorOf(signedIn)));
        browser.Http.DefaultRequestHeaders.Remove(FakeAccounts.Header);
        browser.Http.DefaultRequestHeaders.Add(FakeAccounts.Header, WireWriter.Text(account.Founder.Account));
        using var right = await Crowd.CreateAsync(browser, account);
        Assert.Equal(HttpStatusCode.Created, right.StatusCode);
    }

    [Fact]
    public async Task Encoders_and_viewers_never_enter_under_an_encrypted_id()
    {
        await using var server = await RunningServer.StartAsync(null, "Media:OpenRooms=true", "Media:PublicAddresses:0=127.0.0.1");
        var browser = await server.BrowseAsync();
        var statement = new TestStatement(TestDevice.Of("sri"));
        foreach (var door in new[] { "whip", "whep" })
        {
            using var content = new StringContent("vp8 red");
            content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/sdp");
            using var answer = await browser.Http.PostAsync(new Uri($"/{door}/{statement.MeetingIdText}", UriKind.Relative), content, Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        // Nor was it founded as a broadcast by being named.
        using var created = await Crowd.CreateAsync(browser, statement);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
    }

    private static Uri Founding => new("/api/meetings", UriKind.Relative);

    private static Uri Path(string id) => new($"/api/meetings/{id}/founding", UriKind.Relative);

    private static async Task<string?> ErrorOf(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("error").GetString();
}
