using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Pendopo.Rtc.Rtp;
using Pendopo.Sfu;

namespace Pendopo.Load.Host;

/// <summary>
/// The process under measurement: a <see cref="MediaServer"/> and nothing else, through its public API, told what to do by lines
/// on its standard input. It ends when that closes.
/// </summary>
internal sealed class HostRole(MediaServer server) : IDisposable
{
    private static readonly HashSet<SourceKind> Publishing = [SourceKind.Microphone, SourceKind.Camera];

    private readonly GarbageWatch _garbage = new();
    private int _failures;
    private int _pauses;

    /// <param name="settings"><c>Name=Value</c> for properties of <see cref="MediaServerOptions"/>.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> settings)
    {
        // Loopback only: a benchmark opens no port to the network.
        var options = new MediaServerOptions { Port = 0, Addresses = [IPAddress.Loopback], Bind = IPAddress.Loopback };
        foreach (var setting in settings) Set(options, setting);
        await using var server = MediaServer.Start(options, TimeProvider.System, NullLogger<MediaServer>.Instance);
        using var role = new HostRole(server);
        var events = role.DrainAsync();
        Write(new HostResponse(0));
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var request = JsonSerializer.Deserialize<HostRequest>(line, HostJson.Options)!;
            _ = role.AnswerAsync(request);
        }

        await server.DisposeAsync();
        await events;
        return 0;
    }

    public void Dispose() => _garbage.Dispose();

    private static void Set(MediaServerOptions options, string setting)
    {
        var parts = setting.Split('=', 2);
        var property = typeof(MediaServerOptions).GetProperty(parts[0], BindingFlags.Public | BindingFlags.Instance)
            ?? throw new ArgumentException($"MediaServerOptions has no {parts[0]}.");
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        object value = type == typeof(TimeSpan)
            ? TimeSpan.Parse(parts[1], CultureInfo.InvariantCulture)
            : type.IsEnum ? Enum.Parse(type, parts[1]) : Convert.ChangeType(parts[1], type, CultureInfo.InvariantCulture);
        property.SetValue(options, value);
    }

    private static void Write(HostResponse response)
    {
        lock (Console.Out)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(response, HostJson.Options));
            Console.Out.Flush();
        }
    }

    private async Task AnswerAsync(HostRequest request)
    {
        try
        {
            Write(await HandleAsync(request));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Write(new HostResponse(request.Id) { Error = exception.Message });
        }
    }

    private async Task<HostResponse> HandleAsync(HostRequest request)
    {
        switch (request.Operation)
        {
            case HostOperation.Connect:
                var answer = await server.ConnectAsync(new MediaOffer(request.Room, request.Peer, request.Sdp, request.Plan, [MediaCodec.Vp8], AllowRed: false));
                return new HostResponse(request.Id) { Sdp = answer.Sdp, Error = answer.Error };
            case HostOperation.SetPublishing:
                await server.SetPublishingAsync(request.Room, request.Peer, Publishing);
                return new HostResponse(request.Id);
            case HostOperation.SetView:
                await server.SetViewAsync(request.Room, request.Peer, request.View);
                return new HostResponse(request.Id);
            default:
                return new HostResponse(request.Id) { Statistics = _garbage.Read() with { Failures = _failures, Pauses = _pauses } };
        }
    }

    private async Task DrainAsync()
    {
        await foreach (var value in server.Events.ReadAllAsync())
        {
            if (value is MediaEvent.Failed or MediaEvent.Disconnected) _failures++;
            if (value is not MediaEvent.SeatsChanged changed) continue;
            for (var i = 0; i < changed.Seats.Count; i++) _pauses += changed.Seats[i].Pause == PauseReason.Bandwidth ? 1 : 0; // what this program allocates is counted too
        }
    }
}
