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
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_founds_a_meeting_joins_it_and_sees_somebody_come()
    {
        await using var server = await StartAsync();
        await using var client = await MeetingClient.ConnectAsync(new Uri(server.Urls.First()), Cancellation);
        var came = new TaskCompletionSource<IReadOnlyList<Participant>>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.RosterChanged += roster =>
        {
            if (roster.Count == 2) came.TrySetResult(roster);
        };

        var meeting = await client.CreateMeetingAsync(new CreateMeetingRequest(MeetingKind.Meeting), Cancellation);
        Assert.Equal("/m/abc", meeting!.Path);
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
        Assert.Null(await client.CreateMeetingAsync(new CreateMeetingRequest(MeetingKind.OpenBroadcast), Cancellation));
    }

    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSignalR().AddJsonProtocol(json => SignalingContract.Configure(json.PayloadSerializerOptions));
        builder.Services.Configure<JsonOptions>(json => SignalingContract.Configure(json.SerializerOptions));
        var app = builder.Build();
        app.MapHub<FakeHub>("/hubs/meeting");
        app.MapPost("/api/meetings", (CreateMeetingRequest request) => request.Kind == MeetingKind.Meeting
            ? Results.Ok(new CreateMeetingResponse("abc", "/m/abc", null, null))
            : Results.StatusCode(StatusCodes.Status429TooManyRequests));
        await app.StartAsync(Cancellation);
        return app;
    }

    private sealed class FakeHub : Hub<IMeetingClient>
    {
        public async Task<JoinResult> Join(JoinRequest request)
        {
            if (request.MeetingId != "abc") return new JoinResult(ErrorCode.MeetingNotFound, null, null, null, null, null);
            // Sari comes before the answer is out: the client must lose nobody.
            await Clients.Caller.MeetingChanged(new MeetingChange(2, [Person("2", "Sari", 2)], [], null, null));
            var meeting = new MeetingSnapshot("abc", MeetingKind.Meeting, 1, 0, [Person("1", request.DisplayName, 1)], [VideoCodec.Vp8], false);
            return new JoinResult(ErrorCode.None, null, "1", meeting, $"answer to {request.Offer.Sdp}", null);
        }

        public Task<JoinResult> Resume(ResumeRequest request) =>
            Task.FromResult(new JoinResult(ErrorCode.None, null, request.ParticipantId,
                new MeetingSnapshot("abc", MeetingKind.Meeting, 2, 0, [Person("1", "Bot", 1), Person("2", "Sari", 2)], [VideoCodec.Vp8], false), null, null));

        public Task<Outcome> Leave() => Task.FromResult(new Outcome(ErrorCode.None));

        private static Participant Person(string id, string name, long joinedAt) =>
            new(id, name, ParticipantRole.Participant, new MediaState(false, false), ConnectionState.Connected, joinedAt);
    }
}
