using System.Collections.Concurrent;
using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Srtp;
using Pendopo.Rtc.Transport;
using Pendopo.Server.Media;
using Pendopo.Sfu;
using Pendopo.Sfu.Capture;
using Pendopo.Sfu.Limits;
using Pendopo.Sfu.Statistics;

namespace Pendopo.Server.Tests;

/// <summary>Rooms that the test has filled, each with one peer whose id wants to be markup.</summary>
internal sealed partial class FakeMediaPlane
{
    public const string Peer = "peer<b>1";

    public ConcurrentDictionary<string, RoomStatistics> Rooms { get; } = new();

    public ConcurrentQueue<CaptureLimits> Captures { get; } = new();

    public CaptureRefusal Refusal { get; set; }

    public void Fill(string room) => Rooms[room] = new RoomStatistics(room, [Sample()]);

    public Task<IReadOnlyList<RoomSummary>> GetRoomsAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<RoomSummary>>([.. Rooms.Values.Select(room => new RoomSummary(room.Room, room.Peers.Count))]);

    public Task<RoomStatistics?> GetStatisticsAsync(string room, CancellationToken cancellation) => Task.FromResult(Rooms.GetValueOrDefault(room));

    public Task<CaptureStart> StartCaptureAsync(string room, string peer, CaptureLimits limits, CancellationToken cancellation)
    {
        if (Refusal != CaptureRefusal.None || peer != Peer) return Task.FromResult(new CaptureStart(Refusal == CaptureRefusal.None ? CaptureRefusal.UnknownPeer : Refusal, null));
        Captures.Enqueue(limits);
        return Task.FromResult(new CaptureStart(CaptureRefusal.None, (stream, token) => stream.WriteAsync("captured"u8.ToArray(), token).AsTask()));
    }

    private static PeerStatistics Sample() => new()
    {
        Peer = Peer,
        Worker = 0,
        Age = TimeSpan.FromSeconds(12),
        IsConnected = true,
        Path = new PathStatistics(TransportProtocol.Udp, IsIpv4: true, AddressKind.Private),
        SrtpProfile = SrtpProfile.AeadAes128Gcm,
        RoundTrip = TimeSpan.FromMilliseconds(24.5),
        Estimate = DataRate.FromKilobits(2500),
        Acknowledged = DataRate.FromKilobits(800),
        Wanted = DataRate.FromKilobits(3000),
        IsProbing = true,
        LossFraction = 0.125,
        Received = new TrafficStatistics(1000, 1_500_000, DataRate.FromKilobits(900)),
        Sent = new TrafficStatistics(2000, 2_500_000, DataRate.FromKilobits(1200)),
        Drops = new Dictionary<DropReason, long> { [DropReason.RateLimited] = 7 },
        Limited = new Dictionary<LimitKind, long> { [LimitKind.Rtp] = 7 },
        Tracks =
        [
            new TrackStatistics(SourceKind.Camera, true, MediaCodec.Vp8, 3,
            [
                new LayerStatistics
                {
                    Rid = "h", Ssrc = 42, IsAlive = true, Rate = DataRate.FromKilobits(500), FrameRate = 29.97, Packets = 900, Bytes = 500_000, Lost = 3,
                    Jitter = TimeSpan.FromMilliseconds(1.5), Nacked = 4, KeyFrames = 2, KeyFrameRequests = 1,
                },
            ]),
        ],
        Slots =
        [
            new SlotStatistics
            {
                Mid = "5", Kind = MediaKind.Video, Seat = 0, Ssrc = 43, Peer = "other", Source = SourceKind.Screen, Layer = 0, TargetLayer = 1, Pause = PauseReason.Bandwidth,
                Rate = DataRate.FromKilobits(150), Packets = 100, Retransmissions = 5, Nacked = 6, KeyFrameRequests = 7, Switches = 8,
            },
            new SlotStatistics
            {
                Mid = "6", Kind = MediaKind.Audio, Seat = null, Ssrc = 44, Peer = null, Source = null, Layer = null, TargetLayer = null, Pause = PauseReason.None,
                Rate = DataRate.Zero, Packets = 0, Retransmissions = 0, Nacked = 0, KeyFrameRequests = 0, Switches = 0,
            },
        ],
    };
}
