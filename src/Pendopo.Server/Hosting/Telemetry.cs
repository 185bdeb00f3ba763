using System.Reflection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Pendopo.Server.Options;

namespace Pendopo.Server.Hosting;

/// <summary>Metrics by OpenTelemetry: to a collector of the operator's own, or to be fetched in the form of Prometheus.</summary>
internal static class Telemetry
{
    /// <summary>Ours, the runtime's, and of the framework those that name routes and no paths, which would bear meeting ids.</summary>
    private static readonly string[] Meters = ["Pendopo.*", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections"];

    public static void Add(IServiceCollection services, TelemetryOptions options)
    {
        if (options.OtlpEndpoint is null && !options.Prometheus) return;
        var version = typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("pendopo", serviceVersion: version)).WithMetrics(metrics =>
        {
            metrics.AddMeter(Meters);
            if (options.Prometheus) metrics.AddPrometheusExporter();
            if (options.OtlpEndpoint is not { } endpoint) return;
            metrics.AddOtlpExporter(otlp =>
            {
                otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
                otlp.Endpoint = new Uri(new Uri(endpoint), "/v1/metrics");
            });
        });
    }

    /// <summary>The page for Prometheus; <see cref="Operations.OperatorGate"/> stands before it.</summary>
    public static void Map(IEndpointRouteBuilder routes, TelemetryOptions options)
    {
        if (options.Prometheus) routes.MapPrometheusScrapingEndpoint("/metrics");
    }
}
