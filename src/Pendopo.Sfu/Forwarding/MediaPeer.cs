using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Pendopo.Rtc;
using Pendopo.Rtc.Congestion;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Sdp;
using Pendopo.Rtc.Srtp;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu.Bandwidth;
using Pendopo.Sfu.Capture;
using Pendopo.Sfu.Limits;
using Pendopo.Sfu.Statistics;
using Pendopo.Sfu.Workers;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// One connected peer in the worker: its transport, what it sends (<see cref="Publisher.Incoming"/>) and the slots on which it receives.
/// Owned by the worker; nothing here is touched by another thread but the transport's wake.
/// </summary>
internal sealed class MediaPeer : Publisher, IDisposable
{
    /// <summary>Bytes of the object with the fields that sending reads.</summary>
    public const int HotBytes = 256;

    private readonly IDatagramSink _sink;
    private readonly Random _random;
    private readonly Dictionary<uint, ReceiveSlot> _slotsBySsrc = [];
    private readonly Dictionary<string, ReceiveSlot> _slotsByMid = [];
    private readonly PeerReports _reports;

    /// <summary>When RTCP was last due: all of it is sent at such moments.</summary>
    private Instant _advancedAt;

    public MediaPeer(MediaRoom room, string id, PeerTransport transport, string localFragment, MediaServerOptions options, IDatagramSink sink, Forwarder forwarder, Random random)
        : base(room, id, forwarder)
    {
        Transport = transport;
        LocalFragment = localFragment;
        Estimator = new BandwidthEstimator(options.StartRate, DataRate.FromKilobits(50), options.MaximumRate);
        _sink = sink;
        _random = random;
        LocalSsrc = (uint)random.NextInt64(1, uint.MaxValue);
        Limits = new PeerLimits(options.Limits, Drops);
        _reports = new PeerReports(this);
        Prober = new Prober(this);
        Planner = new LayerPlanner(this);
        Repeater = new VoiceRepeater(this);
        Pacing = new PacingQueue(options.StartRate);
    }

    public PeerTransport Transport { get; }

    /// <summary>Our ICE user-name fragment, by which first checks find this peer.</summary>
    public string LocalFragment { get; set; }

    /// <summary>SSRC under which reports and feedback are sent.</summary>
    public uint LocalSsrc { get; }

    /// <summary>
    /// A stream of the peer, named in transport feedback: libwebrtc ignores feedback whose media SSRC is none of its senders'.
    /// </summary>
    public uint FeedbackSsrc { get; private set; }

    public BandwidthEstimator Estimator { get; }

    public Prober Prober { get; }

    /// <summary>Chooses the layers of the seats.</summary>
    public LayerPlanner Planner { get; }

    /// <summary>What waits for the receiver's line.</summary>
    public PacingQueue Pacing { get; }

    public RetransmissionGuard Retransmissions { get; } = new();

    public VoiceRepeater Repeater { get; }

    public TransportFeedbackRecorder Feedback { get; } = new();

    public List<Seat> Seats { get; } = [];

    public List<ReceiveSlot> Voices { get; } = [];

    /// <summary>All on which the peer receives, in order of negotiation.</summary>
    public List<ReceiveSlot> Slots { get; } = [];

    /// <summary>What the peer wants to see; null until it says so.</summary>
    public IReadOnlyList<ViewItem>? View { get; set; }

    /// <summary>Nothing is sent to it for now.</summary>
    public bool IsResting { get; private set; }

    public PeerLimits Limits { get; }

    /// <summary>Takes the headers of what passes, while support looks for a fault.</summary>
    public PacketTap? Capture { get; set; }

    public PeerSample Sample { get; } = new();

    /// <summary>Whether the microphone shall send RED.</summary>
    public RedundancyPolicy Redundancy;

    /// <summary>What is lost of the microphone on its way here, before repair.</summary>
    public LossReport MicrophoneLoss;

    /// <summary>Some slot waits for a sender report outside of the interval.</summary>
    public bool HasReportsDue { get; set; }

    /// <summary>Where it stands in its worker's schedule, which sets it.</summary>
    public SchedulePlace Place { get; set; }

    /// <summary>When the worker is to call <see cref="Advance"/>; the schedule's.</summary>
    public Instant Due { get; set; } = Instant.Never;

    public long ForwardedPackets { get; private set; }

    /// <summary>Bytes of SRTP sent, retransmissions and probes included.</summary>
    public long SentBytes { get; private set; }

    public Instant CreatedAt { get; init; }

    public Instant? IceConnectedAt { get; set; }

    /// <summary>Media has flowed once; before that a time limit runs.</summary>
    public bool WasConnected { get; set; }

    public bool CanSend => Transport.IsConnected;

    /// <summary>
    /// Asks for the memory that sending a packet touches (<see cref="CacheLines"/>), a step of pointers at each call; the first
    /// <see cref="HotBytes"/> of the object itself should be there already.
    /// </summary>
    /// <param name="step">0 to 2, with some work in between.</param>
    public void Prefetch(int step)
    {
        if (step == 0)
        {
            CacheLines.Fetch(Transport);
            CacheLines.Fetch(Estimator, BandwidthEstimator.HotBytes);
            CacheLines.Fetch(Prober);
            CacheLines.Fetch(Pacing);
            return;
        }

        if (step == 1)
        {
            Transport.Prefetch();
            Pacing.Prefetch();
        }

        Estimator.Prefetch(step - 1);
    }

    /// <summary>By the peer's reports, else by its transport feedback, which it gathers for a while; zero while unknown.</summary>
    public TimeSpan RoundTrip(Instant now) => _reports.RoundTrip(now);

    public Span<byte> Rent() => _sink.Rent();

    /// <summary>Applies a negotiation: sources by kind, seats and voices by mid. Slots keep their numbers by mid.</summary>
    public void Negotiate(NegotiatedSession session, MediaPlan plan)
    {
        if (plan.IsOpen) Room.Redundancy.IsOpen = true;
        var byMid = session.Media.ToDictionary(static media => media.Mid);
        var sources = new List<(SourceKind, NegotiatedMedia)>();
        AddSource(SourceKind.Microphone, plan.Microphone);
        AddSource(SourceKind.Camera, plan.Camera);
        AddSource(SourceKind.Screen, plan.Screen);
        AddSource(SourceKind.ScreenAudio, plan.ScreenAudio);
        Incoming.Negotiate(this, sources, session.Media);
        foreach (var track in Incoming.Tracks)
        {
            track.IsPublishing = Publishing.Contains(track.Source);
            track.InvalidateLayers();
        }

        for (var i = 0; i < plan.Seats.Count; i++)
        {
            var audio = GetOrAddSlot(plan.Seats[i].Audio);
            var video = GetOrAddSlot(plan.Seats[i].Video);
            if (i == Seats.Count) Seats.Add(new Seat(i, audio, video));
        }

        for (var i = 0; i < plan.Voices.Count; i++)
        {
            if (GetOrAddSlot(plan.Voices[i]) is { } voice && i == Voices.Count) Voices.Add(voice);
        }

        if (Room.Find(Id) == this) Room.Links?.Announce(this);

        void AddSource(SourceKind source, string? mid)
        {
            if (mid is not null && byMid.TryGetValue(mid, out var media)) sources.Add((source, media));
        }

        ReceiveSlot? GetOrAddSlot(string mid)
        {
            if (!byMid.TryGetValue(mid, out var media)) return null;
            if (_slotsByMid.TryGetValue(mid, out var slot))
            {
                slot.Renegotiate(media);
                return slot;
            }

            slot = new ReceiveSlot(this, media, _random);
            _slotsByMid[mid] = slot;
            _slotsBySsrc[slot.Ssrc] = slot;
            Slots.Add(slot);
            return slot;
        }
    }

    public override void SetPublishing(IReadOnlySet<SourceKind> sources)
    {
        base.SetPublishing(sources);
        Room.Links?.Announce(this);
    }

    /// <summary>Seats and voices are given up now, or given anew.</summary>
    public void Rest(bool resting)
    {
        IsResting = resting;
        Room.Invalidate(this);
    }

    public ReceiveSlot? FindSlot(uint ssrc) => _slotsBySsrc.GetValueOrDefault(ssrc);

    /// <summary>One decrypted RTP packet: the hot path.</summary>
    public void OnRtp(Instant now, Span<byte> bytes)
    {
        if (!Limits.TryTakeRtp(now, bytes.Length)) return;
        Capture?.OnRtp(now, bytes, isSent: false);
        if (!RtpPacket.TryParse(bytes, out var packet, out var reason))
        {
            Drops.Add(reason);
            return;
        }

        // Before anything else: every packet of the transport counts, or the sender's estimate stays low.
        if (packet.TryGetExtension(Incoming.Extensions.Id(RtpExtensionKind.TransportWideCc), out var sequence) && sequence.Length >= 2)
        {
            Feedback.Add(now, BinaryPrimitives.ReadUInt16BigEndian(sequence));
            Hasten(Feedback.Deadline.At);
        }

        if (!Incoming.TryResolve(packet, out var layer, out var isRtx))
        {
            Drops.Add(DropReason.UnknownSsrc);
            return;
        }

        FeedbackSsrc = layer.Ssrc;
        if (!isRtx)
        {
            OnMedia(now, layer, packet, bytes, recovered: false);
        }
        else if (layer.Track.TryGetCodec(packet.PayloadType, out var codec, out _)
            && Rtx.TryRestore(bytes, codec.PayloadType, layer.Ssrc, out var restored)
            && RtpPacket.TryParse(restored, out var original, out _))
        {
            OnMedia(now, layer, original, restored, recovered: true);
        }
    }

    public void OnRtcp(Instant now, ReadOnlySpan<byte> compound, NtpClock clock)
    {
        if (!Limits.TryTakeRtcp(now)) return;
        Capture?.OnRtcp(now, compound, isSent: false);
        _reports.Receive(now, compound, clock);
        Pacing.SetRate(now, Estimator.PacingRate(now));
        if (Prober.IsActive || !Pacing.IsEmpty) Hasten(now); // the estimate may have changed
    }

    public override void Hasten(Instant due)
    {
        if (due < Due) Place.Schedule?.Set(this, due);
    }

    /// <summary>Some slot's timestamps mean another clock from now on.</summary>
    public void RequestReports()
    {
        HasReportsDue = true;
        Hasten(Instant.Zero);
    }

    /// <summary>
    /// Sends what has waited for the line, and feedback, NACKs, key-frame requests, reports and probes that are due. Returns when there
    /// will be more of that.
    /// </summary>
    public Instant Advance(Instant now, NtpClock clock)
    {
        _advancedAt = now;
        Pacing.SetRate(now, Estimator.PacingRate(now));
        if (Pacing.Release(now)) _sink.EndRun();
        var due = _reports.Advance(now, clock);
        Prober.Advance(now);
        Repeater.Advance(now);
        due = Instant.Min(due, Repeater.Due(now));
        if (Prober.IsActive) due = Instant.Min(due, now + MediaWorker.TickInterval);
        return Instant.Min(due, Pacing.Due(now));
    }

    /// <summary>Encrypts a payload behind the header that stands in a rented buffer, and queues the packet.</summary>
    public bool CommitRtp(Instant now, SrtpSendStream stream, Span<byte> buffer, int headerLength, ReadOnlySpan<byte> payload)
    {
        Capture?.OnRtp(now, buffer[..headerLength], headerLength + payload.Length, isSent: true);
        if (!TryProtect(stream, buffer, headerLength, payload, out var protectedLength)) return false;
        Commit(now, headerLength + payload.Length, protectedLength);
        return true;
    }

    /// <summary>
    /// As <see cref="CommitRtp(Instant, SrtpSendStream, Span{byte}, int, ReadOnlySpan{byte})"/>, and keeps what is sent: its tag cannot wait for
    /// others.
    /// </summary>
    public bool CommitRtp(Instant now, SrtpSendStream stream, Span<byte> buffer, int headerLength, ReadOnlySpan<byte> payload, ProtectedPackets kept, in KeptNumbers numbers)
    {
        Capture?.OnRtp(now, buffer[..headerLength], headerLength + payload.Length, isSent: true);
        if (!Transport.TryProtectRtp(stream, buffer, headerLength, payload, out var protectedLength)) return false;
        kept.Store(now, numbers, buffer[..protectedLength]);
        Commit(now, headerLength + payload.Length, protectedLength);
        return true;
    }

    /// <summary>Sends a packet that was sent before once more, as it was.</summary>
    /// <param name="packet">Protected.</param>
    /// <param name="transportSequence">The transport-wide number in it, if there is one.</param>
    public bool CommitAgain(Instant now, ReadOnlySpan<byte> packet, ushort? transportSequence)
    {
        if (!CanSend) return false;
        packet.CopyTo(Rent());
        if (Capture is not null && RtpPacket.TryParse(packet, out var header, out _)) Capture.OnRtp(now, packet[..header.HeaderLength], packet.Length, isSent: true);
        if (transportSequence is { } number) Estimator.OnRepeated(now, number, packet.Length);
        Commit(now, packet.Length, packet.Length);
        return true;
    }

    private void Commit(Instant now, int length, int protectedLength)
    {
        _sink.Commit(Transport.SelectedPath, protectedLength);
        Pacing.OnSent(now, length);
        ForwardedPackets++;
        SentBytes += protectedLength;
        Prober.OnSent(protectedLength);
    }

    /// <summary>Leaves the tag to the sink's batch where it has one and the path goes through it.</summary>
    private unsafe bool TryProtect(SrtpSendStream stream, Span<byte> buffer, int headerLength, ReadOnlySpan<byte> payload, out int protectedLength)
    {
        if (_sink.Tags is not { } tags || Transport.SelectedPath.Protocol != TransportProtocol.Udp)
            return Transport.TryProtectRtp(stream, buffer, headerLength, payload, out protectedLength);

        // A sink with a batch rents memory that does not move.
        var packet = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer));
        return Transport.TryProtectRtp(stream, packet, buffer.Length, headerLength, payload, tags, out protectedLength);
    }

    public bool CommitRtcp(Span<byte> buffer, int length)
    {
        if (length == 0 || !CanSend) return false;
        Capture?.OnRtcp(_advancedAt, buffer[..length], isSent: true);
        if (!Transport.TryProtectRtcp(buffer, length, out var protectedLength)) return false;
        _sink.Commit(Transport.SelectedPath, protectedLength);
        return true;
    }

    public void Dispose()
    {
        Capture?.Close();
        foreach (var slot in _slotsByMid.Values) slot.Bind(null);
        ReleaseTracks();
        Transport.Dispose();
    }
}
