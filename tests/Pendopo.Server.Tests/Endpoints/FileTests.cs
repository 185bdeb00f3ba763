using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.EntityFrameworkCore;
using Pendopo.Server.Tests.Hubs;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Server.Tests.Endpoints;

/// <summary>Files of a meeting: members alone have them, as long as the meeting lasts and there is room.</summary>
public sealed class FileTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_stores_a_file_and_another_gets_its_bytes_to_save_and_not_to_show()
    {
        await using var crowd = await Crowd.GatherAsync();
        var budi = await crowd.JoinAsync("budi", 0);
        // More than a piece, and not a whole number of them.
        var bytes = RandomNumberGenerator.GetBytes(700_001);

        var file = await StoredAsync(crowd.Host.Browser, crowd, bytes);
        using var got = await GetAsync(budi.Browser, crowd, file);

        Assert.Equal(bytes, await got.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(("application/octet-stream", "attachment"), (got.Content.Headers.ContentType!.ToString(), got.Content.Headers.ContentDisposition!.ToString()));
        Assert.Equal("nosniff", Assert.Single(got.Headers.GetValues("X-Content-Type-Options")));
        Assert.True(got.Headers.CacheControl!.NoStore);
        Assert.Equal(22, file.Length);
        Assert.DoesNotContain(crowd.Server.Log.All, line => line.Text.Contains(file, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_else_stores_or_gets_anything_and_all_refusals_are_alike()
    {
        await using var crowd = await Crowd.GatherAsync();
        var file = await StoredAsync(crowd.Host.Browser, crowd, [1, 2, 3]);
        var stranger = await crowd.Server.BrowseAsync();
        var waiting = await crowd.ComeAsync("citra");
        await waiting.KnockAsync();
        var nobody = new Browser(crowd.Server.Url);

        foreach (var browser in new[] { stranger, waiting.Browser, nobody })
        {
            using var got = await GetAsync(browser, crowd, file);
            using var unknown = await GetAsync(browser, crowd, "AAAAAAAAAAAAAAAAAAAAAA");
            using var stored = await StoreAsync(browser, crowd, [1]);
            using var room = await browser.Http.GetAsync(Files(crowd), Cancellation);
            Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound], [got.StatusCode, unknown.StatusCode, stored.StatusCode, room.StatusCode]);
            Assert.Equal(await unknown.Content.ReadAsStringAsync(Cancellation), await got.Content.ReadAsStringAsync(Cancellation));
        }
    }

    [Fact]
    public async Task A_member_of_one_meeting_gets_no_file_of_another()
    {
        await using var crowd = await Crowd.GatherAsync();
        var file = await StoredAsync(crowd.Host.Browser, crowd, [1, 2, 3]);
        var host = crowd.Host.Browser;
        var second = new TestStatement(TestDevice.Of("dewi"));
        using var founded = await Crowd.CreateAsync(host, second);
        founded.EnsureSuccessStatusCode();

        using var got = await host.Http.GetAsync(new Uri($"/api/meetings/{second.MeetingIdText}/files/{file}", UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, got.StatusCode);
    }

    [Theory]
    [InlineData("..%2F..%2Fpendopo.db")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAB")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA%0A")]
    [InlineData("%5C%5Chost%5Cshare")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA.exe")]
    public async Task A_name_that_is_none_of_the_servers_own_finds_nothing(string name)
    {
        await using var crowd = await Crowd.GatherAsync();
        using var got = await GetAsync(crowd.Host.Browser, crowd, name);
        Assert.Equal(HttpStatusCode.NotFound, got.StatusCode);
    }

    [Fact]
    public async Task A_file_that_is_too_long_or_for_which_there_is_no_room_is_refused_before_it_is_read()
    {
        await using var crowd = await Crowd.GatherAsync(null, "Files:Maximum=65536", "Files:PerMeeting=200000");
        var host = crowd.Host.Browser;
        var chunk = new byte[65_552];

        using (var tooLong = await StoreAsync(host, crowd, new byte[65_553])) Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLong.StatusCode);
        for (var count = 0; count < 3; count++) await StoredAsync(host, crowd, chunk);
        using (var full = await StoreAsync(host, crowd, chunk)) Assert.Equal(HttpStatusCode.InsufficientStorage, full.StatusCode);
        Assert.Equal(new FileRoom(65_536, 200_000 - (3 * chunk.Length)), await host.Http.GetFromJsonAsync<FileRoom>(Files(crowd), RunningServer.Json, Cancellation));
        // What is left is just enough for this.
        await StoredAsync(host, crowd, new byte[200_000 - (3 * chunk.Length)]);
        using var empty = await StoreAsync(host, crowd, []);
        Assert.Equal(HttpStatusCode.LengthRequired, empty.StatusCode);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing_and_gives_its_room_back()
    {
        await using var crowd = await Crowd.GatherAsync(null, "Files:Maximum=1048576", "Files:PerMeeting=1100000");
        var host = crowd.Host.Browser;
        using var content = new StreamContent(new BrokenStream(600_000));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.ContentLength = 1_000_000;

        await Assert.ThrowsAsync<HttpRequestException>(() => host.Http.PostAsync(Files(crowd), content, Cancellation));

        // Room for the next one is there as soon as the server has noticed.
        var bytes = new byte[1_000_000];
        HttpStatusCode status;
        do
        {
            using var stored = await StoreAsync(host, crowd, bytes);
            status = stored.StatusCode;
        }
        while (status == HttpStatusCode.InsufficientStorage);
        Assert.Equal(HttpStatusCode.Created, status);
    }

    [Fact]
    public async Task Files_are_gone_from_the_database_when_the_meeting_ends()
    {
        await using var crowd = await Crowd.GatherAsync();
        var file = await StoredAsync(crowd.Host.Browser, crowd, [1, 2, 3]);
        Assert.Equal(2, await RowsAsync(crowd));

        await crowd.Host.Guest.Hub.InvokeAsync<Outcome>("end", Cancellation);

        Assert.Equal(0, await RowsAsync(crowd));
        using var got = await GetAsync(crowd.Host.Browser, crowd, file);
        Assert.Equal(HttpStatusCode.NotFound, got.StatusCode);
    }

    private static async Task<int> RowsAsync(Crowd crowd)
    {
        var options = new DbContextOptionsBuilder<Control.Storage.ControlDbContext>();
        Control.Storage.Database.Configure(options, null, Path.Combine(crowd.Server.Folder, "pendopo.db"));
        await using var context = new Control.Storage.ControlDbContext(options.Options);
        return await context.GroupFiles.CountAsync(Cancellation);
    }

    private static Uri Files(Crowd crowd) => new($"/api/meetings/{crowd.Statement.MeetingIdText}/files", UriKind.Relative);

    private static Task<HttpResponseMessage> GetAsync(Browser browser, Crowd crowd, string file) =>
        browser.Http.GetAsync(new Uri($"/api/meetings/{crowd.Statement.MeetingIdText}/files/{file}", UriKind.Relative), Cancellation);

    private static async Task<HttpResponseMessage> StoreAsync(Browser browser, Crowd crowd, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return await browser.Http.PostAsync(Files(crowd), content, Cancellation);
    }

    private static async Task<string> StoredAsync(Browser browser, Crowd crowd, byte[] bytes)
    {
        using var response = await StoreAsync(browser, crowd, bytes);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<StoredFile>(RunningServer.Json, Cancellation))!.FileId;
    }

    /// <summary>Gives so many bytes, and then no more.</summary>
    private sealed class BrokenStream(int length) : MemoryStream(new byte[length])
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position == Length ? throw new IOException("broken off") : base.ReadAsync(buffer, cancellationToken);
    }
}
