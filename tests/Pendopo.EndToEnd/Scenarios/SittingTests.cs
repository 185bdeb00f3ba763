using System.Text.Json;
using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>A formal sitting in the product, from its opening with a quorum to fixed minutes (docs/sittings.md).</summary>
public sealed class SittingTests(Browsers browsers, ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    /// <summary>Making a PDF loads the library that writes it.</summary>
    private static readonly TimeSpan PdfLimit = TimeSpan.FromSeconds(60);

    /// <summary>Keeps what would be saved, in place of the browser's own download.</summary>
    private static readonly PageOptions Keeping = new()
    {
        Script = """
            (() => {
              const blobs = new Map();
              window.__saved = [];
              const create = URL.createObjectURL.bind(URL);
              URL.createObjectURL = blob => { const address = create(blob); blobs.set(address, blob); return address; };
              HTMLAnchorElement.prototype.click = function () { const blob = blobs.get(this.href); void blob.arrayBuffer().then(bytes => window.__saved.push({ name: this.download, bytes: new Uint8Array(bytes) })); };
            })();
            """,
    };

    [Fact]
    public async Task A_sitting_opens_with_a_quorum_hears_votes_and_ends_with_fixed_minutes()
    {
        await using var company = new Company(browsers);
        var sari = await company.BeginAsync(await Participant.FoundAsync(browsers, fixture.Server, "Sari", [], Keeping));
        var budi = await company.JoinAsync(BrowserKind.Chromium, "Budi");
        var citra = await company.JoinAsync(BrowserKind.Chromium, "Citra");
        await company.WaitUntilAllAreEncryptedAsync(Limit);

        await OpenPanelAsync(sari);
        await sari.Page.FillAsync("sitting-title", "Rapat paripurna");
        await sari.Page.FillAsync("sitting-agenda", "Pengesahan anggaran; 30");
        foreach (var leaf in new[] { 1, 2 }) await CheckAsync(sari, $"sitting-member-{leaf}");
        await PressAsync(sari, "sitting-open");
        foreach (var participant in company.People) await PhaseAsync(participant, "gathering");
        // Neither of the two members has signed: there is no quorum to begin with.
        Assert.False(await IsEnabledAsync(sari, "sitting-begin"));
        foreach (var participant in new[] { budi, citra }) await PressAsync(participant, "sitting-bar-sign");
        await Wait.UntilAsync("the quorum is reached", Limit, () => IsEnabledAsync(sari, "sitting-begin"));
        await PressAsync(sari, "sitting-begin");
        foreach (var participant in company.People) await PhaseAsync(participant, "sitting");

        // Who reloads his page is still present, and keeps his place among those who asked to speak.
        await TabAsync(citra, "floor");
        await PressAsync(citra, "sitting-ask");
        await TabAsync(sari, "floor");
        await sari.Page.WaitForAsync("sitting-grant-0", Limit);
        await citra.Page.GoToAsync("about:blank");
        await citra.Page.GoToAsync(company.Link);
        await citra.Page.WaitForAsync("prejoin-join", Limit);
        await citra.KnockAsync();
        await citra.WaitForRoomAsync();
        await PhaseAsync(citra, "sitting");
        await PressAsync(sari, "sitting-grant-0");
        foreach (var participant in company.People) await SpeaksAsync(participant, "Citra");
        await PressAsync(sari, "sitting-end-speech");

        await TabAsync(sari, "voting");
        await sari.Page.FillAsync("sitting-question", "Anggaran disetujui?");
        await PressAsync(sari, "sitting-open-vote");
        await PressAsync(budi, "sitting-vote-yes");
        await PressAsync(citra, "sitting-vote-no");
        await Wait.UntilAsync("both votes are cast", Limit, async () => (await TextAsync(sari, "sitting-cast")).Contains('2', StringComparison.Ordinal));
        await PressAsync(sari, "sitting-close-vote");
        await sari.Page.WaitForAsync("sitting-result", Limit);

        await PressAsync(sari, "sitting-close");
        await sari.Page.ClickAsync("confirm-do");
        await TabAsync(sari, "minutes");
        await PressAsync(sari, "sitting-fix");
        await sari.Page.ClickAsync("confirm-do");
        await Wait.UntilAsync("the minutes are fixed", Limit, async () =>
            (await sari.Page.EvaluateAsync("() => document.querySelector('[data-testid=sitting-minutes-state]')?.dataset.fixed === 'true'")).GetBoolean());
        await PressAsync(sari, "sitting-json");
        await SavedAsync(sari, 1, Limit);
        using var record = JsonDocument.Parse((await sari.Page.EvaluateAsync("() => new TextDecoder().decode(__saved[0].bytes)")).GetString()!);
        var json = record.RootElement.GetRawText();
        foreach (var said in new[] { "Rapat paripurna", "Pengesahan anggaran", "Anggaran disetujui?", "Budi", "Citra" }) Assert.Contains(said, json, StringComparison.Ordinal);
        await PressAsync(sari, "sitting-pdf");
        await SavedAsync(sari, 2, PdfLimit);
        Assert.StartsWith("%PDF-", (await sari.Page.EvaluateAsync("() => new TextDecoder('latin1').decode(__saved[1].bytes.subarray(0, 8))")).GetString(), StringComparison.Ordinal);
        Assert.InRange((await sari.Page.EvaluateAsync("() => __saved[1].bytes.length")).GetInt32(), 5_000, 5_000_000);

        // Anybody who is given the file sees that its signatures hold, and that those of a changed one do not.
        await citra.Page.GoToAsync($"{fixture.Server.Address}/verify");
        await citra.Page.WaitForAsync("verify-link", Limit);
        await citra.Page.FillAsync("verify-link", company.Link);
        await VerifyAsync(citra, json, "holds");
        var shown = (await citra.Page.EvaluateAsync("() => document.querySelector('[data-testid=verify]').innerText")).GetString()!;
        foreach (var part in new[] { "Semua tanda tangan sah", "Rapat paripurna", "Risalah sudah disahkan", "Sari", "Budi", "Anggaran disetujui?", "berasal dari rapat pada tautan" }) Assert.Contains(part, shown, StringComparison.Ordinal);
        await citra.Page.ClickAsync("verify-again");
        await VerifyAsync(citra, json.Replace("Anggaran disetujui?", "Anggaran ditolak?", StringComparison.Ordinal), "minutesDiffer");
    }

    /// <summary>Drops a record on the page that verifies.</summary>
    private static async Task VerifyAsync(Participant participant, string record, string outcome)
    {
        await participant.Page.WaitForAsync("verify-choose", Limit);
        await participant.Page.EvaluateAsync(
            """
            record => {
              const transfer = new DataTransfer();
              transfer.items.add(new File([record], 'risalah.json', { type: 'application/json' }));
              document.querySelector('[data-testid=verify]').dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }));
            }
            """,
            record);
        await Wait.UntilAsync($"the record is judged: {outcome}", Limit, async () =>
            (await participant.Page.EvaluateAsync("() => document.querySelector('[data-testid=verify]').dataset.outcome ?? null")).GetString() == outcome);
    }

    private static async Task OpenPanelAsync(Participant participant)
    {
        await participant.Page.ClickAsync("room-activities");
        await participant.Page.WaitForAsync("room-more-sitting", Limit);
        await participant.Page.ClickAsync("room-more-sitting");
        await participant.Page.WaitForAsync("sitting-panel", Limit);
    }

    private static Task TabAsync(Participant participant, string part) => participant.Page.ClickAsync($"sitting-tab-{part}");

    /// <summary>Presses once the sitting has taken the act before.</summary>
    private static async Task PressAsync(Participant participant, string testId)
    {
        await Wait.UntilAsync(
            $"{participant.Name} may press {testId}", Limit, () => IsEnabledAsync(participant, testId),
            async () => (await participant.Page.EvaluateAsync("() => document.body.innerText")).GetString()!);
        await participant.Page.ClickAsync(testId);
    }

    private static Task<JsonElement> CheckAsync(Participant participant, string testId) =>
        participant.Page.EvaluateAsync("id => document.querySelector(`[data-testid=${id}] input`).click()", testId);

    private static async Task<bool> IsEnabledAsync(Participant participant, string testId) => (await participant.Page.EvaluateAsync(
        "id => { const button = document.querySelector(`[data-testid=${id}]`); return button !== null && !button.disabled; }", testId)).GetBoolean();

    private static async Task<string> TextAsync(Participant participant, string testId) =>
        (await participant.Page.EvaluateAsync("id => document.querySelector(`[data-testid=${id}]`)?.textContent ?? ''", testId)).GetString()!;

    /// <summary>The bar stands in everybody's room while there is a sitting, and the panel says its phase.</summary>
    private static async Task PhaseAsync(Participant participant, string phase)
    {
        if (!await participant.Page.ExistsAsync("sitting-panel"))
        {
            await participant.Page.WaitForAsync("sitting-bar", Limit);
            await OpenPanelAsync(participant);
        }

        await Wait.UntilAsync($"{participant.Name} sees {phase}", Limit, async () =>
            (await participant.Page.EvaluateAsync("phase => document.querySelector('[data-testid=sitting-phase]')?.dataset.phase === phase", phase)).GetBoolean(),
            async () => (await participant.Page.EvaluateAsync("() => document.body.innerText")).GetString()!);
    }

    private static Task<TimeSpan> SpeaksAsync(Participant participant, string name) => Wait.UntilAsync(
        $"{participant.Name} sees {name} speak", Limit, async () => (await TextAsync(participant, "sitting-bar-speaker")).Contains(name, StringComparison.Ordinal));

    private static Task<TimeSpan> SavedAsync(Participant participant, int count, TimeSpan limit) => Wait.UntilAsync(
        $"{count} files are saved", limit, async () => (await participant.Page.EvaluateAsync("() => window.__saved.length")).GetInt32() == count,
        async () => (await participant.Page.EvaluateAsync("() => document.body.innerText")).GetString()!);
}
