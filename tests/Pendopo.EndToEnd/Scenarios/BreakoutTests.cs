using System.Text.Json;
using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>Breakout rooms in the product: out by chance, each room for itself, and back (docs/decisions/0011-breakout-rooms-are-meetings.md).</summary>
public sealed class BreakoutTests(Browsers browsers, ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    /// <summary>The countdown, and some time to come back.</summary>
    private static readonly TimeSpan ReturnLimit = TimeSpan.FromSeconds(50);

    /// <summary>Keeps the workers of the page, so that somebody can say what no button of his says.</summary>
    private static readonly PageOptions Insider = new()
    {
        Script = """
            ;{
              const Native = window.Worker;
              window.__workers = [];
              window.Worker = class extends Native {
                constructor(url, options) {
                  super(url, options);
                  if (options?.name === 'e2ee') window.__workers.push(this);
                }
              };
            }
            """,
    };

    [Fact]
    public async Task Three_people_part_by_chance_meet_only_in_their_rooms_and_come_back_muted()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        var budi = await company.JoinAsync(BrowserKind.Chromium, "Budi", Insider);
        var citra = await company.JoinAsync(BrowserKind.Chromium, "Citra");
        await company.WaitUntilAllAreEncryptedAsync(Limit);

        // Budi's client lies, and nobody goes anywhere. What he says next is heard later than that.
        await budi.Page.EvaluateAsync(
            """
            () => window.__workers[0].postMessage({ type: 'command', command: { type: 'say', content: { type: 'breakout', act: {
              kind: 'rooms', plan: new Uint8Array(16), isTold: false, choosesSelf: true, left: null, people: [],
              rooms: [{ number: 1, name: 'Palsu', meetingId: Uint8Array.of(0xac, ...new Uint8Array(17)), fragment: new Uint8Array(32) }],
            } } } })
            """);
        await budi.Page.ClickAsync("room-chat");
        await budi.Page.FillAsync("chat-input", "sudah");
        await budi.Page.ClickAsync("chat-send");
        await sari.Page.ClickAsync("room-chat");
        await TextAsync(sari, "chat-list", "sudah");
        foreach (var participant in company.People) Assert.False(await participant.Page.ExistsAsync("breakout-bar"));

        await budi.Page.ClickAsync("room-mic");
        await OpenPanelAsync(sari);
        await sari.Page.FillAsync("breakout-minutes", "");
        await PressAsync(sari, "breakout-open");
        foreach (var participant in new[] { budi, citra }) await participant.Page.WaitForAsync("breakout-here", Limit);
        var (ofBudi, ofCitra) = (await RoomAsync(budi), await RoomAsync(citra));
        Assert.Equal([1, 2], new[] { ofBudi, ofCitra }.Order());
        await ContextsAsync(budi, 1);

        // The moderator visits one of the rooms: those two see each other, and she who is in the other one sees nobody.
        await PressAsync(sari, $"breakout-visit-{ofBudi}");
        await sari.Page.WaitForAsync("breakout-here", Limit);
        foreach (var participant in new[] { sari, budi })
        {
            await ContextsAsync(participant, 2);
            await SeesAsync(participant, 1);
        }

        await Wait.UntilAsync("Budi hears Sari", Limit, async () => (await budi.Page.StatsAsync())!.Audio.Any(stream => stream.TotalAudioEnergy > 0), () => Task.FromResult(Log.Take()));
        Assert.DoesNotContain((await sari.Page.StatsAsync())!.Audio, stream => stream.TotalAudioEnergy > 0);
        Assert.Empty((await citra.Page.StatsAsync())!.Video);
        Assert.Empty((await citra.Page.StatsAsync())!.Audio);

        // He is sent over to her. Her room's statement does not name him: her own client lets him in, on the moderator's word in the main room.
        await OpenPanelAsync(sari);
        await ChooseAsync(sari, "breakout-move-1", ofCitra);
        foreach (var participant in new[] { budi, citra }) await ContextsAsync(participant, 2);
        await SeesAsync(citra, 1);
        Assert.Equal(ofCitra, await RoomAsync(budi));

        // Everybody is called back. While the time runs, words reach all rooms, and who reloads comes back to hers.
        await PressAsync(sari, "breakout-end");
        await sari.Page.ClickAsync("confirm-do");
        foreach (var participant in company.People) await participant.Page.WaitForAsync("breakout-closing", Limit);
        await sari.Page.FillAsync("breakout-word-input", "Mohon satu kesimpulan per ruang");
        await PressAsync(sari, "breakout-word-send");
        foreach (var participant in company.People) await TextAsync(participant, "breakout-word", "Mohon satu kesimpulan per ruang");
        await citra.Page.GoToAsync("about:blank");
        await citra.Page.GoToAsync(company.Link);
        await citra.Page.WaitForAsync("prejoin-join", Limit);
        await citra.KnockAsync();
        await citra.Page.WaitForAsync("breakout-here", Limit);
        Assert.Equal(ofCitra, await RoomAsync(citra));
        await PressAsync(citra, "breakout-help");
        await PressAsync(sari, $"breakout-answer-{ofCitra}");
        await ContextsAsync(citra, 3);
        await SeesAsync(citra, 2);

        foreach (var participant in company.People)
        {
            await participant.Page.WaitForAsync("breakout-returned", ReturnLimit);
            Assert.False(await participant.Page.ExistsAsync("breakout-bar"));
            Assert.True(await IsMutedAsync(participant), $"{participant.Name} is back and may be heard.");
        }

        await company.WaitUntilAllAreEncryptedAsync(Limit);
        foreach (var participant in company.People) await SeesAsync(participant, 2);
        foreach (var participant in company.People) Assert.Equal("over", await AttributeAsync(participant, "breakout-returned", "why"));
    }

    private static async Task OpenPanelAsync(Participant participant)
    {
        await participant.Page.ClickAsync("room-activities");
        await PressAsync(participant, "room-more-breakout");
        await participant.Page.WaitForAsync("breakout-panel", Limit);
    }

    private static async Task PressAsync(Participant participant, string testId)
    {
        await participant.Page.WaitForAsync(testId, Limit);
        await participant.Page.ClickAsync(testId);
    }

    /// <summary>Takes the entry at that place of a list that drops down.</summary>
    private static async Task ChooseAsync(Participant participant, string testId, int index)
    {
        await PressAsync(participant, testId);
        await Wait.UntilAsync("the list is open", Limit, async () => (await participant.Page.EvaluateAsync("() => document.querySelectorAll('[role=option]').length > 0")).GetBoolean());
        await participant.Page.EvaluateAsync("index => document.querySelectorAll('[role=option]')[index].click()", index);
    }

    private static async Task<int> RoomAsync(Participant participant) => int.Parse((await AttributeAsync(participant, "breakout-bar", "room"))!, System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string?> AttributeAsync(Participant participant, string testId, string name) => (await participant.Page.EvaluateAsync(
        "(id, name) => document.querySelector(`[data-testid=${id}]`)?.dataset[name] ?? null", testId, name)).GetString();

    /// <summary>The button offers to unmute, in either language.</summary>
    private static async Task<bool> IsMutedAsync(Participant participant) => (await participant.Page.EvaluateAsync(
        "() => ['Aktifkan mikrofon', 'Unmute microphone'].some(label => document.querySelector('[data-testid=room-mic]').getAttribute('aria-label').startsWith(label))")).GetBoolean();

    /// <summary>The group that the page is in has so many leaves, and the badge says that it is encrypted.</summary>
    private static Task<TimeSpan> ContextsAsync(Participant participant, int count) => Wait.UntilAsync(
        $"{participant.Name} is in a group of {count}", Limit,
        async () => await participant.BadgeAsync() == "encrypted" && (await participant.Page.EvaluateAsync(
            "async () => { const { counter } = (await window.__pendopo.stats()).encryption; return [counter.present, counter.keys, counter.receivers]; }")).Deserialize<int[]>()!.All(number => number == count),
        async () => $"{await participant.BadgeAsync()} {await participant.Page.EvaluateAsync("async () => JSON.stringify((await window.__pendopo.stats())?.encryption ?? null)")} {Log.Take()}");

    /// <summary>So many pictures move on the connection that the page uses now.</summary>
    private static async Task SeesAsync(Participant participant, int others)
    {
        Dictionary<string, long> before = [];
        await Wait.UntilAsync(
            $"{participant.Name} sees {others}", Limit,
            async () =>
            {
                var now = (await participant.Page.StatsAsync())?.Video.ToDictionary(stream => stream.Mid, stream => stream.FramesDecoded) ?? [];
                var moving = now.Count(stream => before.TryGetValue(stream.Key, out var frames) && stream.Value > frames);
                before = now;
                return moving == others;
            },
            () => Task.FromResult(Log.Take()));
    }

    private static Task<TimeSpan> TextAsync(Participant participant, string testId, string text) => Wait.UntilAsync(
        $"{participant.Name} reads {text}", Limit,
        async () => (await participant.Page.EvaluateAsync("id => document.querySelector(`[data-testid=${id}]`)?.textContent ?? ''", testId)).GetString()!.Contains(text, StringComparison.Ordinal),
        () => Task.FromResult(Log.Take()));
}
