using Pendopo.Load.Clients;
using Pendopo.Load.Host;

namespace Pendopo.Load.Servers;

/// <summary>A column of the comparison: a server process, and how clients join it.</summary>
internal interface IServer : IAsyncDisposable
{
    /// <summary>As the report names it.</summary>
    string Name { get; }

    ServerProcess Process { get; }

    /// <summary>Negotiates a sender; it is connected and sends when the task ends.</summary>
    Task<Client> PublishAsync(LoadSession session, Func<uint, uint, SourceOptions> options);

    /// <summary>Negotiates a receiver and gives it to the loop; it may not be connected yet.</summary>
    Task<Client> SubscribeAsync(LoadSession session, int index);

    /// <summary>What only the process knows; null for foreign ones.</summary>
    Task<HostStatistics?> ReadStatisticsAsync();
}
