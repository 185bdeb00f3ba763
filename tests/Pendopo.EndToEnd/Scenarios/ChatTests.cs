using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>Chat and raised hands in the product: what people see of them, and what the server does not (docs/e2ee.md §17).</summary>
public sealed class ChatTests(Browsers browsers, TellingServerFixture fixture) : IClassFixture<TellingServerFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task People_chat_and_raise_hands_and_the_server_reads_none_of_it()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        var budi = await company.JoinAsync(BrowserKind.Firefox, "Budi");
        await company.WaitUntilAllAreEncryptedAsync(Limit);

        // Words that stand nowhere else.
        var (first, second, third) = ($"bahan-{Guid.NewGuid():N}", $"jawab-{Guid.NewGuid():N}", $"penutup-{Guid.NewGuid():N}");
        var greeting = $"Selamat pagi, {first}: https://arsip.example.go.id/rapat?x=1.";
        var script = $"<script>fooled=1</script><img src=x onerror=fooled=1> {second}";
        await sari.Page.ClickAsync("room-chat");
        await sari.Page.FillAsync("chat-input", "Rancangan");
        await sari.Page.ClickAsync("chat-close");
        await sari.Page.ClickAsync("room-chat");
        await sari.Page.WaitForAsync("chat-input", Limit);
        Assert.Equal("Rancangan", (await sari.Page.EvaluateAsync("() => document.querySelector('[data-testid=chat-input]').value")).GetString());
        await SayAsync(sari, greeting);
        await UnreadAsync(budi, "1");
        await budi.Page.ClickAsync("room-chat");
        await ReadAsync(budi, greeting);
        Assert.False(await budi.Page.ExistsAsync("chat-unread"));
        await SayAsync(budi, script);
        await ReadAsync(sari, greeting, script);
        await ReadAsync(budi, greeting, script);
        foreach (var participant in company.People)
        {
            var shown = await participant.Page.EvaluateAsync("""
                () => {
                  const panel = document.querySelector('[data-testid=chat-panel]');
                  return {
                    links: [...panel.querySelectorAll('a')].map(link => [link.textContent, link.href, link.rel, link.target].join(' | ')),
                    fooled: 'fooled' in window || panel.querySelector('script, img') !== null,
                  };
                }
                """);
            Assert.Equal(["https://arsip.example.go.id/rapat?x=1 | https://arsip.example.go.id/rapat?x=1 | noopener noreferrer | _blank"], shown.GetProperty("links").Deserialize<string[]>()!);
            Assert.False(shown.GetProperty("fooled").GetBoolean());
        }

        await budi.Page.ClickAsync("room-hand");
        await HandsAsync(sari, "1");
        await sari.Page.ClickAsync("room-hand");
        await HandsAsync(budi, "1", "2");
        Assert.Equal("true", (await budi.Page.EvaluateAsync("() => document.querySelector('[data-testid=room-hand]').getAttribute('aria-pressed')")).GetString());

        // Who comes later sees the hands in their order, and nothing of what was said before.
        var citra = await company.JoinAsync(BrowserKind.Chromium, "Citra");
        await citra.Page.ClickAsync("room-participants");
        foreach (var participant in new[] { sari, budi })
        {
            await participant.Page.ClickAsync("room-participants");
            await QueueAsync(participant, "hand-1", "hand-0");
        }

        await QueueAsync(citra, "hand-1", "hand-0");
        await SayAsync(sari, third);
        await UnreadAsync(citra, "1");
        await citra.Page.ClickAsync("room-chat");
        await ReadAsync(citra, third);

        await budi.Page.ClickAsync("room-hand");
        await HandsAsync(citra, "1");
        await citra.Page.ClickAsync("room-participants");
        await QueueAsync(citra, "hand-0");

        await AssertUnreadableAsync(fixture.Server, await sari.Page.SentAsync(), await citra.Page.SentAsync(), first, second, third);
    }

    /// <summary>Nothing that the server got, wrote or said holds the words, in the forms that texts take on their way; what it did get is there.</summary>
    private static async Task AssertUnreadableAsync(ServerProcess server, IReadOnlyCollection<string> host, IReadOnlyCollection<string> guest, params string[] words)
    {
        var posted = host.Where(text => text.Contains("postMessage", StringComparison.OrdinalIgnoreCase)).ToList();
        Assert.True(posted.Count >= 3, $"{posted.Count} messages were posted");
        var sealedParts = posted.SelectMany(Parts).ToList();
        var forms = words.SelectMany(Forms).ToList();
        foreach (var text in host.Concat(guest).Append(server.Output)) Assert.DoesNotContain(forms, form => text.Contains(form, StringComparison.Ordinal));

        var found = 0;
        foreach (var file in Directory.EnumerateFiles(server.DataFolder, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy, TestContext.Current.CancellationToken);
            var text = Encoding.Latin1.GetString(copy.ToArray());
            Assert.DoesNotContain(forms, form => text.Contains(form, StringComparison.Ordinal));
            foreach (var word in words) Assert.DoesNotContain(Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(word)), text, StringComparison.Ordinal);
            found += sealedParts.Count(part => text.Contains(part, StringComparison.Ordinal));
        }

        Assert.True(found > 0, "The data folder does not even hold the messages' ciphertext: it was not read right.");
    }

    /// <summary>Pieces of the encrypted message in what was posted, as bytes: short ones, as a database may cut a long value in two.</summary>
    private static IEnumerable<string> Parts(string posted)
    {
        var start = posted.IndexOf("\"message\":\"", StringComparison.Ordinal) + "\"message\":\"".Length;
        var message = posted[start..posted.IndexOf('"', start)];
        for (var at = 0; at + 40 <= message.Length; at += 40) yield return Encoding.Latin1.GetString(Base64Url.DecodeFromChars(message.AsSpan(at, 40)));
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

    private static async Task SayAsync(Participant participant, string text)
    {
        if (!await participant.Page.ExistsAsync("chat-panel")) await participant.Page.ClickAsync("room-chat");
        await participant.Page.FillAsync("chat-input", text);
        await participant.Page.ClickAsync("chat-send");
    }

    private static Task ReadAsync(Participant participant, params string[] texts) => SeesAsync(
        participant, "messages", "() => [...document.querySelectorAll('[data-testid=chat-message]')].map(message => message.textContent)", texts);

    private static Task UnreadAsync(Participant participant, string count) => SeesAsync(
        participant, "number of unread messages", "() => [...document.querySelectorAll('[data-testid=chat-unread]')].map(badge => badge.textContent)", count);

    /// <summary>The numbers on the tiles.</summary>
    private static Task HandsAsync(Participant participant, params string[] turns) => SeesAsync(
        participant, "hands on tiles", "() => [...document.querySelectorAll('[data-turn]')].map(tile => tile.dataset.turn).sort()", turns);

    /// <summary>The queue in the panel.</summary>
    private static Task QueueAsync(Participant participant, params string[] hands) => SeesAsync(
        participant, "queue of hands", "() => [...document.querySelectorAll('[data-testid=hand-queue] li')].map(hand => hand.dataset.testid)", hands);

    private static async Task SeesAsync(Participant participant, string what, string function, params string[] expected)
    {
        string[] seen = [];
        await Wait.UntilAsync(
            $"{participant.Name} sees the {what} {string.Join(", ", expected)}", Limit,
            async () => (seen = (await participant.Page.EvaluateAsync(function)).Deserialize<string[]>()!).SequenceEqual(expected),
            () => Task.FromResult($"{string.Join(", ", seen)}\n{Log.Take()}"));
    }
}
