using System.Text.RegularExpressions;
using MimeKit;
using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>A meeting from its schedule to its cancellation, with the mails that leave and the link in their calendars.</summary>
public sealed partial class ScheduleTests(Browsers browsers)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_meeting_is_scheduled_mailed_entered_by_the_calendars_link_changed_and_cancelled()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var company = new Company(browsers);
        var sari = await browsers.OpenAsync(BrowserKind.Chromium, "Sari");
        await sari.AddAuthenticatorAsync();
        await Wait.UntilAsync("the server prints a link", Limit, () => Task.FromResult(PrintedLink().IsMatch(server.Output)));
        await sari.GoToAsync(PrintedLink().Match(server.Output).Value);
        await sari.WaitForAsync("register-start", Limit);
        await sari.FillAsync("register-name", "Sari Wulandari");
        await sari.ClickAsync("register-start");
        await sari.WaitForAsync("meetings-empty", Limit);

        // Who has no account founds nothing here any more.
        var guest = await browsers.OpenAsync(BrowserKind.Firefox, "Wayan");
        await guest.GoToAsync(server.Address);
        await guest.WaitForAsync("home-guests", Limit);

        await sari.ClickAsync("schedule-new");
        await sari.WaitForAsync("schedule-title", Limit);
        await sari.FillAsync("schedule-title", "Rapat anggaran");
        var now = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(7));
        await sari.FillAsync("schedule-date", $"{now:yyyy-MM-dd}");
        await sari.FillAsync("schedule-time", $"{now:HH:mm}");
        await sari.FillAsync("schedule-address", "wayan@instansi.example");
        await sari.ClickAsync("schedule-address-add");
        await sari.WaitForAsync("schedule-remove", Limit);
        await sari.ClickAsync("schedule-save");
        await sari.WaitForAsync("meeting-running", Limit);

        var invitation = await MailAsync(server, 1);
        Assert.Contains($"{now:HH}.{now:mm} WIB", invitation.Mail.TextBody, StringComparison.Ordinal);
        Assert.Equal(("REQUEST", "0"), (invitation.Value("METHOD"), invitation.Value("SEQUENCE")));
        Assert.StartsWith($"{server.Address}/m/r", invitation.Value("URL"), StringComparison.Ordinal);

        await sari.ClickAsync("meeting-share");
        await sari.WaitForAsync("sharing-qr", Limit);
        Assert.Equal(invitation.Value("URL"), (await sari.EvaluateAsync("() => document.querySelector('[data-testid=share-link]').textContent")).GetString());
        await sari.ClickAsync("sharing-close");

        await sari.ClickAsync("meeting-enter");
        await sari.WaitForAsync("prejoin-account", Limit);
        await company.BeginAsync(Participant.At(sari));
        await guest.GoToAsync(invitation.Value("URL"));
        await guest.WaitForAsync("prejoin-name", Limit);
        await guest.FillAsync("prejoin-name", "Wayan");
        await company.EnterAsync(Participant.At(guest));
        await company.WaitUntilAllAreEncryptedAsync(Limit);

        await sari.GoToAsync(server.Address);
        await sari.WaitForAsync("meeting-edit", Limit);
        await sari.ClickAsync("meeting-edit");
        await sari.WaitForAsync("schedule-title", Limit);
        await sari.FillAsync("schedule-title", "Rapat anggaran 2027");
        await sari.ClickAsync("schedule-save");
        var change = await MailAsync(server, 2);
        Assert.Equal(("REQUEST", "1", invitation.Value("UID")), (change.Value("METHOD"), change.Value("SEQUENCE"), change.Value("UID")));
        Assert.Equal("Rapat anggaran 2027", change.Value("SUMMARY"));

        await sari.WaitForAsync("meeting-cancel", Limit);
        await sari.ClickAsync("meeting-cancel");
        await sari.WaitForAsync("confirm-do", Limit);
        await sari.ClickAsync("confirm-do");
        var cancellation = await MailAsync(server, 3);
        Assert.Equal(("CANCEL", "2", invitation.Value("UID")), (cancellation.Value("METHOD"), cancellation.Value("SEQUENCE"), cancellation.Value("UID")));
        await sari.WaitForAsync("meetings-empty", Limit);
    }

    [Fact]
    public async Task A_list_of_the_server_that_contradicts_what_the_browser_knows_leads_nowhere()
    {
        await using var server = await ServerProcess.StartAsync();
        // The server's lie, told where its answer comes in.
        const string lie = """
            ;{
              const ask = window.fetch.bind(window);
              window.fetch = async (url, init) => {
                const answer = await ask(url, init);
                if (String(url) !== '/api/schedule' || (init?.method ?? 'GET') !== 'GET' || !window.lies) return answer;
                const { meetings } = await answer.json();
                return Response.json({ meetings: meetings.map(meeting => ({ ...meeting, fragment: 'A'.repeat(43) })) });
              };
              window.lies = sessionStorage.getItem('lies') !== null;
            }
            """;
        var sari = await browsers.OpenAsync(BrowserKind.Chromium, "Sari", new PageOptions { Script = lie });
        await using var _ = sari;
        await sari.AddAuthenticatorAsync();
        await Wait.UntilAsync("the server prints a link", Limit, () => Task.FromResult(PrintedLink().IsMatch(server.Output)));
        await sari.GoToAsync(PrintedLink().Match(server.Output).Value);
        await sari.WaitForAsync("register-start", Limit);
        await sari.FillAsync("register-name", "Sari");
        await sari.ClickAsync("register-start");
        await sari.WaitForAsync("schedule-new", Limit);
        await sari.ClickAsync("schedule-new");
        await sari.WaitForAsync("schedule-title", Limit);
        await sari.FillAsync("schedule-title", "Rapat");
        await sari.ClickAsync("schedule-save");
        await sari.WaitForAsync("meeting-enter", Limit);
        await sari.EvaluateAsync("() => sessionStorage.setItem('lies', 'yes')");
        await sari.GoToAsync(server.Address);
        await sari.WaitForAsync("meeting-differs", Limit);
        Assert.False(await sari.ExistsAsync("meeting-enter"));
        Assert.False(await sari.ExistsAsync("meeting-share"));
    }

    [GeneratedRegex("http://localhost:[0-9]+/register#[A-Za-z0-9_-]+")]
    private static partial Regex PrintedLink();

    /// <summary>The last of so many mails.</summary>
    private static async Task<Invitation> MailAsync(ServerProcess server, int count)
    {
        var folder = Path.Combine(server.DataFolder, "mail");
        string[] Files() => Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.eml").Order(StringComparer.Ordinal)] : [];
        await Wait.UntilAsync($"{count} mails lie in the folder", Limit, () => Task.FromResult(Files().Length == count));
        var mail = await MimeMessage.LoadAsync(Files()[^1], Cancellation);
        Assert.Equal("wayan@instansi.example", Assert.Single(mail.To.Mailboxes).Address);
        var calendar = Assert.Single(mail.BodyParts.OfType<TextPart>(), part => part.ContentType.IsMimeType("text", "calendar"));
        // Folded lines are one line (RFC 5545 §3.1).
        return new Invitation(mail, calendar.Text.ReplaceLineEndings("\n").Replace("\n ", "", StringComparison.Ordinal).Split('\n'));
    }

    private sealed record Invitation(MimeMessage Mail, string[] Lines)
    {
        /// <summary>Of a property whose parameters, if any, hold no colon.</summary>
        public string Value(string property) => Lines.Last(line => line.Split(':', ';')[0] == property).Split(':', 2)[1];
    }
}
