using Pendopo.Load.Clients;
using Pendopo.Load.Network;
using Pendopo.Load.Servers;

namespace Pendopo.Load.Scenarios;

/// <summary>All counters at one moment; what happened between two is their difference.</summary>
/// <param name="At">Nanoseconds since 1970.</param>
/// <param name="ServerCpu">Nanoseconds.</param>
/// <param name="GeneratorCpu">Nanoseconds.</param>
/// <param name="Sent">RTP packets that the clients gave to the server.</param>
/// <param name="Received">Distinct RTP packets of the announced streams that came back.</param>
/// <param name="Expected">What should have come by the sequence numbers.</param>
/// <param name="Other">RTP packets of other SSRCs: retransmissions, probing.</param>
internal readonly record struct Snapshot(
    long At, long ServerCpu, long GeneratorCpu, long Sent, long Received, long Expected, long Other, long Bytes, long Duplicates, long Corrupt, long Rtcp, long SendFailures)
{
    public static Task<Snapshot> TakeAsync(LoadSession session, ServerProcess server) => session.Loop.InvokeAsync(() => Take(session, server));

    public static Snapshot operator -(Snapshot left, Snapshot right) => new(
        left.At - right.At,
        left.ServerCpu - right.ServerCpu,
        left.GeneratorCpu - right.GeneratorCpu,
        left.Sent - right.Sent,
        left.Received - right.Received,
        left.Expected - right.Expected,
        left.Other - right.Other,
        left.Bytes - right.Bytes,
        left.Duplicates - right.Duplicates,
        left.Corrupt - right.Corrupt,
        left.Rtcp - right.Rtcp,
        left.SendFailures - right.SendFailures);

    private static Snapshot Take(LoadSession session, ServerProcess server)
    {
        var total = default(Snapshot) with
        {
            At = Clock.Nanoseconds,
            ServerCpu = server.CpuNanoseconds,
            GeneratorCpu = LibC.Nanoseconds(LibC.ProcessClock(Environment.ProcessId)),
        };
        foreach (var client in session.Loop.Clients)
        {
            if (client.Source is { } source) total = total with { Sent = total.Sent + source.PacketsSent, SendFailures = total.SendFailures + source.SendFailures };
            if (client.Sink is not { } sink) continue;
            total = total with { Other = total.Other + sink.OtherPackets, Rtcp = total.Rtcp + sink.RtcpSent };
            foreach (var stream in sink.Streams)
            {
                total = total with
                {
                    Received = total.Received + stream.Received,
                    Expected = total.Expected + stream.Expected,
                    Bytes = total.Bytes + stream.Bytes,
                    Duplicates = total.Duplicates + stream.Duplicates,
                    Corrupt = total.Corrupt + stream.Corrupt,
                };
            }
        }

        return total;
    }
}
