using Pendopo.Rtc;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu.Forwarding;
using Pendopo.Sfu.Limits;

namespace Pendopo.Sfu.Statistics;

/// <summary>Copies what a worker knows of a room. Runs on the worker, which it holds up for about 20 µs per peer.</summary>
internal static class StatisticsReader
{
    public static List<PeerStatistics> Read(Instant now, MediaRoom room, int worker) => [.. room.Peers.Select(peer => Read(now, peer, worker))];

    private static PeerStatistics Read(Instant now, MediaPeer peer, int worker) => new()
    {
        Peer = peer.Id,
        Worker = worker,
        Age = now - peer.CreatedAt,
        IsConnected = peer.CanSend,
        Path = peer.IceConnectedAt is null ? null : Describe(peer.Transport.SelectedPath),
        SrtpProfile = peer.Transport.Profile,
        RoundTrip = peer.Estimator.RoundTrip,
        Estimate = peer.Estimator.Estimate,
        Acknowledged = peer.Estimator.AcknowledgedRate,
        Wanted = peer.Prober.Wanted,
        IsProbing = peer.Prober.IsProbing,
        LossFraction = peer.Estimator.LossFraction,
        Received = new(peer.Limits.ReceivedPackets, peer.Limits.ReceivedBytes, RateOf(peer.Sample.ReceivedRate)),
        Sent = new(peer.ForwardedPackets, peer.SentBytes, RateOf(peer.Sample.SentRate)),
        Drops = Enum.GetValues<DropReason>().Select(reason => (Reason: reason, Count: peer.Drops[reason] + peer.Transport.Drops[reason]))
            .Where(static drop => drop.Count > 0).ToDictionary(static drop => drop.Reason, static drop => drop.Count),
        Limited = Enum.GetValues<LimitKind>().Where(kind => peer.Limits.Refused(kind) > 0).ToDictionary(static kind => kind, peer.Limits.Refused),
        Tracks = [.. peer.Incoming.Tracks.Select(track => Read(now, track))],
        Slots = [.. ReadSlots(peer)],
    };

    private static TrackStatistics Read(Instant now, PublishedTrack track) =>
        new(track.Source, track.IsPublishing, track.Codec, track.Subscribers.Count, [.. track.Layers.Select(layer => Read(now, layer))]);

    private static LayerStatistics Read(Instant now, PublishedLayer layer) => new()
    {
        Rid = layer.Rid,
        Ssrc = layer.Ssrc,
        IsAlive = layer.IsAlive(now),
        Rate = layer.Rate.Rate(now),
        FrameRate = layer.Counters.FrameRate.PerSecond,
        Packets = layer.Counters.Packets,
        Bytes = layer.Counters.Bytes,
        Lost = layer.Statistics.Lost,
        Jitter = TimeSpan.FromSeconds(layer.Statistics.Jitter / layer.ClockRate),
        Nacked = layer.Counters.NackedPackets,
        KeyFrames = layer.KeyFrames.Received,
        KeyFrameRequests = layer.KeyFrames.Sent,
    };

    private static IEnumerable<SlotStatistics> ReadSlots(MediaPeer peer)
    {
        foreach (var seat in peer.Seats)
        {
            if (seat.Audio is { } audio) yield return Read(audio, seat.Index, PauseReason.None);
            if (seat.Video is { } video) yield return Read(video, seat.Index, seat.Pause);
        }

        foreach (var voice in peer.Voices) yield return Read(voice, null, PauseReason.None);
    }

    private static SlotStatistics Read(ReceiveSlot slot, int? seat, PauseReason pause) => new()
    {
        Mid = slot.Mid,
        Kind = slot.Kind,
        Seat = seat,
        Ssrc = slot.Ssrc,
        Peer = slot.Source?.Peer.Id,
        Source = slot.Source?.Source,
        Layer = slot.Current?.Index,
        TargetLayer = slot.Target?.Index,
        Pause = pause,
        Rate = RateOf(slot.Counters.SentRate),
        Packets = slot.SentPackets,
        Retransmissions = slot.Retransmissions,
        Nacked = slot.Counters.NackedPackets,
        KeyFrameRequests = slot.Counters.KeyFrameRequests,
        Switches = slot.Counters.Switches,
    };

    private static DataRate RateOf(in CounterRate bytes) => new((long)(bytes.PerSecond * 8));

    private static PathStatistics Describe(TransportAddress path) => new(path.Protocol, path.IsIpv4, KindOf(path));

    private static AddressKind KindOf(TransportAddress path)
    {
        if (path.IsIpv4)
        {
            var ip = (uint)path.Ip;
            return (ip >> 24) switch
            {
                127 => AddressKind.Loopback,
                10 => AddressKind.Private,
                172 when (ip >> 20 & 0xf) == 1 => AddressKind.Private,
                192 when (ip >> 16 & 0xff) == 168 => AddressKind.Private,
                169 when (ip >> 16 & 0xff) == 254 => AddressKind.Private,
                100 when (ip >> 22 & 3) == 1 => AddressKind.Private,
                _ => AddressKind.Public,
            };
        }

        if (path.Ip == UInt128.One) return AddressKind.Loopback;
        var prefix = (uint)(path.Ip >> 112);
        return (prefix & 0xfe00) == 0xfc00 || (prefix & 0xffc0) == 0xfe80 ? AddressKind.Private : AddressKind.Public;
    }
}
