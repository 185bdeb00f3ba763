using System.Diagnostics.Metrics;
using Pendopo.Rtc;
using Pendopo.Sfu.Workers;

namespace Pendopo.Sfu.Statistics;

/// <summary>
/// The server's metrics by the naming rules of OpenTelemetry. All are observed: a collector that asks reads the workers' totals, which are
/// up to a second old, and no packet pays for it. Attributes have few values; meetings and peers are never among them.
/// </summary>
internal sealed class MediaMetrics : IDisposable
{
    public const string MeterName = "Pendopo.Sfu";

    private static readonly KeyValuePair<string, object?> Receive = new("network.io.direction", "receive");
    private static readonly KeyValuePair<string, object?> Transmit = new("network.io.direction", "transmit");

    private readonly Meter _meter = new(MeterName);
    private readonly WorkerThread[] _threads;

    public MediaMetrics(WorkerThread[] threads)
    {
        _threads = threads;
        AddMedia();
        AddRepair();
        AddNetwork();
        _meter.CreateObservableUpDownCounter("pendopo.sfu.peers", () => _threads.Sum(static thread => thread.Worker.Statistics.Peers), "{peer}", "Peers that are connected or connect.");
        _meter.CreateObservableUpDownCounter(
            "pendopo.sfu.rooms", () => _threads.Sum(static thread => thread.Worker.Statistics.Rooms), "{room}", "Rooms on workers; one that spans several counts on each.");
        _meter.CreateObservableGauge(
            "pendopo.sfu.worker.utilization", () => _threads.Select(static thread => new Measurement<double>(thread.Busy, Worker(thread))), "1", "Part of its time that a worker works.");
    }

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Worker(WorkerThread thread) => new("pendopo.sfu.worker", thread.Worker.Index);

    private static string NameOf(DropReason reason)
    {
        var name = reason.ToString();
        return string.Concat(name.Select((letter, i) => char.IsAsciiLetterUpper(letter) ? $"{(i > 0 ? "_" : "")}{char.ToLowerInvariant(letter)}" : letter.ToString()));
    }

    private void AddMedia()
    {
        Count("pendopo.sfu.packets.received", "{packet}", "RTP packets that authenticated and were within their sender's limits.", StatisticsTotal.PacketsReceived);
        Count("pendopo.sfu.packets.forwarded", "{packet}", "RTP packets sent, retransmissions and probes included.", StatisticsTotal.PacketsForwarded);
        _meter.CreateObservableCounter(
            "pendopo.sfu.network.io",
            () => new[] { new Measurement<long>(Sum(StatisticsTotal.BytesReceived), Receive), new Measurement<long>(Sum(StatisticsTotal.BytesForwarded), Transmit) },
            "By",
            "Bytes of RTP, without UDP and IP headers.");
        _meter.CreateObservableCounter("pendopo.sfu.packets.dropped", Drops, "{packet}", "Packets that were not used, by reason.");
        Count("pendopo.sfu.slot.switches", "{switch}", "Receive slots that began another layer or source.", StatisticsTotal.Switches);
    }

    private void AddRepair()
    {
        Count("pendopo.sfu.packets.retransmitted", "{packet}", "RTP packets sent once more, as repair or probe.", StatisticsTotal.Retransmissions);
        _meter.CreateObservableCounter(
            "pendopo.sfu.packets.nacked",
            () => new[] { new Measurement<long>(Sum(StatisticsTotal.PacketsNackedByReceivers), Receive), new Measurement<long>(Sum(StatisticsTotal.PacketsNackedAtSenders), Transmit) },
            "{packet}",
            "Packets asked for by NACK: of us (receive), by us (transmit).");
        _meter.CreateObservableCounter(
            "pendopo.sfu.key_frame.requests",
            () => new[] { new Measurement<long>(Sum(StatisticsTotal.KeyFrameRequestsReceived), Receive), new Measurement<long>(Sum(StatisticsTotal.KeyFrameRequestsSent), Transmit) },
            "{request}",
            "Key frames asked for: of us by PLI or FIR (receive), by us (transmit).");
        Count("pendopo.sfu.key_frames", "{frame}", "Key frames received.", StatisticsTotal.KeyFrames);
    }

    private void AddNetwork()
    {
        _meter.CreateObservableUpDownCounter(
            "pendopo.sfu.tcp.connections", () => _threads.Sum(static thread => thread.Network.TcpConnections), "{connection}", "Open connections of ICE-TCP.");
        _meter.CreateObservableCounter(
            "pendopo.sfu.tcp.refused", () => _threads.Sum(static thread => thread.Network.TcpRefused), "{connection}", "Connections of ICE-TCP refused because of a limit.");
        _meter.CreateObservableCounter("pendopo.sfu.socket.dropped", SocketDrops, "{packet}", "Datagrams that sockets or their queues lost, by reason.");
    }

    private void Count(string name, string unit, string description, StatisticsTotal total) =>
        _meter.CreateObservableCounter(name, () => Sum(total), unit, description);

    private long Sum(StatisticsTotal total) => _threads.Sum(thread => thread.Worker.Statistics[total]);

    private IEnumerable<Measurement<long>> Drops()
    {
        for (var i = 1; i < DropCounters.Reasons; i++)
        {
            var reason = (DropReason)i;
            var count = _threads.Sum(thread => thread.Worker.Drops[reason] + thread.Worker.Statistics.Drops[reason]);
            if (count > 0) yield return new Measurement<long>(count, new KeyValuePair<string, object?>("pendopo.drop.reason", NameOf(reason)));
        }
    }

    private IEnumerable<Measurement<long>> SocketDrops()
    {
        var all = _threads.Select(static thread => thread.Network).ToList();
        yield return Reason("send_queue_full", all.Sum(static one => one.SendQueueFull));
        yield return Reason("send_error", all.Sum(static one => one.SendErrors));
        yield return Reason("receive_error", all.Sum(static one => one.ReceiveErrors));
        yield return Reason("truncated", all.Sum(static one => one.Truncated));
        yield return Reason("tcp_input", all.Sum(static one => one.TcpInputDropped));
        yield return Reason("tcp_output", all.Sum(static one => one.TcpOutputDropped));

        static Measurement<long> Reason(string reason, long count) => new(count, new KeyValuePair<string, object?>("pendopo.drop.reason", reason));
    }
}
