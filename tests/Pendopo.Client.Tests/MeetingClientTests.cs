using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pendopo.Signaling;
using Xunit;

namespace Pendopo.Client.Tests;

/// <summary>The client against a hub that speaks the contract and knows nothing else of a server.</summary>
public sealed class MeetingClientTests
{
    private const string Encrypted = "rAAAAAAAAAAAAAAAAAAAAAAA";
    private const string Broadcast = "sAAAAAAAAAAAAAAAAAAAAAAA";
    private const string Misnamed = "sBBBBBBBBBBBBBBBBBBBBBBB";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_founds_a_broadcast_joins_it_and_sees_somebody_come()
    {
        await using var server = await StartAsync();
        await using var client = await MeetingClient.ConnectAsync(new Uri(server.Urls.First()), Cancellation);
        var came = new TaskCompletionSource<IReadOnlyList<Participant>>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.RosterChanged += roster =>
        {
            if (roster.Count == 2) came.TrySetResult(roster);
        };

        var meeting = await client.CreateBroadcastAsync(cancellation: Cancellation);
        Assert.Equal("/m/" + Broadcast, meeting!.Path);
        var offer = new Offer("v=0", new OfferPlan(null, null, null, null, [], []));
        var joined = await client.JoinAsync(new JoinRequest(meeting.MeetingId, "Bot", new MediaState(false, false), offer), Cancellation);
        Assert.Equal((ErrorCode.None, "answer to v=0"), (joined.Error, joined.AnswerSdp));

        var roster = await came.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        Assert.Equal(["Bot", "Sari"], roster.Select(participant => participant.DisplayName));
        Assert.Equal(ErrorCode.None, (await client.LeaveAsync(Cancellation)).Error);
    }

    [Fact]
    public async Task A_refusal_is_a_value_and_leaves_the_roster_empty()
    {
        await using var server = await StartAsync();
        await using var client = await MeetingClient.ConnectAsync(new Uri(server.Urls.First()), Cancellation);
        var offer = new Offer("v=0", new OfferPlan(null, null, null, null, [], []));
        var joined = await client.JoinAsync(new JoinRequest("unknown", "Bot", new MediaState(false, false), offer), Cancellation);
        Assert.Equal(ErrorCode.MeetingNotFound, joined.Error);
        Assert.Empty(client.Participants);
        Assert.Null(await client.CreateBroadcastAsync([VideoCodec.Vp9], Cancellation));
    }

    [Fact]
    public async Task An_encrypted_meeting_is_refused_before_anything_is_sent()
    {
        await using var server = await StartAsync();
        await using var client = await MeetingClient.ConnectAsync(new Uri(server.Urls.First()), Cancellation);
        var offer = new Offer("v=0", new OfferPlan(null, null, null, null, [], []));

        // The hub of this test would let anybody into either of them.
        var joined = await client.JoinAsync(new JoinRequest(Encrypted, "Bot", new MediaState(false, false), offer), Cancellation);
        var resumed = await client.ResumeAsync(new ResumeRequest(Encrypted, "1", offer), Cancellation);

        foreach (var refused in new[] { joined, resumed })
        {
            Assert.Equal((ErrorCode.WrongKind, null, null), (refused.Error, refused.Meeting, refused.AnswerSdp));
            Assert.Contains("end-to-end encrypted", refused.Message, StringComparison.Ordinal);
        }

        Assert.Empty(client.Participants);
        Assert.Equal(0, server.Services.GetRequiredService<Calls>().Count);
    }

    [Fact]
    public async Task A_server_that_calls_a_broadcast_encrypted_is_not_believed()
    {
        await using var server = await StartAsync();
        await using var client = await MeetingClient.ConnectAsync(new Uri(server.Urls.First()), Cancellation);
        var offer = new Offer("v=0", new OfferPlan(null, null, null, null, [], []));

        var joined = await client.JoinAsync(new JoinRequest(Misnamed, "Bot", new MediaState(false, false), offer), Cancellation);

        Assert.Equal((ErrorCode.WrongKind, null, null), (joined.Error, joined.Meeting, joined.AnswerSdp));
        Assert.Empty(client.Participants);
        Assert.Equal(1, server.Services.GetRequiredService<Calls>().Count);
    }

    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSignalR().AddJsonProtocol(json => SignalingContract.Configure(json.PayloadSerializerOptions));
        builder.Services.Configure<JsonOptions>(json => SignalingContract.Configure(json.SerializerOptions));
        builder.Services.AddSingleton<Calls>();
        var app = builder.Build();
        app.MapHub<FakeHub>("/hubs/meeting");
        app.MapPost("/api/meetings", (CreateMeetingRequest request) => request is { Kind: MeetingKind.OpenBroadcast, VideoCodecs: null }
            ? Results.Ok(new CreateMeetingResponse(Broadcast, "/m/" + Broadcast, null, null))
            : Results.StatusCode(StatusCodes.Status429TooManyRequests));
        await app.StartAsync(Cancellation);
        return app;
    }

    /// <summary>How often the hub was asked to let somebody in.</summary>
    private sealed class Calls
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Add() => Interlocked.Increment(ref _count);
    }

    private sealed class FakeHub(Calls calls) : Hub<IMeetingClient>
    {
        public async Task<JoinResult> Join(JoinRequest request)
        {
            calls.Add();
            if (request.MeetingId is not (Broadcast or Encrypted or Misnamed)) return new JoinResult(ErrorCode.MeetingNotFound, null, null, null, null, null);
            // Sari comes before the answer is out: the client must lose nobody.
            await Clients.Caller.MeetingChanged(new MeetingChange(2, [Person("2", "Sari", 2)], [], null, null));
            var kind = request.MeetingId == Broadcast ? MeetingKind.OpenBroadcast : MeetingKind.Encrypted;
            var meeting = new MeetingSnapshot(request.MeetingId, kind, 1, 0, [Person("1", request.DisplayName, 1)], [VideoCodec.Vp8], false);
            return new JoinResult(ErrorCode.None, null, "1", meeting, $"answer to {request.Offer.Sdp}", null);
        }

        public Task<JoinResult> Resume(ResumeRequest request)
        {
            calls.Add();
            return Task.FromResult(new JoinResult(ErrorCode.None, null, request.ParticipantId,
                new MeetingSnapshot(Broadcast, MeetingKind.OpenBroadcast, 2, 0, [Person("1", "Bot", 1), Person("2", "Sari", 2)], [VideoCodec.Vp8], false), null, null));
        }

        public Task<Outcome> Leave() => Task.FromResult(new Outcome(ErrorCode.None));

        private static Participant Person(string id, string name, long joinedAt) =>
            new(id, name, ParticipantRole.Participant, new MediaState(false, false), ConnectionState.Connected, joinedAt);
    }
}
