using System.Globalization;
using System.Text;
using Pendopo.Meetings.Domain;
using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu;
using Pendopo.Sfu.Statistics;

namespace Pendopo.Server.Operations;

/// <summary>A meeting's flows as lines of text, and the forms of numbers that the page uses too.</summary>
internal static class DebugText
{
    public static string Meeting(RoomStatistics room)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"meeting {new MeetingKey(room.Room).Loggable}  {room.Peers.Count} peers\n");
        foreach (var peer in room.Peers) Add(text, peer);
        return text.ToString();
    }

    public static string Rate(DataRate rate) => rate.BitsPerSecond >= 1_000_000
        ? Invariant($"{rate.BitsPerSecond / 1e6:0.00} Mb/s")
        : Invariant($"{rate.Kilobits:0} kb/s");

    /// <summary>What a peer would need, and whether it is being tried.</summary>
    public static string Wanted(PeerStatistics peer) => Rate(peer.Wanted) + (peer.IsProbing ? " (probing)" : "");

    public static string Bytes(long bytes) => bytes >= 1_000_000 ? Invariant($"{bytes / 1e6:0.0} MB") : Invariant($"{bytes / 1e3:0} kB");

    public static string Milliseconds(TimeSpan time) => Invariant($"{time.TotalMilliseconds:0.#} ms");

    public static string Percent(double fraction) => Invariant($"{fraction * 100:0.0} %");

    public static string Path(PathStatistics? path) => path is null
        ? "-"
        : $"{(path.Protocol == TransportProtocol.Udp ? "udp" : "tcp")}/{(path.IsIpv4 ? "ipv4" : "ipv6")} {Lower(path.Address)}";

    /// <summary><c>2</c>, or <c>0→2</c> while a key frame is waited for, or <c>-</c>.</summary>
    public static string Layer(SlotStatistics slot)
    {
        static string Name(int? layer) => layer?.ToString(CultureInfo.InvariantCulture) ?? "-";
        return slot.Kind == MediaKind.Audio || slot.Layer == slot.TargetLayer ? Name(slot.Layer) : $"{Name(slot.Layer)}→{Name(slot.TargetLayer)}";
    }

    public static string Counts<TKey>(IReadOnlyDictionary<TKey, long> counts)
        where TKey : notnull => counts.Count == 0 ? "-" : string.Join(", ", counts.Select(static count => $"{Lower(count.Key)} {count.Value}"));

    /// <summary>The names of values, as in JSON.</summary>
    public static string Lower<T>(T value)
    {
        var name = value?.ToString() ?? "";
        return name.Length == 0 ? "-" : char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static void Add(StringBuilder text, PeerStatistics peer)
    {
        text.Append(CultureInfo.InvariantCulture, $"\npeer {peer.Peer}  {(peer.IsConnected ? "connected" : "not connected")}  {peer.Age.TotalSeconds:0} s  worker {peer.Worker}  {Path(peer.Path)}  {peer.SrtpProfile?.ToString() ?? "-"}\n");
        text.Append(CultureInfo.InvariantCulture, $"  rtt {Milliseconds(peer.RoundTrip)}  estimate {Rate(peer.Estimate)}  arriving {Rate(peer.Acknowledged)}  loss {Percent(peer.LossFraction)}");
        text.Append(peer.Wanted > DataRate.Zero ? $"  wants {Wanted(peer)}\n" : "\n");
        text.Append(CultureInfo.InvariantCulture, $"  in   {peer.Received.Packets} packets  {Bytes(peer.Received.Bytes)}  {Rate(peer.Received.Rate)}\n");
        text.Append(CultureInfo.InvariantCulture, $"  out  {peer.Sent.Packets} packets  {Bytes(peer.Sent.Bytes)}  {Rate(peer.Sent.Rate)}\n");
        if (peer.Drops.Count > 0) text.Append(CultureInfo.InvariantCulture, $"  dropped  {Counts(peer.Drops)}\n");
        if (peer.Limited.Count > 0) text.Append(CultureInfo.InvariantCulture, $"  over limit  {Counts(peer.Limited)}\n");
        foreach (var track in peer.Tracks) Add(text, track);
        foreach (var slot in peer.Slots) Add(text, slot);
    }

    private static void Add(StringBuilder text, TrackStatistics track)
    {
        text.Append(CultureInfo.InvariantCulture, $"  sends {Lower(track.Source)}  {Lower(track.Codec)}  {track.Subscribers} subscribers{(track.IsPublishing ? "" : "  muted")}\n");
        foreach (var layer in track.Layers)
        {
            text.Append(CultureInfo.InvariantCulture, $"    {(layer.Rid.Length == 0 ? "-" : layer.Rid),-3} {(layer.IsAlive ? Rate(layer.Rate) : "silent"),-10} {layer.FrameRate:0.0} fps  jitter {Milliseconds(layer.Jitter)}  ");
            text.Append(CultureInfo.InvariantCulture, $"lost {layer.Lost} of {layer.Packets}  nacked {layer.Nacked}  key frames {layer.KeyFrames} (asked {layer.KeyFrameRequests})\n");
        }
    }

    private static void Add(StringBuilder text, SlotStatistics slot)
    {
        var place = slot.Seat is { } seat ? Invariant($"seat {seat}") : "voice";
        text.Append(CultureInfo.InvariantCulture, $"  {place,-7} {Lower(slot.Kind)}  ");
        if (slot.Peer is null)
        {
            text.Append("free\n");
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"from {slot.Peer} {Lower(slot.Source)}  layer {Layer(slot)}  {Rate(slot.Rate)}  {slot.Packets} packets  repeated {slot.Retransmissions}  ");
        text.Append(CultureInfo.InvariantCulture, $"nacked {slot.Nacked}  key frames asked {slot.KeyFrameRequests}  switches {slot.Switches}");
        text.Append(slot.Pause == PauseReason.None ? "\n" : $"  paused: {Lower(slot.Pause)}\n");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
