using System.Text.Json;
using Pendopo.Sfu;

namespace Pendopo.Load.Host;

internal enum HostOperation
{
    Connect,
    SetPublishing,
    SetView,
    Statistics,
}

/// <summary>One line to the host's standard input.</summary>
internal sealed record HostRequest(int Id, HostOperation Operation, string Room, string Peer)
{
    public string Sdp { get; init; } = "";

    public MediaPlan? Plan { get; init; }

    public IReadOnlyList<ViewItem> View { get; init; } = [];
}

/// <summary>One line from its standard output. The first has the id 0: the host is ready.</summary>
internal sealed record HostResponse(int Id)
{
    public string? Sdp { get; init; }

    public string? Error { get; init; }

    public HostStatistics? Statistics { get; init; }
}

/// <summary>What only the process itself knows.</summary>
/// <param name="AllocatedBytes">Since the start, by all threads.</param>
/// <param name="Collections">Of all generations.</param>
/// <param name="PauseMilliseconds">All pauses of the garbage collector together.</param>
/// <param name="WorstPauseMilliseconds">The longest since the last question.</param>
/// <param name="Failures">Peers that failed or were lost.</param>
/// <param name="Pauses">Seats told as paused for want of bandwidth, in all changes of seats.</param>
internal sealed record HostStatistics(
    long AllocatedBytes, long HeapBytes, int Collections, double PauseMilliseconds, double WorstPauseMilliseconds, int Failures, int Pauses);

internal static class HostJson
{
    /// <summary>Fields too: the seats of a plan are tuples.</summary>
    public static readonly JsonSerializerOptions Options = new() { IncludeFields = true };
}
