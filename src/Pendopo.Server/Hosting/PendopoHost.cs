using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;
using Pendopo.Control.Identity;
using Pendopo.Control.Storage;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Grains;
using Pendopo.Server.Accounts;
using Pendopo.Server.Certificates;
using Pendopo.Server.Diagnosis;
using Pendopo.Server.Endpoints;
using Pendopo.Server.Hubs;
using Pendopo.Server.Media;
using Pendopo.Server.Operations;
using Pendopo.Server.Options;
using Pendopo.Server.Schedule;
using Pendopo.Server.Security;
using Pendopo.Server.Sessions;
using Pendopo.Server.Storage;
using Pendopo.Sfu;
using Pendopo.Signaling;

namespace Pendopo.Server.Hosting;

/// <summary>Puts the planes together into one process.</summary>
internal static class PendopoHost
{
    /// <summary>The longest offer, escaped in JSON (each line end takes two characters more), with its plan.</summary>
    private const long MessageMaximum = 2 * SignalingContract.SdpMaximum;

    /// <summary>Builds the server; null when its settings are wrong, after saying what is.</summary>
    public static async Task<WebApplication?> BuildAsync(string[] args, TextWriter errors, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        var options = builder.Configuration.GetSection("Pendopo").Get<PendopoOptions>() ?? new PendopoOptions();
        var faults = OptionsCheck.Check(options);
        foreach (var fault in faults) await errors.WriteLineAsync(fault);
        if (faults.Count > 0) return null;

        Directory.CreateDirectory(options.DataFolder);
        AddLogging(builder, options);
        AddServices(builder.Services, options);
        AddOrleans(builder, options);
        replace?.Invoke(builder.Services);

        using var startLog = LoggerFactory.Create(logging => logging.AddConsole());
        var certificate = ServerCertificate.Open(options, TimeProvider.System, startLog.CreateLogger("Pendopo"));
        builder.Services.AddSingleton(certificate);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options, certificate));

        var app = builder.Build();
        await using (var context = await app.Services.GetRequiredService<IDbContextFactory<ControlDbContext>>().CreateDbContextAsync())
        {
            await Database.UpgradeAsync(context);
            await RemovedKinds.DropAsync(context, app.Logger);
            await app.Services.GetRequiredService<CanonicalOrigin>().LoadAsync(context);
        }

        // A root key that cannot be read stops the start, not the first person who needs it.
        await app.Services.GetRequiredService<IIdentityAuthority>().GetRootAsync();

        Route(app, options, certificate);
        app.Lifetime.ApplicationStarted.Register(() => Greet(app, options));
        return app;
    }

    private static void AddLogging(WebApplicationBuilder builder, PendopoOptions options)
    {
        builder.Logging.ClearProviders();
        if (options.JsonLogs) builder.Logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
        else builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        // Orleans and the framework tell their whole life at Information; request paths would bear meeting ids.
        builder.Logging.AddFilter("Orleans", LogLevel.Warning).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Polly", LogLevel.Warning);
    }

    private static void AddServices(IServiceCollection services, PendopoOptions options)
    {
        services.AddSingleton(options).AddSingleton(options.Limits).AddSingleton(options.Files).AddSingleton(TimeProvider.System);
        services.AddSingleton(new MeetingRules
        {
            Grace = options.Meetings.Grace,
            EmptyLifetime = options.Meetings.EmptyLifetime,
            MaximumParticipants = options.Meetings.MaximumParticipants,
            Controls = MeetingRules.Default.Controls with
            {
                Sharing = options.Meetings.Sharing,
                MutedFrom = options.Meetings.MutedFrom,
                CameraOffFrom = options.Meetings.CameraOffFrom,
                PrivateChat = options.Meetings.PrivateChat,
            },
        });
        services.AddSingleton<ConnectionRegistry>().AddSingleton<ShareDeliveries>().AddSingleton<MeetingDirectory>().AddSingleton<IMeetingNotifier, HubNotifier>();
        services.AddSingleton<KnockLimiter>().AddSingleton<Gatekeeper>().AddSingleton<GroupLimiter>().AddSingleton<OriginCheck>();
        services.AddSingleton<ISessionAccounts, SignedInAccounts>().AddSingleton<IGroupLogStore, EntityGroupLog>().AddSingleton<EntityFiles>();
        services.AddSingleton(OperatorToken.Open(options.DataFolder)).AddSingleton<OperatorGate>();
        services.AddSingleton<TestRooms>().AddSingleton<TestLimiter>();
        Telemetry.Add(services, options.Telemetry);
        services.AddSingleton<EndpointTags>().AddSingleton<BroadcastEndpoints>().AddSingleton<IOfferInspector, OfferInspector>();
        services.AddSingleton(StartMedia);
        services.AddSingleton<IMediaNode>(provider => provider.GetRequiredService<IMediaPlane>());
        services.AddDbContextFactory<ControlDbContext>(database => Database.Configure(database, options.Postgres, Path.Combine(options.DataFolder, "pendopo.db")));
        services.AddAccounts(options);
        services.AddSchedule(options);
        services.AddHealthChecks().AddCheck<Readiness>("ready");
        services.AddHostedService<MediaEventPump>().AddHostedService<ShareDeliveryTeller>().AddHostedService<StaleMeetings>().AddHostedService<StopNotice>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        // A trace id makes two refusals tell-tale different; logs find a request by its time.
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = context => context.ProblemDetails.Extensions.Remove("traceId"));
        services.ConfigureHttpJsonOptions(json => SignalingContract.Configure(json.SerializerOptions));
        services.AddSignalR(signalr =>
        {
            signalr.MaximumReceiveMessageSize = MessageMaximum;
            // A client that is silent for 15 s has lost its socket; its place is kept for the time of grace after that.
            signalr.KeepAliveInterval = TimeSpan.FromSeconds(5);
            signalr.ClientTimeoutInterval = TimeSpan.FromSeconds(15);
            signalr.StreamBufferCapacity = 1;
            signalr.AddFilter<AccountHubFilter>();
        }).AddJsonProtocol(json => SignalingContract.Configure(json.PayloadSerializerOptions));
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            forwarded.KnownIPNetworks.Clear();
            forwarded.KnownProxies.Clear();
            foreach (var proxy in options.TrustedProxies) forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
        });
    }

    private static IMediaPlane StartMedia(IServiceProvider services) => new MediaNodeAdapter(MediaServer.Start(
        OptionsCheck.ToMediaServer(services.GetRequiredService<PendopoOptions>().Media),
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<MediaServer>>()));

    private static void AddOrleans(WebApplicationBuilder builder, PendopoOptions options)
    {
        var port = options.SiloPort == 0 ? FreeLoopbackPort() : options.SiloPort;
        builder.UseOrleans(silo =>
        {
            // One silo on loopback, with no gateway: nobody but this process is a client.
            silo.UseLocalhostClustering(siloPort: port, gatewayPort: 0, serviceId: "pendopo", clusterId: "pendopo");
            silo.Configure<EndpointOptions>(endpoint => endpoint.GatewayPort = 0);
            silo.Services.AddSerializer(serializer => serializer.AddJsonSerializer(
                type => type.Namespace?.StartsWith("Pendopo.", StringComparison.Ordinal) == true));
            silo.Services.AddKeyedSingleton<IGrainStorage, EntityGrainStorage>(MeetingGrain.StorageName);
        });
    }

    private static int FreeLoopbackPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Listen(KestrelServerOptions kestrel, PendopoOptions options, ServerCertificate certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MessageMaximum;
        foreach (var address in options.Http.Resolve(everywhere: options.ServesHttps)) kestrel.Listen(address, options.Http.Port);
        if (certificate.Certificate is null) return;
        foreach (var address in options.Https.Resolve(everywhere: true))
        {
            kestrel.Listen(address, options.Https.Port, listen => listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate.Certificate;
                https.ServerCertificateChain = certificate.Chain;
            }));
        }
    }

    private static void Route(WebApplication app, PendopoOptions options, ServerCertificate certificate)
    {
        if (options.TrustedProxies.Count > 0) app.UseForwardedHeaders();
        app.Use((context, next) => SecurityHeaders.ApplyAsync(context, next));
        app.UseStatusCodePages();
        var origins = app.Services.GetRequiredService<OriginCheck>();
        app.Use((context, next) => origins.CheckAsync(context, next));
        if (options.ServesHttps) app.Use((context, next) => HttpsOnly.RedirectAsync(context, next, options));
        var gate = app.Services.GetRequiredService<OperatorGate>();
        app.Use((context, next) => gate.CheckAsync(context, next));
        app.Use((context, next) => Session.EnsureAsync(context, next));
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHub<MeetingHub>(SignalingContract.HubPath, hub =>
        {
            // WebSockets alone: one transport to test, and no sticky sessions later.
            hub.Transports = Microsoft.AspNetCore.Http.Connections.HttpTransportType.WebSockets;
            hub.ApplicationMaxBufferSize = MessageMaximum;
        });
        app.MapApi();
        app.MapAccounts();
        ScheduleEndpoints.Map(app);
        RecoveryEndpoint.Map(app);
        BroadcastEndpoints.Map(app);
        TestEndpoints.Map(app);
        DebugEndpoints.Map(app);
        Telemetry.Map(app, options.Telemetry);
        if (certificate.Authority is { } authority) app.MapAuthority(authority);
        app.UseWebClient(options);
    }

    /// <summary>The first call of a grain costs a second of compiling, which the first meeting should not wait for.</summary>
    private static async Task WarmUpAsync(WebApplication app)
    {
        try
        {
            await app.Services.GetRequiredService<MeetingDirectory>().Find(MeetingId.CreateBroadcast()).Leave(ParticipantId.Create());
        }
        catch (Exception error) when (error is OrleansException or ObjectDisposedException or OperationCanceledException)
        {
            // Stopped before it was warm.
        }
    }

    private static void Greet(WebApplication app, PendopoOptions options)
    {
        var media = app.Services.GetRequiredService<IMediaPlane>();
        app.Logger.MediaListening(string.Join(", ", media.EndPoints));
        if (media.EndPoints.All(endPoint => IPAddress.IsLoopback(endPoint.Address))) app.Logger.MediaOnLoopbackOnly();
        if (options.Media.OpenRooms) app.Logger.OpenRoomsOn();
        _ = WarmUpAsync(app);
        foreach (var url in app.Urls) app.Logger.Ready(Friendly(url, options));
    }

    /// <summary>The address as a person would type it.</summary>
    private static string Friendly(string url, PendopoOptions options)
    {
        var uri = new Uri(url);
        var isLoopback = IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);
        return $"{uri.Scheme}://{(isLoopback ? "localhost" : options.HostName ?? uri.Host)}:{uri.Port}/";
    }
}
