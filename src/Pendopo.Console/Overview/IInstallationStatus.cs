namespace Pendopo.Console.Overview;

/// <summary>What the overview asks of the running installation. The server implements it; the console knows no meetings.</summary>
public interface IInstallationStatus
{
    /// <summary>Version of the running build.</summary>
    string Version { get; }

    DateTimeOffset StartedAt { get; }

    /// <summary>Meetings with at least one participant.</summary>
    Task<int> CountRunningMeetingsAsync(CancellationToken cancellation);
}
