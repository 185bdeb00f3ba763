using System.Globalization;
using Pendopo.EndToEnd.Harness;
using Pendopo.Testing;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>
/// Pictures of the pages in the sizes people have. Every run takes them for one and three people, to see that the pages
/// hold them; <c>make screenshots</c> takes nine too and keeps the pictures under docs/screenshots.
/// </summary>
public sealed class ScreenshotTests(Browsers browsers, ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly (int Width, int Height)[] Sizes = [(1440, 900), (1280, 720), (390, 844)];
    private static readonly string[] Names =
        ["Sari Wulandari", "Budi Santoso", "Wayan Sudarta", "Dewi Lestari", "Agus Pratama", "Maria Tuhumury", "Yohanes Wanggai", "Siti Rahmawati", "Rizal Effendi"];

    private static bool Keep => Environment.GetEnvironmentVariable("PENDOPO_SCREENSHOTS") is { Length: > 0 };

    private static string Folder { get; } = Path.Combine(
        Repository.Root, Environment.GetEnvironmentVariable("PENDOPO_SCREENSHOTS") is { Length: > 0 } kept ? kept : Path.Combine("artifacts", "screenshots"));

    /// <summary>Colours change no size: in the dark they are for looking at only.</summary>
    public static TheoryData<bool> Themes => Keep ? [false, true] : [false];

    [Theory]
    [MemberData(nameof(Themes))]
    public async Task Home_prejoin_and_rooms_fit_every_size(bool dark)
    {
        Directory.CreateDirectory(Folder);
        await using (var home = await browsers.OpenAsync(BrowserKind.Chromium, "home", new PageOptions { Dark = dark, ReducedMotion = true }))
        {
            await home.GoToAsync(fixture.Server.Address);
            await home.WaitForAsync("home-start", TimeSpan.FromSeconds(20));
            await TakeAsync(home, "home", dark);
        }

        await using var company = new Company(browsers);
        var watcher = await Participant.FoundAsync(browsers, fixture.Server, Names[0], [], new PageOptions { Dark = dark, ReducedMotion = true });
        await TakeAsync(watcher.Page, "prejoin", dark);
        await company.BeginAsync(watcher);
        foreach (var count in Keep ? new[] { 1, 3, 9 } : [1, 3])
        {
            while (company.People.Count < count)
            {
                await company.JoinAsync(BrowserKind.Chromium, Names[company.People.Count], new PageOptions { Width = 390, Height = 844 });
            }

            await Wait.UntilAsync($"{count} tiles", TimeSpan.FromSeconds(30), async () => await watcher.CountTilesAsync() >= count);
            await Wait.UntilAsync(
                $"{count - 1} videos play", TimeSpan.FromSeconds(60),
                async () => count == 1 || (await watcher.Page.StatsAsync())?.Video.Count(stream => stream.FramesDecoded > 0) >= count - 1,
                async () => $"{await watcher.Page.StatsAsync()}\n{Log.Take()}");
            await TakeAsync(watcher.Page, $"room-{count.ToString(CultureInfo.InvariantCulture)}", dark);
        }
    }

    private static async Task TakeAsync(IBrowserPage page, string name, bool dark)
    {
        foreach (var (width, height) in Sizes)
        {
            await page.ResizeAsync(width, height);
            // Two frames: one in which the page learns its size, one in which it is drawn with it.
            await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => done(0)))))");
            var overflow = (await page.EvaluateAsync("() => document.documentElement.scrollWidth - innerWidth")).GetInt32();
            Assert.True(overflow <= 0, $"{name} is {overflow} px wider than a screen of {width} px");
            await page.ScreenshotAsync(Path.Combine(Folder, $"{name}-{width}x{height}-{(dark ? "dark" : "light")}.png"));
        }
    }
}
