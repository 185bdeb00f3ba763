using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Pendopo.Signaling;
using Xunit;

namespace Pendopo.Server.Tests;

/// <summary>One browser's cookie jar, with as many connections as it opens.</summary>
/// <param name="origin">What it says that its pages come from; null: nothing, as programs do.</param>
internal sealed class Browser(Uri url, string? origin = null)
{
    private readonly CookieContainer _cookies = new();
    private HttpClient? _http;

    public HttpClient Http => _http ??= CreateClient();

    public string? CookieOf(string name) => _cookies.GetCookies(url)[name]?.Value;

    public async Task<Guest> ConnectAsync(Uri? elsewhere = null)
    {
        if (elsewhere is not null)
        {
            foreach (Cookie cookie in _cookies.GetCookies(url)) _cookies.Add(elsewhere, new Cookie(cookie.Name, cookie.Value));
        }

        var guest = new Guest(new Uri(elsewhere ?? url, SignalingContract.HubPath), _cookies, origin);
        await guest.Hub.StartAsync(TestContext.Current.CancellationToken);
        return guest;
    }

    private HttpClient CreateClient()
    {
        var client = new HttpClient(new HttpClientHandler { CookieContainer = _cookies }) { BaseAddress = url };
        if (origin is not null) client.DefaultRequestHeaders.Add("Origin", origin);
        return client;
    }
}

/// <summary>A connection to the hub that keeps all news until somebody waits for it.</summary>
internal sealed class Guest : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<object> _news = Channel.CreateUnbounded<object>();

    public Guest(Uri hub, CookieContainer cookies, string? origin = null)
    {
        Hub = new HubConnectionBuilder()
            .WithUrl(hub, options =>
            {
                options.Cookies = cookies;
                options.Transports = HttpTransportType.WebSockets;
                options.SkipNegotiation = true;
                if (origin is not null) options.Headers["Origin"] = origin;
            })
            .AddJsonProtocol(json => SignalingContract.Configure(json.PayloadSerializerOptions))
            .Build();
        Hub.On<MeetingChange>(nameof(IMeetingClient.MeetingChanged), Keep);
        Hub.On<SeatMap>(nameof(IMeetingClient.SeatsChanged), Keep);
        Hub.On<LayerDemand>(nameof(IMeetingClient.LayersWanted), Keep);
        Hub.On<ShareDelivery>(nameof(IMeetingClient.ShareDelivered), Keep);
        Hub.On<string[]>(nameof(IMeetingClient.SpeakersChanged), Keep);
        Hub.On<bool>(nameof(IMeetingClient.RedundancyChanged), wanted => Keep(wanted));
        Hub.On<VideoCodec[]>(nameof(IMeetingClient.CodecsChanged), Keep);
        Hub.On<RenegotiationReason>(nameof(IMeetingClient.RenegotiationNeeded), reason => Keep(reason));
        Hub.On<EndReason>(nameof(IMeetingClient.Ended), reason => Keep(reason));
        Hub.On<int>(nameof(IMeetingClient.ServerStopping), retry => Keep(retry));
        Hub.On<string>(nameof(IMeetingClient.MediaFailed), Keep);
        Hub.On<KnockState>(nameof(IGroupClient.KnockChanged), state => Keep(state));
        Hub.On<Knock>(nameof(IGroupClient.Knocked), Keep);
        Hub.On<string>(nameof(IGroupClient.KnockGone), id => Keep(new KnockGone(id)));
        Hub.On<string?>(nameof(IGroupClient.NoticeChanged), notice => Keep(new NoticeChanged(notice)));
        Hub.On<WorkHeadline[]>(nameof(IGroupClient.WorkOffered), Keep);
        Hub.On<string[]>(nameof(IGroupClient.WorkWithdrawn), ids => Keep(new WorkWithdrawn(ids)));
        Hub.On<LogEntry>(nameof(IGroupClient.LogAppended), Keep);
        Hub.On<EntryVoided>(nameof(IGroupClient.EntryVoided), Keep);
        Hub.On<Welcomed>(nameof(IGroupClient.Welcomed), Keep);
        Hub.On<GroupSignal>(nameof(IGroupClient.SignalReceived), Keep);
        Hub.On<int>(nameof(IGroupClient.ReceiversChanged), receivers => Keep(new ReceiversChanged(receivers)));
        Hub.On<GroupFault>(nameof(IGroupClient.OutOfStep), reason => Keep(reason));
    }

    /// <summary>All that was told and that nobody has waited for yet.</summary>
    public IReadOnlyList<object> Unread
    {
        get
        {
            var news = new List<object>();
            while (_news.Reader.TryRead(out var item)) news.Add(item);
            return news;
        }
    }

    public HubConnection Hub { get; }

    public static Offer Offer(string sdp = "vp8 vp9 av1 h264 red") => new(sdp, new OfferPlan("0", "1", null, null, [new SeatMids("2", "3")], ["4"]));

    public Task<JoinResult> JoinAsync(string meeting, string name = "Sri", MediaState? media = null, string sdp = "vp8 vp9 av1 h264 red") =>
        Hub.InvokeAsync<JoinResult>("join", new JoinRequest(meeting, name, media ?? new MediaState(true, true), Offer(sdp)), TestContext.Current.CancellationToken);

    public Task<JoinResult> ResumeAsync(string meeting, string participant, Offer? offer = null) =>
        Hub.InvokeAsync<JoinResult>("resume", new ResumeRequest(meeting, participant, offer), TestContext.Current.CancellationToken);

    /// <summary>The next news of this type for which the condition holds; other news before it is skipped.</summary>
    public async Task<T> NextAsync<T>(Func<T, bool>? condition = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            if (await _news.Reader.ReadAsync(patience.Token) is T news && (condition is null || condition(news))) return news;
        }
    }

    public ValueTask DisposeAsync() => Hub.DisposeAsync();

    private void Keep(object news) => _news.Writer.TryWrite(news);
}

internal sealed record KnockGone(string ParticipantId);

internal sealed record NoticeChanged(string? Notice);

internal sealed record WorkWithdrawn(string[] Ids);

internal sealed record ReceiversChanged(int Receivers);
