namespace Pendopo.Server.Options;

/// <summary>Where metrics go. Nowhere unless told: no host is contacted by default.</summary>
public sealed record TelemetryOptions
{
    /// <summary>A collector of the institution's own that takes OTLP over HTTP, like <c>http://localhost:4318</c>; null: none.</summary>
    public string? OtlpEndpoint { get; init; }

    /// <summary>Serves <c>/metrics</c> in the text form of Prometheus, to this machine and with the operator's token only.</summary>
    public bool Prometheus { get; init; }
}
