using System.Net;
using Pendopo.Rtc;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Srtp;
using Pendopo.Sfu.Limits;

namespace Pendopo.Sfu;

/// <summary>Settings of the media server. Immutable; <see cref="Validate"/> is called at start.</summary>
public sealed record MediaServerOptions
{
    /// <summary>
    /// The first worker's UDP and TCP port; each further worker has the next. 0 lets the system choose, for tests.
    /// </summary>
    public int Port { get; init; } = 8090;

    /// <summary>Threads that carry media, each with a port of its own; 0: one per core, at most <see cref="MaximumWorkers"/>.</summary>
    public int Workers { get; init; }

    /// <summary>
    /// Peers of one room on one worker before further ones go to another. A core carries about 150 people who see each other in a grid;
    /// below that one worker is cheaper, since nothing is passed on.
    /// </summary>
    public int PeersPerWorker { get; init; } = 150;

    /// <summary>Addresses put into answers as host candidates. Empty: every address of the machine's interfaces that are up.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>The one address to bind; null: every address, so that a change of the machine's networks needs no restart.</summary>
    public IPAddress? Bind { get; init; }

    /// <summary>Off only where UDP is impossible, and in tests of ICE-TCP.</summary>
    public bool Udp { get; init; } = true;

    /// <summary>ICE-TCP passive (RFC 6544), for networks that let only TCP through.</summary>
    public bool Tcp { get; init; } = true;

    /// <summary>
    /// Order of SRTP profiles. AES-128 first: the P-256 handshake gives 128 bits, and content is AES-256 end to end.
    /// </summary>
    public IReadOnlyList<SrtpProfile> SrtpProfiles { get; init; } =
        [SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes256Gcm, SrtpProfile.Aes128CmHmacSha1Tag80];

    public DtlsRole DtlsRole { get; init; } = DtlsRole.Server;

    /// <summary>Handshakes at once. Each costs about 2 ms of CPU and a thread; more only queue for the same cores.</summary>
    public int MaximumHandshakes { get; init; } = 64;

    /// <summary>A handshake that takes longer has lost its peer; browsers retransmit for about as long.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Estimate for a receiver of whom nothing is known yet: one large picture or a grid of small ones at once. A line that
    /// carries less shows it by delay within half a second, one that carries more is probed upwards.
    /// </summary>
    public DataRate StartRate { get; init; } = DataRate.FromKilobits(2500);

    public DataRate MaximumRate { get; init; } = DataRate.FromKilobits(20_000);

    /// <summary>
    /// Microphones of a room that are forwarded at a time: a lively discussion has three or four voices at once, and 48 people who
    /// each hear 47 microphones cost more than their pictures. Meetings of no more people forward everybody always.
    /// </summary>
    public int LoudestVoices { get; init; } = 5;

    /// <summary>
    /// How long somebody who stopped speaking keeps the place among the <see cref="LoudestVoices"/> in any case: longer than pauses within
    /// a sentence, shorter than a turn in a discussion.
    /// </summary>
    public TimeSpan VoiceHold { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Socket buffers asked for; the system's default of 208 KiB loses packets in bursts.</summary>
    public int SocketBufferBytes { get; init; } = 4 << 20;

    /// <summary>Let the system cut runs of packets to one receiver (UDP_SEGMENT). Off only to compare, or where a driver does it wrong.</summary>
    public bool SegmentationOffload { get; init; } = true;

    /// <summary>What peers and strangers may cost.</summary>
    public IngressLimits Limits { get; init; } = new();

    /// <summary>Use the portable endpoint even on Linux, for tests.</summary>
    public bool ForcePortableSockets { get; init; }

    /// <summary>More ports than that nobody opens in a firewall; more cores than that are more machines' work.</summary>
    public const int MaximumWorkers = 32;

    /// <summary>How many workers that makes on this machine; they take as many ports from <see cref="Port"/> on.</summary>
    public int WorkerCount => Workers > 0 ? Workers : Math.Min(Environment.ProcessorCount, MaximumWorkers);

    /// <summary>Returns what is wrong, or null.</summary>
    public string? Validate()
    {
        if (Port is < 0 or > 65535) return "Media:Port must be between 0 and 65535.";
        if (Workers is < 0 or > MaximumWorkers) return $"Media:Workers must be between 0 and {MaximumWorkers}.";
        if (Port != 0 && Port + WorkerCount - 1 > 65535) return "Media:Port leaves no room for one port per worker.";
        if (PeersPerWorker < 1) return "Media:PeersPerWorker must be at least 1.";
        if (!Udp && !Tcp) return "Media:Udp and Media:Tcp cannot both be off.";
        if (SrtpProfiles.Count == 0) return "Media:SrtpProfiles needs at least one profile.";
        if (MaximumHandshakes is < 1 or > 4096) return "Media:MaximumHandshakes must be between 1 and 4096.";
        if (LoudestVoices is < 1 or > 64) return "Media:LoudestVoices must be between 1 and 64.";
        if (VoiceHold < TimeSpan.Zero || VoiceHold > TimeSpan.FromMinutes(1)) return "Media:VoiceHold must be between zero and one minute.";
        if (HandshakeTimeout < TimeSpan.FromSeconds(1)) return "Media:HandshakeTimeout must be at least one second.";
        return Limits.Validate();
    }
}
