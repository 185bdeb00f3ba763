using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>Files, mentions, reactions, polls and captions in the product: what people do with them, and what the server has of it (docs/e2ee.md §17).</summary>
public sealed class TalkTests(Browsers browsers, TellingServerFixture fixture) : IClassFixture<TellingServerFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    /// <summary>Keeps what would be saved, in place of the browser's own download.</summary>
    private static readonly PageOptions Keeping = new()
    {
        Script = """
            (() => {
              const blobs = new Map();
              const create = URL.createObjectURL.bind(URL);
              URL.createObjectURL = blob => { const address = create(blob); blobs.set(address, blob); return address; };
              HTMLAnchorElement.prototype.click = function () { window.__saved = { name: this.download, type: blobs.get(this.href).type, blob: blobs.get(this.href) }; };
            })();
            """,
    };

    [Fact]
    public async Task A_file_arrives_byte_for_byte_and_the_server_has_neither_its_bytes_nor_its_name()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        var budi = await company.JoinAsync(BrowserKind.Firefox, "Budi", Keeping);
        await company.WaitUntilAllAreEncryptedAsync(Limit);
        var (name, marker) = ($"rahasia-{Guid.NewGuid():N}.pdf", $"isi-{Guid.NewGuid():N}");
        await sari.Page.ClickAsync("room-chat");
        await budi.Page.ClickAsync("room-chat");

        // Half a megabyte of the marker, so of more than one chunk.
        await DropAsync(sari, name, marker, 15_000);
        await CountAsync(budi, "chat-file", 1);
        var seen = await budi.Page.EvaluateAsync("() => document.querySelector('[data-testid=chat-file]').textContent");
        Assert.Contains(name, seen.GetString(), StringComparison.Ordinal);
        await budi.Page.ClickAsync("chat-file-save");
        await Wait.UntilAsync("Budi has the file", Limit, async () => (await budi.Page.EvaluateAsync("() => window.__saved !== undefined")).GetBoolean(), () => Task.FromResult(Log.Take()));
        var saved = await budi.Page.EvaluateAsync("async () => ({ name: __saved.name, type: __saved.type, hash: [...new Uint8Array(await crypto.subtle.digest('SHA-256', await __saved.blob.arrayBuffer()))].map(byte => byte.toString(16).padStart(2, '0')).join('') })");
        Assert.Equal((name, "application/octet-stream"), (saved.GetProperty("name").GetString(), saved.GetProperty("type").GetString()));
        var expected = SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(marker, 15_000))));
        Assert.Equal(Convert.ToHexStringLower(expected), saved.GetProperty("hash").GetString());

        // A name that poses as another is made harmless, and asked about before it is fetched.
        await DropAsync(sari, "undangan\u202efdp.exe", marker, 1);
        await CountAsync(budi, "chat-file", 2);
        await budi.Page.EvaluateAsync("() => { delete window.__saved; document.querySelectorAll('[data-testid=chat-file-save]')[1].click(); }");
        await budi.Page.WaitForAsync("confirm-cancel", Limit);
        await budi.Page.ClickAsync("confirm-cancel");
        Assert.True((await budi.Page.EvaluateAsync("() => window.__saved === undefined && document.body.textContent.includes('undanganfdp.exe')")).GetBoolean());

        await AssertNotThereAsync(fixture.Server, await sari.Page.SentAsync(), marker, name);
    }

    [Fact]
    public async Task Three_people_vote_one_of_them_reloads_and_all_see_the_same_result_and_the_captions()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        var budi = await company.JoinAsync(BrowserKind.Chromium, "Budi");
        var citra = await company.JoinAsync(BrowserKind.Chromium, "Citra");
        await company.WaitUntilAllAreEncryptedAsync(Limit);

        await OpenAsync(sari, "polls");
        await sari.Page.ClickAsync("poll-new");
        await sari.Page.FillAsync("poll-question", "Kapan rapat berikutnya?");
        await sari.Page.FillAsync("poll-answer-0", "Senin");
        await sari.Page.FillAsync("poll-answer-1", "Rabu");
        await sari.Page.ClickAsync("poll-ask");
        foreach (var participant in new[] { budi, citra }) await OpenAsync(participant, "polls");
        await VoteAsync(sari, 0);
        await VoteAsync(budi, 1);
        await VoteAsync(citra, 1);
        foreach (var participant in company.People) await TotalsAsync(participant, "1", "2");
        Assert.False(await budi.Page.ExistsAsync("poll-end"));

        // Who reloads is told the votes, his own among them, and still has only one.
        await citra.Page.GoToAsync("about:blank");
        await citra.Page.GoToAsync(company.Link);
        await citra.Page.WaitForAsync("prejoin-join", Limit);
        await citra.KnockAsync();
        await citra.WaitForRoomAsync();
        await OpenAsync(citra, "polls");
        await TotalsAsync(citra, "1", "2");
        await VoteAsync(citra, 0);
        foreach (var participant in company.People) await TotalsAsync(participant, "2", "1");
        await sari.Page.ClickAsync("poll-end");
        await sari.Page.ClickAsync("confirm-do");
        foreach (var participant in company.People)
        {
            await participant.Page.WaitForAsync("poll-copy", Limit);
            Assert.False(await participant.Page.ExistsAsync("poll-differs"));
        }

        await sari.Page.ClickAsync("poll-close");
        await OpenAsync(sari, "captions");
        await sari.Page.ClickAsync("caption-appoint");
        await sari.Page.WaitForAsync("caption-input", Limit);
        await sari.Page.FillAsync("caption-input", "Rapat ditutup dengan ucapan terima kasih");
        // At once: a line is not shown for long.
        await Task.WhenAll(new[] { budi, citra }.Select(participant => SeesAsync(
            participant, "captions", "() => [...document.querySelectorAll('[data-testid=captions] p')].map(line => line.textContent)", "Sari: Rapat ditutup dengan ucapan terima kasih")));

        await budi.Page.ClickAsync("room-chat");
        await sari.Page.ClickAsync("room-chat");
        await sari.Page.FillAsync("chat-input", "@Budi mohon dicatat");
        await sari.Page.ClickAsync("chat-send");
        await SeesAsync(budi, "mentions", "() => [...document.querySelectorAll('[data-testid=chat-mention]')].map(name => name.textContent)", "@Budi");
        await budi.Page.ClickAsync("chat-react");
        await budi.Page.EvaluateAsync("() => document.querySelector('[role=menu] [role=menuitem]').click()");
        await SeesAsync(sari, "reactions", "() => [...document.querySelectorAll('[data-testid=chat-reaction-0]')].map(reaction => reaction.textContent)", "1");
    }

    private static async Task OpenAsync(Participant participant, string activity)
    {
        await participant.Page.ClickAsync("room-activities");
        await participant.Page.WaitForAsync($"room-more-{activity}", Limit);
        await participant.Page.ClickAsync($"room-more-{activity}");
    }

    private static async Task VoteAsync(Participant participant, int option)
    {
        await participant.Page.WaitForAsync($"poll-option-{option}", Limit);
        await participant.Page.ClickAsync($"poll-option-{option}");
        await participant.Page.ClickAsync("poll-vote");
    }

    private static Task TotalsAsync(Participant participant, params string[] totals) => SeesAsync(
        participant, "totals", "() => [...document.querySelectorAll('[data-testid^=poll-count-]')].map(count => count.textContent.split(' ')[0])", totals);

    private static Task<TimeSpan> CountAsync(Participant participant, string testId, int count) => Wait.UntilAsync(
        $"{participant.Name} sees {count} of {testId}", Limit,
        async () => (await participant.Page.EvaluateAsync("id => document.querySelectorAll(`[data-testid=${id}]`).length", testId)).GetInt32() == count,
        () => Task.FromResult(Log.Take()));

    /// <summary>Drops a file of so many times the text on the chat.</summary>
    private static Task<JsonElement> DropAsync(Participant participant, string name, string text, int times) => participant.Page.EvaluateAsync(
        """
        (name, text, times) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text.repeat(times)], name));
          const panel = document.querySelector('[data-testid=chat-panel]');
          panel.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
        }
        """, name, text, times);

    private static async Task AssertNotThereAsync(ServerProcess server, IReadOnlyCollection<string> sent, params string[] words)
    {
        var forms = words.SelectMany(Forms).ToList();
        foreach (var text in sent.Append(server.Output)) Assert.DoesNotContain(forms, form => text.Contains(form, StringComparison.Ordinal));
        var bytes = 0L;
        foreach (var file in Directory.EnumerateFiles(server.DataFolder, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy, TestContext.Current.CancellationToken);
            bytes += copy.Length;
            var text = Encoding.Latin1.GetString(copy.ToArray());
            Assert.DoesNotContain(forms, form => text.Contains(form, StringComparison.Ordinal));
        }

        // The ciphertext is there: what was searched is where the file lies.
        Assert.True(bytes > 500_000, $"{bytes} bytes were searched.");
    }

    /// <summary>As it is, and in Base64 at each of the three places where it may begin.</summary>
    private static IEnumerable<string> Forms(string word)
    {
        yield return word;
        for (var before = 0; before < 3; before++)
        {
            var text = Convert.ToBase64String([.. new byte[before], .. Encoding.UTF8.GetBytes(word)]).TrimEnd('=')[4..^4];
            yield return text;
            yield return text.Replace('+', '-').Replace('/', '_');
        }
    }

    private static async Task SeesAsync(Participant participant, string what, string function, params string[] expected)
    {
        string[] seen = [];
        await Wait.UntilAsync(
            $"{participant.Name} sees the {what} {string.Join(", ", expected)}", Limit,
            async () => (seen = (await participant.Page.EvaluateAsync(function)).Deserialize<string[]>()!).SequenceEqual(expected),
            () => Task.FromResult($"{string.Join(", ", seen)}\n{Log.Take()}"));
    }
}
