using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Srtp;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu.Limits;

namespace Pendopo.Sfu.Statistics;

/// <summary>A room as a list shows it.</summary>
public sealed record RoomSummary(string Room, int Peers);

/// <summary>What flows in a room at one moment. Counts are since the peer connected; rates are of about the last second.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Peers">In order of arrival, worker by worker.</param>
public sealed record RoomStatistics(string Room, IReadOnlyList<PeerStatistics> Peers);

/// <summary>Where a peer's address lies; the address itself is nobody's business.</summary>
public enum AddressKind
{
    Loopback,

    /// <summary>RFC 1918, RFC 4193, link-local, or shared by a carrier (RFC 6598).</summary>
    Private,
    Public,
}

/// <summary>The path that a peer's packets take.</summary>
public sealed record PathStatistics(TransportProtocol Protocol, bool IsIpv4, AddressKind Address);

/// <summary>One direction of a peer's RTP.</summary>
public sealed record TrafficStatistics(long Packets, long Bytes, DataRate Rate);

/// <summary>One peer.</summary>
public sealed record PeerStatistics
{
    public required string Peer { get; init; }

    /// <summary>Index of the worker that has its connection.</summary>
    public required int Worker { get; init; }

    /// <summary>Since it was negotiated.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>Media may flow now.</summary>
    public required bool IsConnected { get; init; }

    /// <summary>Null before there is one.</summary>
    public required PathStatistics? Path { get; init; }

    /// <summary>Null before the handshake is done.</summary>
    public required SrtpProfile? SrtpProfile { get; init; }

    /// <summary>Zero while unknown.</summary>
    public required TimeSpan RoundTrip { get; init; }

    /// <summary>What the peer is estimated to be able to receive.</summary>
    public required DataRate Estimate { get; init; }

    /// <summary>What has really arrived of late, by transport feedback; zero while unknown.</summary>
    public required DataRate Acknowledged { get; init; }

    /// <summary>What everything it wants to see would need, while it gets less; zero otherwise.</summary>
    public required DataRate Wanted { get; init; }

    /// <summary>Packets are being repeated to find out whether it can take more.</summary>
    public required bool IsProbing { get; init; }

    /// <summary>Lost of what was sent to it, 0–1.</summary>
    public required double LossFraction { get; init; }

    public required TrafficStatistics Received { get; init; }

    public required TrafficStatistics Sent { get; init; }

    /// <summary>Packets from it that were not used; reasons without any are left out.</summary>
    public required IReadOnlyDictionary<DropReason, long> Drops { get; init; }

    /// <summary>Of those, what its limits dropped.</summary>
    public required IReadOnlyDictionary<LimitKind, long> Limited { get; init; }

    /// <summary>What it sends.</summary>
    public required IReadOnlyList<TrackStatistics> Tracks { get; init; }

    /// <summary>What it receives: seats first, audio and video, then voices.</summary>
    public required IReadOnlyList<SlotStatistics> Slots { get; init; }
}

/// <summary>One source of a peer.</summary>
public sealed record TrackStatistics(SourceKind Source, bool IsPublishing, MediaCodec Codec, int Subscribers, IReadOnlyList<LayerStatistics> Layers);

/// <summary>One received stream of a source: a simulcast layer, or the only one.</summary>
public sealed record LayerStatistics
{
    /// <summary>Empty where there is only one.</summary>
    public required string Rid { get; init; }

    public required uint Ssrc { get; init; }

    /// <summary>Packets have arrived in the last one and a half seconds.</summary>
    public required bool IsAlive { get; init; }

    public required DataRate Rate { get; init; }

    /// <summary>Pictures a second; for sound, packets of different timestamps.</summary>
    public required double FrameRate { get; init; }

    public required long Packets { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Packets that never came in the stream itself, those that were repaired included.</summary>
    public required long Lost { get; init; }

    /// <summary>RFC 3550 §6.4.1.</summary>
    public required TimeSpan Jitter { get; init; }

    /// <summary>Packets that we asked for again, repeats included.</summary>
    public required long Nacked { get; init; }

    public required long KeyFrames { get; init; }

    /// <summary>Key frames that we asked for.</summary>
    public required long KeyFrameRequests { get; init; }
}

/// <summary>One m-line on which a peer receives.</summary>
public sealed record SlotStatistics
{
    public required string Mid { get; init; }

    public required MediaKind Kind { get; init; }

    /// <summary>Null for a voice.</summary>
    public required int? Seat { get; init; }

    public required uint Ssrc { get; init; }

    /// <summary>Whom it shows or sounds; null when it is free.</summary>
    public required string? Peer { get; init; }

    public required SourceKind? Source { get; init; }

    /// <summary>Place of the layer that is forwarded among the source's, 0 the smallest; null while nothing is.</summary>
    public required int? Layer { get; init; }

    /// <summary>Place of the layer that is meant to be; it differs from <see cref="Layer"/> until a key frame comes.</summary>
    public required int? TargetLayer { get; init; }

    /// <summary>Why no picture moves; None for sound.</summary>
    public required PauseReason Pause { get; init; }

    /// <summary>Of payload.</summary>
    public required DataRate Rate { get; init; }

    public required long Packets { get; init; }

    public required long Retransmissions { get; init; }

    /// <summary>Packets that the receiver asked for again.</summary>
    public required long Nacked { get; init; }

    /// <summary>Key frames that the receiver asked for.</summary>
    public required long KeyFrameRequests { get; init; }

    public required long Switches { get; init; }
}
