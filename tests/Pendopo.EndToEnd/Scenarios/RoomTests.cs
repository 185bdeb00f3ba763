using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>What people do in the room beside talking: how they see it, what they show each other, and all of it by keyboard.</summary>
public sealed class RoomTests(Browsers browsers, ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    /// <summary>Below this no sound is decoded in two seconds: the tone has a hundred times more.</summary>
    private const double Silence = 1e-5;

    private static readonly PageOptions Telephone = new() { Width = 390, Height = 844 };

    [Fact]
    public async Task A_moderators_spotlight_and_everybodys_reactions_are_seen_by_all_and_a_layout_by_its_owner_alone()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        var budi = await company.JoinAsync(BrowserKind.Chromium, "Budi", Telephone);
        await company.WaitUntilAllAreEncryptedAsync(Limit);
        await StageAsync(sari, "");

        // Only a moderator is offered the spotlight.
        var host = await OwnTileAsync(sari);
        var guest = await OwnTileAsync(budi);
        Assert.True(await sari.Page.ExistsAsync($"spotlight-{guest}"));
        Assert.False(await budi.Page.ExistsAsync($"spotlight-{host}"));
        await PushAsync(sari, $"spotlight-{guest}");
        foreach (var participant in company.People) await StageAsync(participant, guest);

        // Who comes later stands before the same stage.
        var citra = await company.JoinAsync(BrowserKind.Chromium, "Citra");
        await StageAsync(citra, guest);

        // A pin is for oneself, and comes before the spotlight.
        await PushAsync(citra, $"pin-{host}");
        await StageAsync(citra, host);
        await StageAsync(budi, guest);
        await PushAsync(citra, $"pin-{host}");
        await PushAsync(sari, $"spotlight-{guest}");
        foreach (var participant in company.People) await StageAsync(participant, "");

        await citra.Page.ClickAsync("room-layout");
        await citra.Page.ClickAsync("layout-speaker");
        await SeesAsync(citra, "one on the stage", "() => document.querySelector('[data-testid=room-stage]').dataset.layout === 'speaker'");
        await citra.Page.ClickAsync("layout-hide-self");
        await SeesAsync(citra, "no tile of her own", $"() => document.querySelector('[data-testid=\"tile-{await OwnTileAsync(citra)}\"]') === null");
        await StageAsync(sari, "");

        // Reactions: from a telephone, by its menu.
        await budi.Page.ClickAsync("room-more");
        await budi.Page.ClickAsync("room-more-react");
        await budi.Page.ClickAsync("react-clap");
        await SeesAsync(sari, "the reaction over Budi's tile", $"() => document.querySelector('[data-testid=\"reactions-{guest}\"] [data-reaction=clap]') !== null");
        await SeesAsync(sari, "the reaction told once", "() => document.querySelector('[data-testid=room-announcer]').textContent.includes('Tepuk tangan')");
        await SeesAsync(sari, "the reaction gone", $"() => document.querySelector('[data-testid=\"reactions-{guest}\"]') === null");
    }

    [Fact]
    public async Task Holding_the_key_is_heard_by_others_and_speaking_while_muted_is_told_to_oneself()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        var budi = await company.JoinAsync(BrowserKind.Chromium, "Budi");
        await company.WaitUntilAllSeeAndHearAllAsync(Limit);

        // The microphone is a tone without pause: muted, it is speech that nobody hears.
        await sari.Page.ClickAsync("room-mic");
        await sari.Page.WaitForAsync("muted-nudge", Limit);
        await SilenceAsync(budi);

        await sari.Page.EvaluateAsync("() => document.activeElement.blur()");
        await sari.Page.HoldAsync("v");
        await sari.Page.WaitForAsync("push-to-talk", Limit);
        await Wait.UntilAsync($"{budi.Name} hears the one who holds the key", Limit, async () => await EnergyGrowthAsync(budi) > 10 * Silence);
        await sari.Page.LetGoAsync("v");
        await SeesAsync(sari, "the key let go", "() => document.querySelector('[data-testid=push-to-talk]') === null");
        await SilenceAsync(budi);
    }

    [Fact]
    public async Task The_small_window_wears_the_products_styles_and_mutes()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        await sari.Page.ClickAsync("room-layout");
        await sari.Page.ClickAsync("layout-pip");
        await SeesAsync(sari, "the small window in its styles", """
            () => {
              const view = window.documentPictureInPicture.window;
              const button = view?.document.querySelector('[data-testid=small-mic]');
              return button != null && view.getComputedStyle(button).width === '44px';
            }
            """);
        await sari.Page.EvaluateAsync("() => window.documentPictureInPicture.window.document.querySelector('[data-testid=small-mic]').click()");
        await SeesAsync(sari, "herself muted", "() => document.querySelector('[data-testid=room-mic]').ariaLabel === 'Aktifkan mikrofon'");
        await sari.Page.EvaluateAsync("() => window.documentPictureInPicture.window.document.querySelector('[data-testid=small-leave]').click()");
        await sari.Page.WaitForAsync("over-left", Limit);
        await SeesAsync(sari, "no small window", "() => window.documentPictureInPicture.window === null");
    }

    [Fact]
    public async Task All_of_a_meeting_is_done_by_keyboard_alone()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        var budi = await Participant.OpenAsync(browsers, BrowserKind.Chromium, company.Link, "Budi");
        await TabToAsync(budi, "prejoin-join");
        await budi.Page.PressAsync("Enter");
        await company.EnterKnockingAsync(budi);
        await company.WaitUntilAllAreEncryptedAsync(Limit);
        var own = await OwnTileAsync(budi);

        await budi.Page.PressAsync("F2");
        await SeesAsync(budi, "the focus on the first control", "() => document.activeElement.dataset.testid === 'room-mic'");
        await budi.Page.PressAsync("Control+d");
        await SeesAsync(sari, "Budi muted", $"() => /bisu/.test(document.querySelector('[data-testid=\"tile-{own}\"]').ariaLabel)");
        await budi.Page.PressAsync("Control+e");
        await SeesAsync(sari, "Budi without picture", $"() => document.querySelector('[data-testid=\"tile-{own}\"] video') === null");
        await budi.Page.PressAsync("Control+Shift+h");
        await SeesAsync(sari, "Budi's hand", "() => document.querySelector('[data-turn]') !== null");

        await budi.Page.PressAsync("Control+Shift+m");
        await TabToAsync(budi, "chat-input");
        // A letter that is a shortcut elsewhere.
        await budi.Page.TypeAsync("v salam");
        await budi.Page.PressAsync("Enter");
        await SeesAsync(sari, "one unread message", "() => document.querySelector('[data-testid=chat-unread]')?.textContent === '1'");
        await budi.Page.PressAsync("Control+Shift+m");
        await SeesAsync(budi, "no chat, and the focus where it was opened", "() => document.activeElement.dataset.testid === 'room-chat'");
        await budi.Page.PressAsync("Control+Shift+l");
        await budi.Page.WaitForAsync("participants-panel", Limit);
        await budi.Page.PressAsync("Escape");
        await SeesAsync(budi, "no list", "() => document.querySelector('[data-testid=participants-panel]') === null");

        await budi.Page.PressAsync("Control+Shift+?");
        await budi.Page.WaitForAsync("shortcuts", Limit);
        await budi.Page.PressAsync("Escape");
        await SeesAsync(budi, "no sheet", "() => document.querySelector('[data-testid=shortcuts]') === null");

        await TabToAsync(budi, "room-leave");
        await budi.Page.PressAsync("Enter");
        await budi.Page.WaitForAsync("over-left", Limit);
    }

    /// <summary>What the person has on the stage, by the tiles' keys.</summary>
    private static Task StageAsync(Participant participant, string expected) => SeesAsync(
        participant, expected == "" ? "no stage" : $"{expected} on the stage", $"() => document.querySelector('[data-testid=room-stage]').dataset.stage === '{expected}'");

    private static async Task<string> OwnTileAsync(Participant participant) =>
        (await participant.Page.EvaluateAsync("async () => (await window.__pendopo.stats()).self")).GetString()!;

    /// <summary>Presses a button that shows itself only while somebody points at the tile.</summary>
    private static async Task PushAsync(Participant participant, string testId)
    {
        await participant.Page.EvaluateAsync("id => document.querySelector(`[data-testid=\"${id}\"]`).focus()", testId);
        await participant.Page.PressAsync("Enter");
    }

    /// <summary>Goes there as somebody without a pointer does.</summary>
    private static async Task TabToAsync(Participant participant, string testId)
    {
        for (var press = 0; press < 60; press++)
        {
            if ((await participant.Page.EvaluateAsync("id => document.activeElement?.dataset.testid === id", testId)).GetBoolean()) return;
            await participant.Page.PressAsync("Tab");
        }

        Assert.Fail($"{participant.Name} cannot reach {testId} with the Tab key.");
    }

    private static async Task SilenceAsync(Participant participant) =>
        await Wait.UntilAsync($"{participant.Name} hears nothing", Limit, async () => await EnergyGrowthAsync(participant) < Silence);

    /// <summary>How much sound was decoded in two seconds.</summary>
    private static async Task<double> EnergyGrowthAsync(Participant participant)
    {
        var before = (await participant.Page.StatsAsync())!.Audio.Sum(stream => stream.TotalAudioEnergy);
        await Wait.MeasureForAsync(TimeSpan.FromSeconds(2));
        return (await participant.Page.StatsAsync())!.Audio.Sum(stream => stream.TotalAudioEnergy) - before;
    }

    private static async Task SeesAsync(Participant participant, string what, string condition) => await Wait.UntilAsync(
        $"{participant.Name} sees {what}", Limit, async () => (await participant.Page.EvaluateAsync(condition)).GetBoolean(),
        async () => $"{(await participant.Page.EvaluateAsync("() => `${document.activeElement?.dataset.testid} ${document.body.innerText.slice(0, 600)}`")).GetString()}\n{Log.Take()}");
}
