using System.Runtime.InteropServices;
using Pendopo.Rtc;
using Pendopo.Sfu.Forwarding;

namespace Pendopo.Sfu.Statistics;

/// <summary>
/// Looks at each peer of a worker about once a second: computes rates, and adds what has grown to the worker's totals. So packets pay only
/// for their own counters. Written by the worker; the totals may be read by any thread.
/// </summary>
internal sealed class WorkerStatistics
{
    public static readonly int TotalCount = Enum.GetValues<StatisticsTotal>().Length;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly long[] _totals = new long[TotalCount];
    private readonly DropCounters _drops = new();
    private readonly long[] _current = new long[TotalCount];
    private int _peers;
    private int _rooms;

    /// <summary>Peers that the worker has now, connected or not.</summary>
    public int Peers => Volatile.Read(ref _peers);

    /// <summary>Rooms of which the worker has at least a part.</summary>
    public int Rooms => Volatile.Read(ref _rooms);

    /// <summary>Dropped packets of all peers by reason; those that belong to no peer are counted by the worker.</summary>
    public DropCounters Drops => _drops;

    public long this[StatisticsTotal total] => Volatile.Read(ref _totals[(int)total]);

    /// <summary>Called at each tick of the worker.</summary>
    public void Count(int peers, int rooms)
    {
        Volatile.Write(ref _peers, peers);
        Volatile.Write(ref _rooms, rooms);
    }

    /// <summary>Looks at a peer if it is time; returns when it is again. Each has its own second, so that they do not come all at once.</summary>
    public Instant Look(Instant now, MediaPeer peer)
    {
        if (now - peer.Sample.At < Interval) return peer.Sample.At + Interval;
        peer.Sample.At = now;
        Add(peer);
        UpdateRates(now, peer);
        Histograms.Record(peer);
        return now + Interval;
    }

    /// <summary>Takes the last of a peer that leaves.</summary>
    public void Remove(MediaPeer peer) => Add(peer);

    private static void UpdateRates(Instant now, MediaPeer peer)
    {
        peer.Sample.ReceivedRate.Update(now, peer.Limits.ReceivedBytes);
        peer.Sample.SentRate.Update(now, peer.SentBytes);
        foreach (var track in peer.Incoming.Tracks)
        {
            foreach (var layer in track.Layers) layer.Counters.FrameRate.Update(now, layer.Counters.Frames);
        }

        foreach (var slot in peer.Slots) slot.Counters.SentRate.Update(now, slot.SentOctets);
    }

    private void Add(MediaPeer peer)
    {
        Count(peer);
        var sample = peer.Sample;
        for (var i = 0; i < TotalCount; i++)
        {
            // A layer that its sender began anew takes its counts with it, so a sum may shrink for once.
            var grown = Math.Max(0, _current[i] - sample.Totals[i]);
            Volatile.Write(ref _totals[i], _totals[i] + grown);
            sample.Totals[i] = _current[i];
        }

        for (var i = 1; i < sample.Drops.Length; i++)
        {
            var reason = (DropReason)i;
            var current = peer.Drops[reason] + peer.Transport.Drops[reason];
            _drops.Add(reason, current - sample.Drops[i]);
            sample.Drops[i] = current;
        }
    }

    private void Count(MediaPeer peer)
    {
        var current = _current.AsSpan();
        current.Clear();
        current[(int)StatisticsTotal.PacketsReceived] = peer.Limits.ReceivedPackets;
        current[(int)StatisticsTotal.BytesReceived] = peer.Limits.ReceivedBytes;
        current[(int)StatisticsTotal.PacketsForwarded] = peer.ForwardedPackets;
        current[(int)StatisticsTotal.BytesForwarded] = peer.SentBytes;
        foreach (var slot in CollectionsMarshal.AsSpan(peer.Slots))
        {
            current[(int)StatisticsTotal.Retransmissions] += slot.Retransmissions;
            current[(int)StatisticsTotal.PacketsNackedByReceivers] += slot.Counters.NackedPackets;
            current[(int)StatisticsTotal.KeyFrameRequestsReceived] += slot.Counters.KeyFrameRequests;
            current[(int)StatisticsTotal.Switches] += slot.Counters.Switches;
        }

        foreach (var track in peer.Incoming.Tracks)
        {
            foreach (var layer in track.Layers)
            {
                current[(int)StatisticsTotal.PacketsNackedAtSenders] += layer.Counters.NackedPackets;
                current[(int)StatisticsTotal.KeyFrameRequestsSent] += layer.KeyFrames.Sent;
                current[(int)StatisticsTotal.KeyFrames] += layer.KeyFrames.Received;
            }
        }
    }
}
