using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>What moderators do to people, as these see and hear it: sound and picture stop at the receivers, and only their owner brings them back.</summary>
public sealed class ModerationTests(Browsers browsers, ModeratedServerFixture fixture) : IClassFixture<ModeratedServerFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(3);

    /// <summary>A screen without the browser's question, which nobody answers here.</summary>
    private static readonly PageOptions WithScreen = new()
    {
        Script = """
            ;navigator.mediaDevices.getDisplayMedia = async () => {
              const canvas = document.createElement('canvas');
              const pen = canvas.getContext('2d');
              let turn = 0;
              setInterval(() => { pen.fillStyle = turn++ % 2 ? '#123' : '#fed'; pen.fillRect(0, 0, 300, 150); }, 100);
              return canvas.captureStream(10);
            };
            """,
    };

    /// <summary>The product's own defaults: the other tests are about media, and begin with everything on.</summary>
    [Fact]
    public async Task People_are_muted_asked_locked_and_come_back_no_louder()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        var budi = await company.JoinAsync(BrowserKind.Chromium, "Budi");
        var budiId = await SelfAsync(budi);
        await HearsAsync(sari, budiId);

        // The third enters muted, is told so, and speaks by himself.
        var citra = await company.JoinAsync(BrowserKind.Chromium, "Citra");
        await NoticeAsync(citra, "enteredMuted");
        var citraId = await SelfAsync(citra);
        await HearsNothingAsync(sari, citraId);
        await citra.Page.ClickAsync("room-mic");
        await HearsAsync(sari, citraId);

        await sari.Page.ClickAsync("room-participants");
        await ModerateAsync(sari, 1, "mute");
        await NoticeAsync(budi, "muted");
        await HearsNothingAsync(citra, budiId);

        // Asked, he says no and then yes; nobody else unmutes him.
        await ModerateAsync(sari, 1, "askToUnmute");
        await budi.Page.WaitForAsync("unmute-request", Limit);
        await budi.Page.ClickAsync("unmute-decline");
        await GoneAsync(budi, "unmute-request");
        await HearsNothingAsync(sari, budiId);
        await ModerateAsync(sari, 1, "askToUnmute");
        await budi.Page.WaitForAsync("unmute-accept", Limit);
        await budi.Page.ClickAsync("unmute-accept");
        await HearsAsync(sari, budiId);
        await GoneAsync(budi, "unmute-request");

        await sari.Page.ClickAsync("members-mute-all");
        await sari.Page.ClickAsync("confirm-do");
        foreach (var participant in new[] { budi, citra }) await NoticeAsync(participant, "muted");
        await HearsNothingAsync(sari, budiId);
        await HearsNothingAsync(sari, citraId);

        await sari.Page.ClickAsync("room-host");
        await sari.Page.ClickAsync("host-microphonesLocked");
        await sari.Page.ClickAsync("host-sheet-close");
        await budi.Page.ClickAsync("room-mic");
        await NoticeAsync(budi, "microphonesLocked");
        // By the key the button is not asked: the server says no, and the microphone goes off again.
        await citra.Page.EvaluateAsync("() => { window.dispatchEvent(new KeyboardEvent('keydown', { key: 'd', ctrlKey: true })); }");
        await NoticeAsync(citra, "microphonesLocked");
        await HearsNothingAsync(sari, citraId);

        // A page that is loaded anew comes back by right, and is held by the lock.
        await budi.Page.GoToAsync("about:blank");
        await budi.Page.GoToAsync(company.Link);
        await budi.Page.WaitForAsync("prejoin-join", Participant.PageLimit);
        await budi.KnockAsync();
        await budi.WaitForRoomAsync();
        await company.WaitUntilAllAreEncryptedAsync(Limit);
        await HearsNothingAsync(sari, await SelfAsync(budi));
    }

    [Fact]
    public async Task A_screen_is_shared_by_grant_and_freezing_stops_everybody()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        var budi = await company.JoinAsync(BrowserKind.Chromium, "Budi", WithScreen);
        var citra = await company.JoinAsync(BrowserKind.Chromium, "Citra");
        var (budiId, citraId) = (await SelfAsync(budi), await SelfAsync(citra));

        await budi.Page.ClickAsync("room-share");
        await budi.Page.WaitForAsync("confirm-do", Limit);
        Assert.False(await budi.Page.ExistsAsync("room-stop-share"));
        await budi.Page.ClickAsync("confirm-do");
        await sari.Page.WaitForAsync("share-allow", Limit);
        Assert.False(await citra.Page.ExistsAsync("share-request"));
        await sari.Page.ClickAsync("share-allow");
        await NoticeAsync(budi, "granted");
        await budi.Page.ClickAsync("room-share");
        await citra.Page.WaitForAsync($"tile-{budiId}:screen", Limit);

        await sari.Page.ClickAsync("room-participants");
        await ModerateAsync(sari, 1, "stopShare");
        await NoticeAsync(budi, "shareStopped");
        await GoneAsync(citra, $"tile-{budiId}:screen");

        await HearsAsync(citra, budiId);
        await sari.Page.ClickAsync("room-host");
        await sari.Page.ClickAsync("host-freeze");
        await budi.Page.WaitForAsync("room-frozen", Limit);
        await NoticeAsync(budi, "frozen");
        await HearsNothingAsync(citra, budiId);
        await SeesNothingAsync(sari, budiId, citraId);
        await HearsAsync(budi, await SelfAsync(sari));

        await sari.Page.ClickAsync("host-freeze");
        await sari.Page.ClickAsync("host-sheet-close");
        await GoneAsync(budi, "room-frozen");
        await HearsNothingAsync(citra, budiId);
        await budi.Page.ClickAsync("room-mic");
        await HearsAsync(citra, budiId);
    }

    [Fact]
    public async Task An_observers_hand_goes_down_and_locks_say_so_to_the_key_the_camera_and_the_door()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        var budi = await company.JoinAsync(BrowserKind.Chromium, "Budi");
        await company.WaitUntilAllAreEncryptedAsync(Limit);
        await sari.Page.ClickAsync("room-participants");
        await budi.Page.ClickAsync("room-hand");
        await sari.Page.WaitForAsync("hand-queue", Limit);
        await ModerateAsync(sari, 1, "makeObserver");
        await sari.Page.ClickAsync("confirm-do");
        await GoneAsync(sari, "hand-queue");
        await budi.Page.ClickAsync("room-hand");
        await NoticeAsync(budi, "observer");
        // What he is again, he begins with the hand down.
        await ModerateAsync(sari, 1, "makeParticipant");
        await Wait.UntilAsync("Budi may", Limit, async () => (await budi.Page.EvaluateAsync("() => document.querySelector('[data-testid=room-hand]').getAttribute('aria-pressed')")).GetString() == "false");

        await sari.Page.ClickAsync("room-host");
        foreach (var what in new[] { "microphonesLocked", "camerasLocked", "meetingLocked" }) await sari.Page.ClickAsync($"host-{what}");
        await sari.Page.ClickAsync("host-sheet-close");
        await budi.Page.ClickAsync("room-camera");
        await NoticeAsync(budi, "camerasLocked");
        await budi.Page.HoldAsync("v");
        await NoticeAsync(budi, "microphonesLocked");
        Assert.False(await budi.Page.ExistsAsync("push-to-talk"));
        await budi.Page.LetGoAsync("v");
        var budiId = await SelfAsync(budi);
        await HearsNothingAsync(sari, budiId);
        await SeesNothingAsync(sari, budiId);

        await using var citra = await Participant.OpenAsync(browsers, BrowserKind.Chromium, company.Link, "Citra");
        await citra.KnockAsync();
        await citra.Page.WaitForAsync("prejoin-error", Limit);
        Assert.False(await sari.Page.ExistsAsync("knocks"));
    }

    private static async Task<string> SelfAsync(Participant participant) =>
        (await participant.Page.EvaluateAsync("async () => (await window.__pendopo.stats()).self")).GetString()!;

    private static async Task ModerateAsync(Participant moderator, int leaf, string act)
    {
        await moderator.Page.WaitForAsync($"member-acts-{leaf}", Limit);
        await moderator.Page.ClickAsync($"member-acts-{leaf}");
        await moderator.Page.WaitForAsync($"moderate-{act}", Limit);
        await moderator.Page.ClickAsync($"moderate-{act}");
    }

    private static Task<TimeSpan> NoticeAsync(Participant participant, string what) => Wait.UntilAsync(
        $"{participant.Name} is told {what}", Limit,
        async () => (await participant.Page.EvaluateAsync("() => document.querySelector('[data-testid=moderation-notice]')?.dataset.notice ?? null")).GetString() == what,
        async () => (await participant.Page.EvaluateAsync("() => document.querySelector('[data-testid=room-mic]')?.ariaLabel + ' / ' + document.body.innerText")).GetString()!);

    private static Task<TimeSpan> GoneAsync(Participant participant, string testId) =>
        Wait.UntilAsync($"{participant.Name} shows no {testId}", Limit, async () => !await participant.Page.ExistsAsync(testId));

    private static async Task HearsAsync(Participant listener, string speaker)
    {
        var before = (await CountAsync(listener, speaker)).Energy;
        await Wait.UntilAsync($"{listener.Name} hears {speaker}", Limit, async () => (await CountAsync(listener, speaker)).Energy > before);
    }

    /// <summary>What was on its way is given a moment, then nothing more is decoded for a while.</summary>
    private static async Task HearsNothingAsync(Participant listener, string speaker)
    {
        await Wait.MeasureForAsync(TimeSpan.FromSeconds(1));
        var before = (await CountAsync(listener, speaker)).Energy;
        await Wait.MeasureForAsync(Span);
        Assert.Equal(before, (await CountAsync(listener, speaker)).Energy, 6);
    }

    private static async Task SeesNothingAsync(Participant viewer, params string[] people)
    {
        foreach (var person in people)
        {
            var before = (await CountAsync(viewer, person)).Frames;
            await Wait.MeasureForAsync(Span);
            Assert.Equal(before, (await CountAsync(viewer, person)).Frames);
        }
    }

    /// <summary>Energy of somebody's sound and frames of his camera that were decoded so far; 0 where he has no seat.</summary>
    private static async Task<(double Energy, int Frames)> CountAsync(Participant participant, string person)
    {
        var counts = await participant.Page.EvaluateAsync(
            """
            async person => {
              const { seats, voices } = await window.__pendopo.stats();
              const own = seats.filter(seat => seat.participantId === person && seat.source !== 'screen');
              return {
                energy: [...own, ...voices.filter(voice => voice.participantId === person)].reduce((sum, { totalAudioEnergy }) => sum + totalAudioEnergy, 0),
                frames: own.reduce((sum, { framesDecoded }) => sum + framesDecoded, 0),
              };
            }
            """,
            person);
        return (counts.GetProperty("energy").GetDouble(), counts.GetProperty("frames").GetInt32());
    }
}
