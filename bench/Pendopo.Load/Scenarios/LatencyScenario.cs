using Pendopo.Load.Clients;
using Pendopo.Load.Servers;
using Pendopo.Rtc;
using Pendopo.Rtc.Srtp;
using Pendopo.Testing.Media;

namespace Pendopo.Load.Scenarios;

/// <summary>
/// What the server adds to a packet's way when it is well used: many small rooms, as many as take 70 % of its core. In one great
/// room the latency would be that of the last of hundreds of copies; here it is that of the server.
/// </summary>
internal sealed record LatencyScenario
{
    private const double Target = 0.7;
    private const int ReceiversPerRoom = 10;

    /// <summary>Close enough to the target.</summary>
    private const double Near = 0.65;

    /// <summary>Rooms of the first step; each step tells how many the next needs, since a room costs less the more there are.</summary>
    private const int FirstRooms = 20;
    private const int Steps = 4;

    /// <summary>Receivers that one generator core plays at most.</summary>
    private const int MaximumRooms = 70;

    private static readonly TimeSpan StepLength = TimeSpan.FromSeconds(2);

    public required DataRate VideoRate { get; init; }

    public required TimeSpan WarmUp { get; init; }

    public required TimeSpan Length { get; init; }

    public required SrtpProfile Profile { get; init; }

    public required bool SendsFeedback { get; init; }

    public async Task<Measurement> RunAsync(Func<Task<PendopoServer>> start)
    {
        await using var server = await start();
        using var session = new LoadSession(Profile, SendsFeedback);
        var window = new Window(server, session, Length);
        var rooms = 0;
        for (var (step, next) = (0, FirstRooms); step < Steps && next > rooms; step++)
        {
            session.Loop.IsJoining = true;
            await AddRoomsAsync(server, session, rooms, next);
            rooms = next;
            if (step == 0) await window.SettleAsync(WarmUp);
            else await Task.Delay(WarmUp);
            session.Loop.IsJoining = false;
            var cores = await MeasureCoresAsync(server, session);
            if (cores < Near) next = Math.Clamp((int)(rooms * Target / cores), rooms, MaximumRooms);
        }

        var result = await window.MeasureAsync($"latency, rooms of {ReceiversPerRoom}", rooms * ReceiversPerRoom, ReceiversPerRoom);
        if (rooms == MaximumRooms) result.Notes.Add($"More than {MaximumRooms} rooms would be needed for {Target:P0} of the core, which the generator cannot play.");
        return result;
    }

    private static async Task<double> MeasureCoresAsync(PendopoServer server, LoadSession session)
    {
        var before = await Snapshot.TakeAsync(session, server.Process);
        await Task.Delay(StepLength);
        var difference = await Snapshot.TakeAsync(session, server.Process) - before;
        return Math.Max(0.01, (double)difference.ServerCpu / difference.At);
    }

    private async Task AddRoomsAsync(PendopoServer server, LoadSession session, int from, int to)
    {
        for (var room = from; room < to; room++)
        {
            var name = $"room-{room}";
            var phase = TimeSpan.FromSeconds(room % MaximumRooms / 30.0 / MaximumRooms);
            await server.PublishAsync(session, name, room, (audio, video) => new SourceOptions
            {
                AudioSsrc = audio,
                Layers = [new Vp8Layer("", video, 1280, 720, VideoRate)],
                Seed = room * 10,
                Phase = phase,
            });
            var first = room * ReceiversPerRoom;
            await Parallel.ForAsync(first, first + ReceiversPerRoom, async (index, cancellation) =>
            {
                var client = await server.SubscribeAsync(session, name, index);
                await client.FirstMedia.WaitAsync(TimeSpan.FromSeconds(30), cancellation);
            });
        }
    }
}
