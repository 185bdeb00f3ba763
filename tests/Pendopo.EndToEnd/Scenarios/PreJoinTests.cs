using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>Before the door: what a person's devices do, what is remembered of them, and that nothing of them leaves too early.</summary>
public sealed class PreJoinTests(Browsers browsers, ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>A camera that a machine without a graphics card can blur: the test is about the picture, not about the machine.</summary>
    private const string SmallCamera = """
        ;{
          const open = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
          if (open) navigator.mediaDevices.getUserMedia = constraints => open(constraints.video
            ? { ...constraints, video: { ...constraints.video, width: 320, height: 180, frameRate: 10 } } : constraints);
        }
        """;

    /// <summary>A microphone that gives what the test asks for: a voice (a buzz through the formants of an "a", in syllables) or the noise of a fan.</summary>
    private const string MadeSound = """
        ;{
          const open = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
          if (open) navigator.mediaDevices.getUserMedia = async constraints => {
            if (!constraints.audio) return open(constraints);
            const context = new AudioContext({ sampleRate: 48000 });
            const output = context.createMediaStreamDestination();
            const buzz = new OscillatorNode(context, { type: 'sawtooth', frequency: 125 });
            const syllables = new GainNode(context, { gain: 0.5 });
            const beat = new OscillatorNode(context, { frequency: 3.5 });
            beat.connect(new GainNode(context, { gain: 0.5 })).connect(syllables.gain);
            const glide = new OscillatorNode(context, { frequency: 1.3 });
            glide.connect(new GainNode(context, { gain: 18 })).connect(buzz.frequency);
            const voice = new GainNode(context, { gain: 0 });
            for (const [frequency, gain] of [[730, 1], [1090, 0.5], [2440, 0.25]])
              buzz.connect(new BiquadFilterNode(context, { type: 'bandpass', frequency, Q: 8 })).connect(new GainNode(context, { gain })).connect(syllables);
            syllables.connect(voice).connect(output);
            const samples = new AudioBuffer({ length: 96000, sampleRate: 48000 });
            let seed = 7;
            samples.copyToChannel(Float32Array.from({ length: 96000 }, () => ((seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x3fffffff - 1)), 0);
            const hiss = new AudioBufferSourceNode(context, { buffer: samples, loop: true });
            const fan = new GainNode(context, { gain: 0 });
            hiss.connect(fan).connect(output);
            for (const source of [buzz, beat, glide, hiss]) source.start();
            window.__sound = what => { voice.gain.value = what === 'voice' ? 1.5 : 0; fan.gain.value = what === 'noise' ? 0.1 : 0; };
            window.__sound('voice');
            const stream = constraints.video ? await open({ video: constraints.video }) : new MediaStream();
            stream.addTrack(output.stream.getAudioTracks()[0]);
            return stream;
          };
        }
        """;

    /// <summary>Tells the outermost page of every attempt to open a device.</summary>
    private const string TellOfDevices = """
        ;{
          const open = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
          if (window === top) { window.__opened = 0; addEventListener('message', event => { if (event.data === 'device-opened') window.__opened++; }); }
          if (open) navigator.mediaDevices.getUserMedia = constraints => { top.postMessage('device-opened', '*'); return open(constraints); };
        }
        """;

    /// <summary>Keeps what elements play, so that it can be measured, and where to.</summary>
    private const string KeepPlayed = """
        ;{
          window.__played = [];
          const play = HTMLMediaElement.prototype.play;
          HTMLMediaElement.prototype.play = function () {
            if (this instanceof HTMLAudioElement && this.srcObject) window.__played.push({ stream: this.srcObject, sink: this.sinkId });
            return play.call(this);
          };
        }
        """;

    /// <summary>How much neighbouring pixels of the other's picture differ, squared: an edge drawn out over many pixels counts less than a sharp one.</summary>
    private const string Sharpness = """
        async () => {
          const { self } = await window.__pendopo.stats();
          const video = document.querySelector(`[data-testid^="tile-"]:not([data-testid="tile-${self}"]) video`);
          if (!video?.videoWidth) return 0;
          const canvas = document.createElement('canvas');
          [canvas.width, canvas.height] = [320, 180];
          const context = canvas.getContext('2d', { willReadFrequently: true });
          context.drawImage(video, 0, 0, 320, 180);
          const { data } = context.getImageData(0, 0, 320, 180);
          let sum = 0;
          for (let i = 4; i < data.length; i += 4) sum += (data[i + 1] - data[i - 3]) ** 2;
          return sum / (data.length / 4);
        }
        """;

    [Fact]
    public async Task A_blurred_background_is_seen_by_the_others_and_goes_away_again()
    {
        await using var company = new Company(browsers);
        var host = await company.FoundAsync(fixture.Server, "Sari");
        var guest = await company.JoinAsync(BrowserKind.Chromium, "Budi", new PageOptions { Script = SmallCamera });
        await company.WaitUntilAllSeeAndHearAllAsync(Limit);
        await WaitForSharpnessAsync(host, "a sharp picture", value => value > 1);
        var sharp = await SharpnessAsync(host);
        var offers = await guest.Page.OffersAsync();

        await SwitchAsync(guest, "room-camera-menu", "room-blur");
        await WaitForSharpnessAsync(host, $"less than half of {sharp:0.00}", value => value > 0 && value < sharp / 2);
        var before = await FramesAsync(host);
        await Wait.MeasureForAsync(TimeSpan.FromSeconds(4));
        Assert.True(await FramesAsync(host) >= before + 4, $"Frames stood still at {before}.\n{Log.Take()}");

        await SwitchAsync(guest, "room-camera-menu", "room-blur");
        await WaitForSharpnessAsync(host, $"more than half of {sharp:0.00}", value => value > sharp / 2);
        Assert.Equal(offers, await guest.Page.OffersAsync());
    }

    [Fact]
    public async Task Suppressed_noise_is_not_heard_and_a_voice_is()
    {
        await using var company = new Company(browsers);
        var host = await company.FoundAsync(fixture.Server, "Sari");
        var guest = await company.JoinAsync(BrowserKind.Chromium, "Budi", new PageOptions { Script = MadeSound });
        await company.WaitUntilAllSeeAndHearAllAsync(Limit);

        var (voice, noise) = await HearAsync(host, guest);
        await SwitchAsync(guest, "room-mic-menu", "room-noise");
        await guest.Page.EvaluateAsync("() => window.__sound('noise')");
        await Wait.UntilAsync("the noise is gone", Limit, async () => await EnergyAsync(host) < noise / 20);
        var (voiceKept, noiseKept) = await HearAsync(host, guest);

        TestContext.Current.TestOutputHelper!.WriteLine($"energy per second: voice {voice:0.00000} to {voiceKept:0.00000}, noise {noise:0.00000} to {noiseKept:0.00000}");
        Assert.True(voiceKept > voice / 10, $"The voice fell from {voice} to {voiceKept}.");
        Assert.True(noiseKept < noise / 20, $"The noise fell only from {noise} to {noiseKept}.");
    }

    [Fact]
    public async Task A_chosen_microphone_is_remembered_over_a_reload_by_its_id_and_by_its_label()
    {
        await using var page = await OpenPreJoinAsync(new PageOptions());
        var others = await page.EvaluateAsync(
            "async () => (await navigator.mediaDevices.enumerateDevices()).filter(one => one.kind === 'audioinput').map(one => one.label)");
        var wanted = others.EnumerateArray().Last().GetString()!;
        await page.ClickAsync("prejoin-microphone-device");
        await Wait.UntilAsync("the list is open", Limit, async () => (await page.EvaluateAsync("() => document.querySelector('[role=option]') !== null")).GetBoolean());
        await page.EvaluateAsync("label => [...document.querySelectorAll('[role=option]')].find(option => option.textContent === label).click()", wanted);
        await WaitForMicrophoneAsync(page, wanted);

        await ReloadAsync(page);
        await WaitForMicrophoneAsync(page, wanted);

        await page.EvaluateAsync("() => { const key = 'pendopo.preferences'; localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage.getItem(key)), microphoneId: 'renewed' })); }");
        await ReloadAsync(page);
        await WaitForMicrophoneAsync(page, wanted);
    }

    [Fact]
    public async Task The_test_of_the_speaker_plays_a_tone_and_shows_it()
    {
        await using var page = await OpenPreJoinAsync(new PageOptions { Script = KeepPlayed });
        await page.WaitForAsync("speaker-test", Limit);
        await page.ClickAsync("speaker-test");
        var loudest = await page.EvaluateAsync("""
            async () => {
              const limit = performance.now() + 5000;
              while (window.__played.length === 0 && performance.now() < limit) await new Promise(requestAnimationFrame);
              const context = new AudioContext();
              const analyser = context.createAnalyser();
              context.createMediaStreamSource(window.__played[0].stream).connect(analyser);
              const samples = new Float32Array(analyser.fftSize);
              let loudest = 0;
              while (document.querySelector('[data-testid=speaker-test]').dataset.state === 'playing' && performance.now() < limit) {
                analyser.getFloatTimeDomainData(samples);
                loudest = Math.max(loudest, ...samples);
                await new Promise(requestAnimationFrame);
              }
              return loudest;
            }
            """);
        Assert.InRange(loudest.GetDouble(), 0.1, 1);
        await WaitForStateAsync(page, "speaker-test", "quiet");
    }

    /// <summary>Row 21 of the failures to learn from: a camera switched on for a meeting that has not begun.</summary>
    [Fact]
    public async Task The_camera_is_previewed_first_and_nothing_of_it_leaves_before_somebody_lets_one_in()
    {
        await using var company = new Company(browsers);
        await company.FoundAsync(fixture.Server, "Sari");
        await using var guest = await Participant.OpenAsync(browsers, BrowserKind.Chromium, company.Link, "Budi");
        await Wait.UntilAsync("the camera's preview plays", Limit, async () =>
            (await guest.Page.EvaluateAsync("() => (document.querySelector('main video')?.videoWidth ?? 0) > 0")).GetBoolean());
        await AssertNothingIsSentAsync(guest);
        await guest.KnockAsync();
        await guest.Page.WaitForAsync("waiting-waiting", Limit);
        await Wait.MeasureForAsync(TimeSpan.FromSeconds(2));
        await AssertNothingIsSentAsync(guest);
    }

    /// <summary>Row 13 of the failures to learn from: a site that opens a visitor's camera by embedding a meeting.</summary>
    [Fact]
    public async Task A_page_that_frames_a_meeting_opens_no_device()
    {
        var link = fixture.Server.Address + (await fixture.Server.CreateBroadcastAsync()).Path;
        await using var page = await browsers.OpenAsync(BrowserKind.Chromium, "Budi", new PageOptions { Script = TellOfDevices });
        await page.GoToAsync("about:blank");
        await page.EvaluateAsync("""
            link => new Promise(resolve => {
              const frame = document.createElement('iframe');
              frame.allow = 'camera *; microphone *; autoplay *';
              frame.src = link;
              frame.addEventListener('load', resolve);
              document.body.append(frame);
            })
            """, link);
        await Wait.MeasureForAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(0, (await page.EvaluateAsync("() => window.__opened")).GetInt32());

        // The same link in a window of its own does open the preview: the silence above is the refusal's.
        await page.GoToAsync(link);
        await Wait.UntilAsync("the page itself opens devices", Limit, async () => (await page.EvaluateAsync("() => window.__opened")).GetInt32() > 0);
    }

    private static async Task AssertNothingIsSentAsync(Participant guest)
    {
        var stats = await guest.Page.StatsAsync();
        Assert.True(stats is null || (stats.State == "new" && stats.Outbound.All(stream => stream.Packets == 0)), $"{stats}");
    }

    private async Task<IBrowserPage> OpenPreJoinAsync(PageOptions options)
    {
        var page = await browsers.OpenAsync(BrowserKind.Chromium, "Budi", options);
        await page.GoToAsync(fixture.Server.Address + (await fixture.Server.CreateBroadcastAsync()).Path);
        await page.WaitForAsync("prejoin-join", Limit);
        await WaitForMicrophoneAsync(page, "");
        return page;
    }

    private static async Task ReloadAsync(IBrowserPage page)
    {
        var address = (await page.EvaluateAsync("() => location.href")).GetString()!;
        await page.GoToAsync("about:blank");
        await page.GoToAsync(address);
        await page.WaitForAsync("prejoin-join", Limit);
    }

    /// <summary>The one that the page shows as chosen bears this label.</summary>
    private static Task<TimeSpan> WaitForMicrophoneAsync(IBrowserPage page, string label) => Wait.UntilAsync(
        $"the microphone is {label}", Limit,
        async () => (await page.EvaluateAsync(
            "label => { const button = document.querySelector('[data-testid=prejoin-microphone-device]'); return button !== null && !button.disabled && button.textContent.includes(label); }", label)).GetBoolean(),
        async () => (await page.EvaluateAsync("() => document.querySelector('[data-testid=prejoin-microphone-device]')?.textContent ?? ''")).ToString());

    private static Task<TimeSpan> WaitForStateAsync(IBrowserPage page, string testId, string state) => Wait.UntilAsync(
        $"{testId} is {state}", Limit,
        async () => (await page.EvaluateAsync("id => document.querySelector(`[data-testid=\"${id}\"]`)?.dataset.state", testId)).ToString() == state);

    private static async Task SwitchAsync(Participant participant, string menu, string item)
    {
        await participant.Page.ClickAsync(menu);
        await participant.Page.WaitForAsync(item, Limit);
        await participant.Page.ClickAsync(item);
        await participant.Page.EvaluateAsync("() => document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))");
        await Wait.UntilAsync($"{menu} is closed", Limit, async () => !await participant.Page.ExistsAsync(item));
    }

    private static async Task<double> SharpnessAsync(Participant viewer) => (await viewer.Page.EvaluateAsync(Sharpness)).GetDouble();

    private static Task<TimeSpan> WaitForSharpnessAsync(Participant viewer, string what, Func<double, bool> holds) => Wait.UntilAsync(
        $"{viewer.Name} sees {what}", Limit, async () => holds(await SharpnessAsync(viewer)), async () => $"{await SharpnessAsync(viewer):0.00}\n{Log.Take()}");

    private static async Task<long> FramesAsync(Participant viewer) => (await viewer.Page.StatsAsync())!.Video.Sum(stream => stream.FramesDecoded);

    /// <summary>Energy per second that somebody hears of a voice, and of noise.</summary>
    private static async Task<(double Voice, double Noise)> HearAsync(Participant listener, Participant speaker)
    {
        await speaker.Page.EvaluateAsync("() => window.__sound('voice')");
        await EnergyAsync(listener);
        var voice = await EnergyAsync(listener);
        await speaker.Page.EvaluateAsync("() => window.__sound('noise')");
        await EnergyAsync(listener);
        return (voice, await EnergyAsync(listener));
    }

    private static async Task<double> EnergyAsync(Participant listener)
    {
        var span = TimeSpan.FromSeconds(2);
        var before = (await listener.Page.StatsAsync())!.Audio.Sum(stream => stream.TotalAudioEnergy);
        await Wait.MeasureForAsync(span);
        return ((await listener.Page.StatsAsync())!.Audio.Sum(stream => stream.TotalAudioEnergy) - before) / span.TotalSeconds;
    }
}
