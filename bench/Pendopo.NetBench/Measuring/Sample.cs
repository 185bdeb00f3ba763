using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pendopo.NetBench.Measuring;

/// <summary>A browser's counters at one moment, by the names of W3C's webrtc-stats. What a browser does not count is zero.</summary>
/// <param name="At">Milliseconds since 1970.</param>
/// <param name="AvailableOutgoingBitrate">The browser's own estimate for its uplink, in bits per second; null where it tells none.</param>
/// <param name="RoundTripTime">In seconds, by STUN; null before the first.</param>
internal sealed record Sample(
    double At, string State, double? AvailableOutgoingBitrate, double? RoundTripTime, int? RemotePort,
    IReadOnlyList<Inbound> Inbound, IReadOnlyList<Outbound> Outbound)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowReadingFromString };

    /// <summary>The picture of the one who sends: the stream that brought most. Seats that nobody sits in have counters too.</summary>
    [JsonIgnore]
    public Inbound? Video => Inbound.Where(stream => stream.Kind == "video").MaxBy(stream => stream.BytesReceived);

    [JsonIgnore]
    public Inbound? Audio => Inbound.Where(stream => stream.Kind == "audio").MaxBy(stream => stream.BytesReceived);

    public static IReadOnlyList<Sample> Parse(JsonElement list) => list.Deserialize<IReadOnlyList<Sample>>(Json) ?? [];
}

/// <summary>inbound-rtp.</summary>
internal sealed record Inbound
{
    public string Mid { get; init; } = "";

    public string Kind { get; init; } = "";

    public long PacketsReceived { get; init; }

    public long PacketsLost { get; init; }

    public long BytesReceived { get; init; }

    public long HeaderBytesReceived { get; init; }

    public long RetransmittedPacketsReceived { get; init; }

    public long NackCount { get; init; }

    public long PliCount { get; init; }

    public long FramesDecoded { get; init; }

    public long KeyFramesDecoded { get; init; }

    public long FramesDropped { get; init; }

    public int FrameHeight { get; init; }

    public long FreezeCount { get; init; }

    /// <summary>In seconds; a freeze is counted when it is over.</summary>
    public double TotalFreezesDuration { get; init; }

    /// <summary>In seconds; see <see cref="JitterBufferEmittedCount"/> for the mean.</summary>
    public double JitterBufferDelay { get; init; }

    public long JitterBufferEmittedCount { get; init; }

    public long TotalSamplesReceived { get; init; }

    public long ConcealedSamples { get; init; }

    public long SilentConcealedSamples { get; init; }

    public double TotalDecodeTime { get; init; }
}

/// <summary>outbound-rtp.</summary>
internal sealed record Outbound
{
    public string Mid { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Rid { get; init; } = "";

    public long BytesSent { get; init; }

    public long RetransmittedBytesSent { get; init; }

    public long NackCount { get; init; }

    public long FramesEncoded { get; init; }

    public int FrameHeight { get; init; }

    public double TargetBitrate { get; init; }

    public string QualityLimitationReason { get; init; } = "";
}

/// <summary>What a browser's path did in half a second, as the relay saw it.</summary>
/// <param name="At">Milliseconds since 1970, at the end.</param>
/// <param name="CapacityKilobits">Of the direction that the receiver's picture takes; 0 is unlimited.</param>
internal sealed record PathSample(double At, double CapacityKilobits, long Offered, double OfferedKilobits, long Lost, long QueueDrops, double MeanWaitMilliseconds, double LongestWaitMilliseconds);
