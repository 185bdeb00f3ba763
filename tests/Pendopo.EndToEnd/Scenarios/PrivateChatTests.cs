using System.Text.Json;
using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>What is written to one person and to moderators: who can read it, who may write it, and that it never goes to all (docs/e2ee.md §17).</summary>
public sealed class PrivateChatTests(Browsers browsers, ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    /// <summary>Keeps the last private message that the page posted, to be posted again past the page's own rules.</summary>
    private static readonly PageOptions Posting = new()
    {
        Script = """
            (() => {
              const send = WebSocket.prototype.send;
              WebSocket.prototype.send = function (data) {
                if (typeof data === 'string' && data.includes('"postMessage"') && data.includes('"kind":"private"')) window.__posted = { socket: this, data };
                return send.call(this, data);
              };
              window.__postAgain = name => new Promise(resolve => {
                const { socket, data } = window.__posted;
                socket.addEventListener('message', function listen(event) {
                  const answer = String(event.data).split('\u001e').find(text => text.includes(`"invocationId":"${name}"`));
                  if (answer === undefined) return;
                  socket.removeEventListener('message', listen);
                  resolve(JSON.parse(answer).result.error);
                });
                send.call(socket, data.replace(/"invocationId":"\d+"/, `"invocationId":"${name}"`));
              });
            })();
            """,
    };

    /// <summary>Notes all that the page's worker decrypts from here on.</summary>
    private const string Tap = """
        () => {
          self.__opened = [];
          const { decrypt } = SubtleCrypto.prototype;
          SubtleCrypto.prototype.decrypt = async function (...given) {
            const plain = await decrypt.apply(this, given);
            // Frames are longer than the words that are looked for only where they are pictures.
            self.__opened.push(new TextDecoder().decode(plain));
            if (self.__opened.length > 20000) self.__opened.splice(0, 5000);
            return plain;
          };
        }
        """;

    [Fact]
    public async Task A_private_message_is_read_by_those_whom_it_is_for_alone_and_is_never_sent_to_all()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        var budi = await company.JoinAsync(BrowserKind.Chromium, "Budi", Posting);
        var citra = await company.JoinAsync(BrowserKind.Chromium, "Citra");
        await company.WaitUntilAllAreEncryptedAsync(Limit);
        foreach (var participant in company.People) await participant.Page.EvaluateInWorkerAsync(Tap);
        foreach (var participant in new[] { sari, budi }) await participant.Page.ClickAsync("room-chat");
        var (toCitra, toModerators, late) = ($"bisik-{Guid.NewGuid():N}", $"lapor-{Guid.NewGuid():N}", $"tunda-{Guid.NewGuid():N}");

        // By keyboard, from the list that is searched by typing.
        await ChooseAsync(budi, "Citra");
        await SayAsync(budi, toCitra);
        await HasAsync(citra, "an unread message", "() => document.querySelector('[data-testid=chat-unread]')?.textContent === '1'");
        await HasAsync(citra, "the announcement", $"() => document.querySelector('[data-testid=room-announcer]').textContent.includes('Pesan pribadi dari Budi: {toCitra}')");
        await citra.Page.ClickAsync("room-chat");
        await HasAsync(citra, "the message, marked by a word", $"() => {Message(toCitra)}?.closest('[data-private=person]').querySelector('[data-testid=chat-private]').textContent === 'pribadi'");
        await HasAsync(budi, "his own, with whom it was for", $"() => {Message(toCitra)}?.closest('[data-private=person]').querySelector('[data-testid=chat-private]').textContent === 'pribadi, kepada Citra'");
        // The choice holds for the next message, files have to wait, and an answer goes back to him alone.
        Assert.True(await IsAsync(budi, "() => document.querySelector('[data-testid=chat-to]').value.startsWith('Citra') && document.querySelector('[data-testid=chat-attach]').disabled"));
        await citra.Page.ClickAsync("chat-answer");
        await SayAsync(citra, "Baik, Budi.");
        await HasAsync(budi, "the answer", $"() => {Message("Baik, Budi.")} !== undefined");

        await ChooseAsync(budi, "Moderator");
        await SayAsync(budi, toModerators);
        await HasAsync(sari, "what is for moderators", $"() => {Message(toModerators)}?.closest('[data-private=moderators]') != null");
        Assert.Equal((false, true), (await DecryptedAsync(sari, toCitra), await DecryptedAsync(citra, toCitra)));
        Assert.Equal((true, false), (await DecryptedAsync(sari, toModerators), await DecryptedAsync(citra, toModerators)));
        Assert.False(await IsAsync(sari, $"() => document.body.textContent.includes('{toCitra}') || document.body.textContent.includes('Baik, Budi.')"));
        Assert.False(await IsAsync(citra, $"() => document.body.textContent.includes('{toModerators}')"));

        // What the policy forbids the page does not send, and the server does not take.
        Assert.Equal("none", await PostAgainAsync(budi, "allowed"));
        await SetPolicyAsync(sari, "Tidak diizinkan");
        await HasAsync(budi, "that it is not allowed", "() => document.querySelector('[data-testid=chat-hint]').textContent.includes('tidak mengizinkan pesan pribadi')");
        await budi.Page.FillAsync("chat-input", late);
        Assert.True(await IsAsync(budi, "() => document.querySelector('[data-testid=chat-send]').disabled"));
        Assert.Equal("notAllowed", await PostAgainAsync(budi, "refused"));
        await SetPolicyAsync(sari, "Kepada siapa saja");

        // Who is gone is named as gone: the words stay in the field, and go to nobody.
        await HasAsync(budi, "that it is allowed again", "() => !document.querySelector('[data-testid=chat-send]').disabled");
        await ChooseAsync(budi, "Citra");
        await citra.LeaveAsync();
        company.Remove(citra);
        await HasAsync(budi, "that she is gone", "() => document.querySelector('[data-testid=chat-hint]').textContent.includes('Citra tidak ada di rapat')");
        Assert.True(await IsAsync(budi, $"() => document.querySelector('[data-testid=chat-send]').disabled && document.querySelector('[data-testid=chat-input]').value === '{late}'"));
        await budi.Page.ClickAsync("chat-input");
        await budi.Page.PressAsync("Enter");
        await ChooseAsync(budi, "Semua");
        await SayAsync(budi, "untuk semua");
        await HasAsync(sari, "what is for all", $"() => {Message("untuk semua")} !== undefined");
        Assert.False(await DecryptedAsync(sari, late));
        await citra.DisposeAsync();
    }

    private static string Message(string text) => $"[...document.querySelectorAll('[data-testid=chat-message]')].find(message => message.textContent === '{text}')";

    private static async Task ChooseAsync(Participant participant, string name)
    {
        await participant.Page.ClickAsync("chat-to");
        await participant.Page.FillAsync("chat-to", name);
        await participant.Page.PressAsync("ArrowDown");
        await participant.Page.PressAsync("Enter");
        await HasAsync(participant, $"{name} as the choice", $"() => document.querySelector('[data-testid=chat-to]').value.startsWith('{name}') && document.querySelector('[role=listbox]') === null");
    }

    private static async Task SayAsync(Participant participant, string text)
    {
        await participant.Page.FillAsync("chat-input", text);
        await participant.Page.ClickAsync("chat-send");
    }

    private static async Task SetPolicyAsync(Participant moderator, string words)
    {
        await moderator.Page.ClickAsync("room-host");
        await moderator.Page.WaitForAsync("host-privateChat", Limit);
        await moderator.Page.ClickAsync("host-privateChat");
        await HasAsync(moderator, "the policies", "() => document.querySelectorAll('[role=option]').length === 3");
        await moderator.Page.EvaluateAsync($"() => [...document.querySelectorAll('[role=option]')].find(option => option.textContent === '{words}').click()");
        await HasAsync(moderator, "the policy", $"() => document.querySelector('[role=option]') === null && document.querySelector('[data-testid=host-privateChat]').textContent === '{words}'");
        await moderator.Page.ClickAsync("host-sheet-close");
    }

    private static async Task<string?> PostAgainAsync(Participant participant, string name) =>
        (await participant.Page.EvaluateAsync($"() => window.__postAgain('{name}')")).GetString();

    /// <summary>Whether the words were ever among what the page's worker decrypted.</summary>
    private static async Task<bool> DecryptedAsync(Participant participant, string words) =>
        (await participant.Page.EvaluateInWorkerAsync($"() => self.__opened.length > 0 && self.__opened.some(text => text.includes('{words}'))")).GetBoolean();

    private static async Task<bool> IsAsync(Participant participant, string function) => (await participant.Page.EvaluateAsync(function)).ValueKind == JsonValueKind.True;

    private static Task<TimeSpan> HasAsync(Participant participant, string what, string function) => Wait.UntilAsync(
        $"{participant.Name} has {what}", Limit, () => IsAsync(participant, function),
        async () => $"{(await participant.Page.EvaluateAsync("() => document.querySelector('[data-testid=chat-panel]')?.innerText ?? document.body.innerText")).GetString()}\n{Log.Take()}");
}
