using System.Text.RegularExpressions;
using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>Failings of video conferencing that only a whole meeting in browsers can show to be absent, by their rows in docs/failures.md.</summary>
public sealed partial class FailureTests(Browsers browsers)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Failures_15_17_20_and_27_nobody_else_is_asked_nobody_is_watched_and_no_picture_of_the_room_lets_anybody_in()
    {
        // Browsers ask for things of their own when they start; what counts is what a meeting makes leave the machine.
        await using (await browsers.OpenAsync(BrowserKind.Chromium, "warm-up"))
        {
            using var egress = new EgressRecorder();
            await using var server = await ServerProcess.StartAsync();
            await using var company = new Company(browsers);
            var sari = await company.FoundAsync(server, "Sari");
            var budi = await company.JoinAsync(BrowserKind.Chromium, "Budi");
            await company.WaitUntilAllSeeAndHearAllAsync(Limit);

            // 15 and 17: words that other programs take for addresses to look up are shown and lead nobody anywhere.
            await budi.Page.ClickAsync("room-chat");
            await budi.Page.FillAsync("chat-input", @"https://jahat.example/gambar.png \\10.99.0.1\berbagi\agenda.docx file://10.99.0.1/x.gif");
            await budi.Page.PressAsync("Enter");
            await sari.Page.ClickAsync("room-chat");
            await Wait.UntilAsync("Sari reads it", Limit, async () =>
                (await sari.Page.EvaluateAsync("() => document.querySelector('[data-testid=chat-panel]')?.innerText.includes('agenda.docx') === true")).GetBoolean());
            Assert.Equal(["https://jahat.example/gambar.png"], (await sari.Page.EvaluateAsync("() => [...document.querySelectorAll('[data-testid=chat-panel] a')].map(link => link.href)"))
                .EnumerateArray().Select(link => link.GetString()));
            await sari.Page.ClickAsync("room-react");
            await sari.Page.WaitForAsync("react-clap", Limit);
            await sari.Page.ClickAsync("react-clap");

            await NobodyHearsOfAttentionAsync(sari);
            await NoPictureLetsInAsync(company);

            foreach (var participant in company.People) Assert.Equal([server.Authority], await participant.Page.HostsAsync());
            Assert.Empty(egress.Destinations);
        }
    }

    /// <summary>
    /// Row 20. Looking away, another window before this one and a page put to sleep say nothing to the server: the same kinds of messages go out as before, and no more of
    /// them. That a message would be seen is shown by one that a person does cause.
    /// </summary>
    private static async Task NobodyHearsOfAttentionAsync(Participant participant)
    {
        var before = await KindsAsync(participant, () => Task.CompletedTask);
        Assert.NotEmpty(before);
        var away = await KindsAsync(participant, () => participant.Page.EvaluateAsync("""
            () => {
              Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
              Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
              document.hasFocus = () => false;
              document.dispatchEvent(new Event('visibilitychange'));
              window.dispatchEvent(new Event('blur'));
              document.dispatchEvent(new Event('mouseleave'));
              document.dispatchEvent(new Event('freeze'));
            }
            """));
        var back = await KindsAsync(participant, () => participant.Page.EvaluateAsync("""
            () => {
              delete document.visibilityState;
              delete document.hidden;
              delete document.hasFocus;
              document.dispatchEvent(new Event('resume'));
              document.dispatchEvent(new Event('visibilitychange'));
              window.dispatchEvent(new Event('focus'));
            }
            """));
        foreach (var kinds in new[] { away, back })
        {
            // Digests and heartbeats come by the second, so one more or less falls into a span.
            Assert.DoesNotContain(kinds, kind => kind.Value > before.GetValueOrDefault(kind.Key) + 2 || !before.ContainsKey(kind.Key));
        }

        Assert.Contains("setMedia", (await KindsAsync(participant, () => participant.Page.ClickAsync("room-mic"))).Keys);
        await participant.Page.ClickAsync("room-mic");
    }

    /// <summary>How many messages of each kind the page sends within a span after something was done.</summary>
    private static async Task<Dictionary<string, int>> KindsAsync(Participant participant, Func<Task> act)
    {
        var before = (await participant.Page.SentAsync()).Count;
        await act();
        await Wait.MeasureForAsync(Span);
        return (await participant.Page.SentAsync()).Skip(before)
            .Select(message => Target().Match(message) is { Success: true } match ? match.Groups["target"].Value : message.StartsWith("{\"type\":6", StringComparison.Ordinal) ? "ping" : message)
            .GroupBy(kind => kind).ToDictionary(kind => kind.Key, kind => kind.Count());
    }

    /// <summary>Row 27. What stands in the room, on any panel that was open, names neither the meeting nor its link: whoever photographs it has a picture of people.</summary>
    private static async Task NoPictureLetsInAsync(Company company)
    {
        var link = new Uri(company.Link);
        var (id, fragment) = (link.AbsolutePath.Split('/')[^1], link.Fragment[1..]);
        foreach (var participant in company.People)
        {
            await participant.Page.ClickAsync("room-participants");
            await participant.Page.WaitForAsync("participants-panel", Limit);
            var seen = (await participant.Page.EvaluateAsync(
                "() => [document.title, document.body.innerText, ...[...document.querySelectorAll('input, textarea')].map(field => field.value)].join(' ')")).GetString()!;
            Assert.Contains("Sari", seen, StringComparison.Ordinal);
            Assert.DoesNotContain(id, seen, StringComparison.Ordinal);
            Assert.DoesNotContain(fragment, seen, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("\"target\":\"(?<target>[A-Za-z]+)\"")]
    private static partial Regex Target();
}
