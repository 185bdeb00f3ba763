using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>
/// Sharing screens by the browser's own getDisplayMedia, whose question Chromium answers by itself here and whose screen it paints: as large as the page, with a sound.
/// </summary>
public sealed class ShareTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly int ScreenHeight = new PageOptions().Height;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    private static readonly PageOptions Refusing = new()
    {
        Script = ";navigator.mediaDevices.getDisplayMedia = () => Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));",
    };

    private static readonly PageOptions OfferingOwnTab = new()
    {
        Script = """
            ;{
              const ask = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices);
              navigator.mediaDevices.getDisplayMedia = async wishes => (window.__captured = await ask({ ...wishes, selfBrowserSurface: 'include', preferCurrentTab: true }));
            }
            """,
    };

    [Fact]
    public async Task Two_share_at_once_each_is_told_to_whom_and_a_moderator_a_lost_socket_and_a_refusal_leave_no_false_word()
    {
        await using var browsers = new Browsers { ChromiumArguments = ["--use-fake-device-for-media-stream=display-media-type=monitor,fps=10"] };
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        var budi = await company.JoinAsync(BrowserKind.Chromium, "Budi");
        var citra = await company.JoinAsync(BrowserKind.Chromium, "Citra", Refusing);
        await company.WaitUntilAllAreEncryptedAsync(Limit);
        var (sariId, budiId) = (await SelfAsync(sari), await SelfAsync(budi));

        // Every pixel of it arrives; who shares is told to whom it goes, and nobody else is.
        await budi.Page.ClickAsync("room-share");
        await budi.Page.WaitForAsync("sharing-mirror", Limit);
        foreach (var viewer in new[] { sari, citra })
        {
            await viewer.Page.WaitForAsync($"tile-{budiId}:screen", Limit);
            await SeesScreenAsync(viewer, budiId);
        }

        await AudienceAsync(budi, "Sari", "Citra");
        Assert.False(await sari.Page.ExistsAsync("room-sharing"));

        // A second one at once: whoever looks chooses between them.
        await sari.Page.ClickAsync("room-share");
        await citra.Page.WaitForAsync($"screen-{sariId}:screen", Limit);
        await citra.Page.ClickAsync($"screen-{sariId}:screen");
        await SeesScreenAsync(citra, sariId);
        await AudienceAsync(sari, "Budi", "Citra");

        // Refused by the browser: nothing is shared, and the person reads why.
        await citra.Page.ClickAsync("room-share");
        await Wait.UntilAsync("Citra reads why nothing is shared", Limit, async () =>
            (await citra.Page.EvaluateAsync("() => [...document.querySelectorAll('[data-testid=room-banner]')].some(banner => /izin/i.test(banner.textContent))")).GetBoolean());
        Assert.False(await citra.Page.ExistsAsync("room-sharing"));

        // Who leaves gets it no more.
        company.Remove(citra);
        await citra.LeaveAsync();
        await AudienceAsync(sari, "Budi");

        // A moderator stops one of the two; his own page says so, and the other's goes on.
        await sari.Page.ClickAsync("room-participants");
        await sari.Page.WaitForAsync("member-acts-1", Limit);
        await sari.Page.ClickAsync("member-acts-1");
        await sari.Page.WaitForAsync("moderate-stopShare", Limit);
        await sari.Page.ClickAsync("moderate-stopShare");
        await GoneAsync(budi, "room-sharing");
        await GoneAsync(sari, $"tile-{budiId}:screen");
        await SeesScreenAsync(budi, sariId);

        // The server goes away and comes back: meanwhile nothing is claimed, then it is delivered and told anew.
        foreach (var participant in company.People) await participant.Page.EvaluateAsync("() => { window.__probe.forget(); }");
        await fixture.Server.StopAsync();
        await DeliveryAsync(sari, "unknown");
        await fixture.Server.RestartAsync();
        await AudienceAsync(sari, "Budi");
        await SeesScreenAsync(budi, sariId);
        await sari.Page.ClickAsync("room-stop-share");
        await GoneAsync(sari, "room-sharing");
        await GoneAsync(budi, $"tile-{sariId}:screen");
        await citra.DisposeAsync();
    }

    /// <summary>A browser that offers the meeting's own tab all the same, and somebody who takes it: the real capture of the real tab is known again and given back.</summary>
    [Fact]
    public async Task The_meetings_own_tab_is_given_back_with_a_word_why()
    {
        await using var browsers = new Browsers { ChromiumAnswersQuestions = false, ChromiumArguments = ["--auto-accept-this-tab-capture"] };
        await using var company = new Company(browsers);
        var sari = await company.BeginAsync(await Participant.FoundAsync(browsers, fixture.Server, "Sari", [], OfferingOwnTab));
        await sari.Page.ClickAsync("room-share");
        await Wait.UntilAsync("Sari reads that it is this meeting's own tab", Limit, async () =>
            (await sari.Page.EvaluateAsync("() => [...document.querySelectorAll('[data-testid=room-banner]')].some(banner => banner.textContent.includes('tab rapat ini sendiri'))")).GetBoolean(),
            async () => (await sari.Page.EvaluateAsync("() => document.body.innerText.slice(0, 400)")).GetString()!);
        Assert.False(await sari.Page.ExistsAsync("room-sharing"));
        Assert.Equal(["ended"], (await sari.Page.EvaluateAsync("() => window.__captured.getVideoTracks().map(track => track.readyState)")).EnumerateArray().Select(state => state.GetString()));
    }

    private static async Task<string> SelfAsync(Participant participant) =>
        (await participant.Page.EvaluateAsync("async () => (await window.__pendopo.stats()).self")).GetString()!;

    /// <summary>Frames of the whole height go on being decoded.</summary>
    private static async Task SeesScreenAsync(Participant viewer, string sharer)
    {
        const string screen = """
            async sharer => {
              const seats = (await window.__pendopo.stats()).seats.filter(seat => seat.participantId === sharer && ['screen', 'screenAudio'].includes(seat.source));
              return [Math.max(0, ...seats.map(seat => seat.framesDecoded)), Math.max(0, ...seats.map(seat => seat.frameHeight))];
            }
            """;
        var frames = -1;
        await Wait.UntilAsync($"{viewer.Name} decodes the screen of {sharer} in full height", Limit, async () =>
        {
            var seen = await viewer.Page.EvaluateAsync(screen, sharer);
            if (seen[1].GetInt32() != ScreenHeight) return false;
            if (frames < 0) frames = seen[0].GetInt32();
            return seen[0].GetInt32() >= frames + 3;
        }, async () => (await viewer.Page.EvaluateAsync("async () => JSON.stringify((await window.__pendopo.stats())?.seats)")).ToString());
    }

    /// <summary>Opens the list of those to whom the own screen is delivered, and closes it.</summary>
    private static async Task AudienceAsync(Participant sharer, params string[] names)
    {
        await DeliveryAsync(sharer, "told");
        await Wait.UntilAsync($"{sharer.Name} is told of {string.Join(" and ", names)}", Limit, async () =>
            (await sharer.Page.EvaluateAsync("() => document.querySelector('[data-testid=sharing-audience]')?.textContent ?? ''")).GetString()!.Contains($"{names.Length} dari {names.Length}", StringComparison.Ordinal),
            async () => (await sharer.Page.EvaluateAsync("() => document.querySelector('[data-testid=room-sharing]')?.textContent ?? 'no bar'")).GetString()!);
        await sharer.Page.ClickAsync("sharing-audience");
        await sharer.Page.WaitForAsync("sharing-reached", Limit);
        var listed = (await sharer.Page.EvaluateAsync("() => [...document.querySelectorAll('[data-testid=sharing-reached] li')].map(item => item.textContent).join(' ')")).GetString()!;
        foreach (var name in names) Assert.Contains(name, listed, StringComparison.Ordinal);
        Assert.False(await sharer.Page.ExistsAsync("sharing-missed"));
        await sharer.Page.PressAsync("Escape");
        await GoneAsync(sharer, "sharing-list");
    }

    private static Task<TimeSpan> DeliveryAsync(Participant sharer, string state) => Wait.UntilAsync($"{sharer.Name}'s bar says {state}", Limit, async () =>
        (await sharer.Page.EvaluateAsync("() => document.querySelector('[data-testid=room-sharing]')?.dataset.delivery ?? null")).GetString() == state);

    private static Task<TimeSpan> GoneAsync(Participant participant, string testId) =>
        Wait.UntilAsync($"{participant.Name} shows no {testId}", Limit, async () => !await participant.Page.ExistsAsync(testId));
}
