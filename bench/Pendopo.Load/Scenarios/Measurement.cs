namespace Pendopo.Load.Scenarios;

/// <summary>The result of one measured window of one column.</summary>
internal sealed record Measurement
{
    public required string Column { get; init; }

    public required string Scenario { get; init; }

    public required int Receivers { get; init; }

    public string? Profile { get; init; }

    public double Seconds { get; init; }

    /// <summary>RTP packets per second that the server received.</summary>
    public double SentPerSecond { get; init; }

    /// <summary>RTP packets per second that the clients received.</summary>
    public double ForwardedPerSecond { get; init; }

    public double MegabitsPerSecond { get; init; }

    /// <summary>User and system time of the server's process by forwarded packet.</summary>
    public double NanosecondsPerPacket { get; init; }

    /// <summary>The server's time by the window's: 1 is a core.</summary>
    public double ServerCores { get; init; }

    /// <summary>Close to 1 the generator is the bottleneck and the result is about it.</summary>
    public double GeneratorCores { get; init; }

    /// <summary>Missing sequence numbers by expected ones.</summary>
    public double Loss { get; init; }

    /// <summary>Received by (sent × receivers); 0 where receivers are not sent everything.</summary>
    public double Delivery { get; init; }

    public int LatencyP50 { get; init; }

    public int LatencyP99 { get; init; }

    public int LatencyP999 { get; init; }

    /// <summary>Packets behind the latencies.</summary>
    public long LatencySamples { get; init; }

    public double JoinP50 { get; init; }

    public double JoinP99 { get; init; }

    /// <summary>Growth of the server's resident memory by receiver.</summary>
    public double KilobytesPerReceiver { get; init; }

    /// <summary>Allocated by the whole process in the window, by forwarded packet.</summary>
    public double? AllocatedPerPacket { get; init; }

    public int? Collections { get; init; }

    public double? PauseMilliseconds { get; init; }

    public double? WorstPauseMilliseconds { get; init; }

    /// <summary>Decrypted packets of sampled receivers, and those of them that are not what was sent.</summary>
    public long Verified { get; init; }

    public long Corrupt { get; init; }

    /// <summary>Pictures that sampled receivers could decode, and those they had to skip.</summary>
    public long DecodedFrames { get; init; }

    public long SkippedFrames { get; init; }

    /// <summary>Packets on other SSRCs: retransmissions and probing.</summary>
    public double OtherPerSecond { get; init; }

    public double FeedbackPerSecond { get; init; }

    /// <summary>How late the worst frame left the generator, in milliseconds.</summary>
    public double WorstSendDelay { get; init; }

    /// <summary>What else a reader must know.</summary>
    public List<string> Notes { get; init; } = [];
}
