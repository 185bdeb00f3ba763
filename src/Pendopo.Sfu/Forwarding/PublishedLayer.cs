using Pendopo.Rtc;
using Pendopo.Rtc.Congestion;
using Pendopo.Rtc.Rtp;
using Pendopo.Sfu.Statistics;

namespace Pendopo.Sfu.Forwarding;

/// <summary>One received stream: the only one of a microphone, or one simulcast layer of a camera. Owned by the worker.</summary>
internal sealed class PublishedLayer
{
    /// <summary>Packets kept for retransmission at first: more than a second of Opus or of a small layer (100 kB).</summary>
    private const int CacheSlots = 64;

    /// <summary>And at most: 512 packets are a second of a 5 Mb/s layer (800 kB).</summary>
    private const int MaximumCacheSlots = 512;

    /// <summary>Packets of sound among which missing ones are asked for: two and a half seconds of Opus, longer than they are of use.</summary>
    private const int SoundWindow = 128;

    /// <summary>Older packets come too late for any jitter buffer.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromSeconds(1);

    /// <summary>The largest packet forwarded: an Ethernet frame without IP and UDP headers, rounded up.</summary>
    public const int MaximumPacket = 1500;

    /// <summary>Packets by which one may be late and is still known to be from before a change of codec; further back the numbers began anew.</summary>
    private const int MaximumLateness = 1024;

    private SequenceUnwrapper _sequence;
    private uint[] _relayHandles = [];

    public PublishedLayer(PublishedTrack track, int index, string rid, uint ssrc, int clockRate, bool nack, bool isRelayed = false)
    {
        Track = track;
        Index = index;
        Rid = rid;
        Ssrc = ssrc;
        ClockRate = clockRate;
        Nack = !nack ? null : track.Kind == MediaKind.Video ? new NackTracker() : new NackTracker(SoundWindow);

        // Who repeats sound without RTX keeps it as it was sent (ProtectedPackets).
        var caches = nack ? track.Kind == MediaKind.Video || track.HasRtx : isRelayed && track.Kind == MediaKind.Video;
        Cache = caches ? new RetransmissionCache(CacheSlots, MaximumCacheSlots, MaximumPacket, Retention) : null;
    }

    public PublishedTrack Track { get; }

    /// <summary>Place in the sender's order, by which streams stand until they are measured.</summary>
    public int Index { get; }

    /// <summary>The layers within the stream, with what they cost.</summary>
    public OperatingPoints Points { get; } = new();

    public string Rid { get; }

    public uint Ssrc { get; }

    public int ClockRate { get; }

    /// <summary>Null where the stream was negotiated without NACK.</summary>
    public NackTracker? Nack { get; }

    public RetransmissionCache? Cache { get; }

    public DependencyDescriptorReader Dependencies { get; } = new();

    public SenderClock Clock;

    public ReceptionStatistics Statistics;

    public KeyFrameRequester KeyFrames;

    public RateMeter Rate;

    public LayerCounters Counters;

    /// <summary>When the last packet arrived; a layer that is silent for long is not offered to receivers.</summary>
    public Instant LastPacketAt { get; private set; }

    public bool HasPackets { get; private set; }

    /// <summary>Codec of the newest packet.</summary>
    public MediaCodec Codec { get; private set; }

    /// <summary>Counts a packet in; false for a duplicate, and for a picture's late packet of the codec before.</summary>
    public bool Accept(Instant now, in RtpPacket packet, MediaCodec codec, int length, bool recovered, out long sequence)
    {
        sequence = _sequence.Unwrap(packet.SequenceNumber);
        if (Nack is not null && !Nack.Add(now, packet.SequenceNumber)) return false;
        if (HasPackets && !IsAlive(now)) Track.InvalidateLayers(); // it was switched off, and receivers may wait for it
        HasPackets = true;
        LastPacketAt = now;
        if (Codec != codec)
        {
            // Its pictures are over: a late key frame among them would lead receivers back to a stream that does not go on.
            if (Track.Kind == MediaKind.Video && sequence < _sequence.Newest && _sequence.Newest - sequence < MaximumLateness) return false;

            // Receivers that could not decode the old codec may decode this one, or the other way round.
            Codec = codec;
            Track.InvalidateLayers();
        }

        Rate.Add(now, length);
        Counters.OnPacket(packet.Timestamp, length);

        // Recovered packets would hide the loss that reports are to tell (RFC 4588 §6.3 counts them on their own stream). Sound is repeated
        // under its own number.
        if (!recovered && Nack is not { WasRequested: true }) Statistics.OnPacket(now, sequence, packet.Timestamp, ClockRate);
        return true;
    }

    /// <summary>Somebody needs a key frame of it.</summary>
    public void WantKeyFrame()
    {
        KeyFrames.Want();
        Track.Peer.Hasten(Instant.Zero);
    }

    /// <summary>Its sender has told where it stands on its clock.</summary>
    /// <param name="localNtp">Our own clock at that moment.</param>
    /// <param name="senderNtp">The sender's.</param>
    /// <param name="rtpTimestamp">The stream's.</param>
    public void OnClock(ulong localNtp, ulong senderNtp, uint rtpTimestamp)
    {
        var isNew = !Clock.IsKnown;
        Clock.Update(senderNtp, rtpTimestamp);
        Track.Peer.SenderOffset.Update(localNtp, senderNtp);
        if (!isNew) return;
        foreach (var slot in Track.Subscribers)
        {
            if (slot.IsReportDue) slot.Receiver.RequestReports();
        }
    }

    /// <summary>The layer's name on the way to another worker; 0 where it has none.</summary>
    public uint RelayHandle(int worker) => worker < _relayHandles.Length ? _relayHandles[worker] : 0;

    public void SetRelayHandle(int worker, uint handle)
    {
        if (worker >= _relayHandles.Length) Array.Resize(ref _relayHandles, worker + 1);
        _relayHandles[worker] = handle;
    }

    /// <summary>True while packets arrive: senders switch layers off without saying so.</summary>
    public bool IsAlive(Instant now) => HasPackets && now - LastPacketAt < TimeSpan.FromSeconds(1.5);
}
