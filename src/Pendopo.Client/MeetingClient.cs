using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Pendopo.Signaling;

namespace Pendopo.Client;

/// <summary>
/// A connection to a Pendopo server for programs: founds open broadcasts, joins them with an SDP offer that the caller has made, and keeps
/// the roster. Events come one at a time, on no particular thread. It has no group encryption (MLS): ids of encrypted meetings are refused here,
/// before anything is sent.
/// </summary>
public sealed class MeetingClient : IAsyncDisposable
{
    /// <summary>Said with <see cref="ErrorCode.WrongKind"/>.</summary>
    private const string NeedsGroup = "The meeting is end-to-end encrypted; this client can join open broadcasts only.";

    private readonly HttpClient _http;
    private readonly HubConnection _hub;
    private readonly Roster _roster = new();
    private readonly Lock _order = new();

    private MeetingClient(Uri server, HttpClient http, CookieContainer cookies)
    {
        _http = http;
        _hub = new HubConnectionBuilder()
            .WithUrl(new Uri(server, "/hubs/meeting"), connection => connection.Cookies = cookies)
            .AddJsonProtocol(json => SignalingContract.Configure(json.PayloadSerializerOptions))
            .Build();
        _hub.On<MeetingChange>(nameof(IMeetingClient.MeetingChanged), Apply);
        _hub.On<SeatMap>(nameof(IMeetingClient.SeatsChanged), seats => SeatsChanged?.Invoke(seats));
        _hub.On<LayerDemand>(nameof(IMeetingClient.LayersWanted), demand => LayersWanted?.Invoke(demand));
        _hub.On<ShareDelivery>(nameof(IMeetingClient.ShareDelivered), delivery => ShareDelivered?.Invoke(delivery));
        _hub.On<EndReason>(nameof(IMeetingClient.Ended), reason => Ended?.Invoke(reason));
        _hub.On<VideoCodec[]>(nameof(IMeetingClient.CodecsChanged), codecs => CodecsChanged?.Invoke(codecs));
        _hub.On<RenegotiationReason>(nameof(IMeetingClient.RenegotiationNeeded), reason => RenegotiationNeeded?.Invoke(reason));
    }

    /// <summary>Somebody came, changed or left; the argument is the whole roster.</summary>
    public event Action<IReadOnlyList<Participant>>? RosterChanged;

    /// <summary>A change was missed: call <see cref="ResumeAsync"/> for the whole.</summary>
    public event Action? RosterLost;

    public event Action<SeatMap>? SeatsChanged;

    /// <summary>Which encodings of one's own sources anybody watches; the others may be switched off.</summary>
    public event Action<LayerDemand>? LayersWanted;

    /// <summary>To whom one's own shared screen is delivered.</summary>
    public event Action<ShareDelivery>? ShareDelivered;

    /// <summary>The meeting's video codecs: pictures shall be sent in the first of them that was negotiated.</summary>
    public event Action<IReadOnlyList<VideoCodec>>? CodecsChanged;

    public event Action<RenegotiationReason>? RenegotiationNeeded;

    public event Action<EndReason>? Ended;

    /// <summary>Who is in the meeting, as far as this client knows.</summary>
    public IReadOnlyList<Participant> Participants
    {
        get { lock (_order) return _roster.Participants; }
    }

    /// <summary>Opens the connection.</summary>
    /// <exception cref="HttpRequestException">The server cannot be reached.</exception>
    public static async Task<MeetingClient> ConnectAsync(Uri server, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        // One session for REST and hub: the server knows a caller by its cookie, and gives it with the status.
        var cookies = new CookieContainer();
        var http = new HttpClient(new HttpClientHandler { CookieContainer = cookies }) { BaseAddress = server };
        var client = new MeetingClient(server, http, cookies);
        try
        {
            (await http.GetAsync("/api/status", cancellation).ConfigureAwait(false)).Dispose();
            await client._hub.StartAsync(cancellation).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Founds an open broadcast; null when the server refuses, for instance because there were too many.</summary>
    /// <param name="videoCodecs">The codecs that it may use, in order of preference; null: the server's default.</param>
    public async Task<CreateMeetingResponse?> CreateBroadcastAsync(IReadOnlyList<VideoCodec>? videoCodecs = null, CancellationToken cancellation = default)
    {
        var request = new CreateMeetingRequest(MeetingKind.OpenBroadcast, videoCodecs);
        using var answer = await _http.PostAsJsonAsync("/api/meetings", request, SignalingContract.CreateJsonOptions(), cancellation).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode) return null;
        return await answer.Content.ReadFromJsonAsync<CreateMeetingResponse>(SignalingContract.CreateJsonOptions(), cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Enters a broadcast. The answer's SDP is for whoever made the offer. <see cref="ErrorCode.WrongKind"/> for the id of an encrypted meeting, and where
    /// the server's word on the kind is not the id's.
    /// </summary>
    public async Task<JoinResult> JoinAsync(JoinRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (IsEncrypted(request.MeetingId)) return Refused();
        return Take(await _hub.InvokeAsync<JoinResult>(nameof(IMeetingHub.Join), request, cancellation).ConfigureAwait(false));
    }

    /// <summary>Takes up one's place again, or asks for the whole after <see cref="RosterLost"/>. Refuses as <see cref="JoinAsync"/> does.</summary>
    public async Task<JoinResult> ResumeAsync(ResumeRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (IsEncrypted(request.MeetingId)) return Refused();
        return Take(await _hub.InvokeAsync<JoinResult>(nameof(IMeetingHub.Resume), request, cancellation).ConfigureAwait(false));
    }

    public Task<Outcome> LeaveAsync(CancellationToken cancellation = default) => _hub.InvokeAsync<Outcome>(nameof(IMeetingHub.Leave), cancellation);

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync().ConfigureAwait(false);
        _http.Dispose();
    }

    private static bool IsEncrypted(string meetingId) => SignalingContract.KindOf(meetingId) == MeetingKind.Encrypted;

    private static JoinResult Refused() => new(ErrorCode.WrongKind, NeedsGroup, null, null, null, null);

    private JoinResult Take(JoinResult result)
    {
        if (result is not { Error: ErrorCode.None, Meeting: { } meeting }) return result;
        if (meeting.Kind != MeetingKind.OpenBroadcast) return Refused();
        IReadOnlyList<Participant> participants;
        lock (_order)
        {
            _roster.Reset(meeting);
            participants = _roster.Participants;
        }

        RosterChanged?.Invoke(participants);
        return result;
    }

    private void Apply(MeetingChange change)
    {
        RosterStep step;
        IReadOnlyList<Participant> participants;
        lock (_order)
        {
            step = _roster.Apply(change);
            participants = _roster.Participants;
        }

        if (step == RosterStep.Applied) RosterChanged?.Invoke(participants);
        else if (step == RosterStep.Missed) RosterLost?.Invoke();
    }
}
