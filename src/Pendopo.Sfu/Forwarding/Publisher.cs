using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;
using Pendopo.Sfu.Speakers;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// A participant as the others see it: what it sends. A local one is also a <see cref="MediaPeer"/>; one of another worker is a
/// <see cref="RemotePublisher"/>. Owned by the worker.
/// </summary>
internal abstract class Publisher(MediaRoom room, string id, Forwarder forwarder)
{
    public MediaRoom Room { get; } = room;

    public string Id { get; } = id;

    public Forwarder Forwarder { get; } = forwarder;

    public IncomingStreams Incoming { get; } = new();

    public ClockOffset SenderOffset;

    /// <summary>Among the room's speakers at present.</summary>
    public bool IsSpeaker { get; set; }

    private SeatMark _cameraMark;
    private SeatMark _screenMark;

    public IReadOnlySet<SourceKind> Publishing { get; private set; } = new HashSet<SourceKind>();

    /// <summary>What the room knows of the microphone.</summary>
    public VoiceSource Voice { get; } = new();

    public DropCounters Drops { get; } = new();

    /// <summary>There is something to ask of the sender, or to tell it, at that moment at the latest.</summary>
    public abstract void Hasten(Instant due);

    /// <summary>What <see cref="SeatAssigner"/> notes of a picture.</summary>
    public ref SeatMark SeatMark(SourceKind source) => ref source == SourceKind.Screen ? ref _screenMark : ref _cameraMark;

    public virtual void SetPublishing(IReadOnlySet<SourceKind> sources)
    {
        Publishing = sources;
        foreach (var track in Incoming.Tracks)
        {
            var publishing = sources.Contains(track.Source);
            if (track.IsPublishing && !publishing)
            {
                foreach (var slot in track.Subscribers) slot.Interrupt();
            }

            track.IsPublishing = publishing;
            track.InvalidateLayers();
        }

        Hasten(Instant.Zero); // key frames that were wanted meanwhile
    }

    /// <summary>Lets go of everybody who receives from here.</summary>
    protected void ReleaseTracks()
    {
        foreach (var track in Incoming.Tracks)
        {
            while (track.Subscribers.Count > 0) track.Subscribers[^1].Bind(null);
            Forwarder.Remove(track);
        }
    }

    /// <summary>One packet of one of the layers: counted, kept, sent to whoever sees it.</summary>
    protected void OnMedia(Instant now, PublishedLayer layer, in RtpPacket packet, ReadOnlySpan<byte> bytes, bool recovered)
    {
        var track = layer.Track;
        if (!track.TryGetCodec(packet.PayloadType, out var codec, out _))
        {
            Drops.Add(DropReason.UnknownPayloadType);
            return;
        }

        if (codec.Codec == MediaCodec.Red && Room.Redundancy.TryStrip(track, packet, out var primary) && RtpPacket.TryParse(primary, out var plain, out _))
        {
            OnMedia(now, layer, plain, primary, recovered);
            return;
        }

        var isNewCodec = layer.HasPackets && layer.Codec != codec.Codec;
        if (!layer.Accept(now, packet, codec.Codec, bytes.Length, recovered, out var sequence)) return;
        if (layer.Nack is { MissingCount: > 0 } missing) Hasten(missing.Deadline.At);
        if (!track.IsPublishing)
        {
            Drops.Add(DropReason.NotPublishing);
            return;
        }

        var numbers = default(CodecNumbers);
        if (track.Kind == MediaKind.Video && packet.Payload.Length > 0)
        {
            if (!CodecNumbers.TryRead(codec.Codec, packet, track.Media.Extensions, layer.Dependencies, out numbers))
            {
                Drops.Add(DropReason.UnknownCodecFormat);
                return;
            }

            if (numbers.IsKeyFrameStart)
            {
                layer.KeyFrames.OnKeyFrame();
                layer.Points.OnKeyFrame(codec.Codec, packet.Payload, layer.Dependencies);
            }
            else if (isNewCodec)
            {
                // An encoder begins with a key frame; its first packet is lost, and nobody can begin without.
                layer.WantKeyFrame();
            }

            layer.Points.OnPacket(now, numbers.Layers, layer.Dependencies, bytes.Length);
            if (track.Media.Extensions.Id(RtpExtensionKind.VideoLayersAllocation) is > 0 and var id && packet.TryGetExtension(id, out var allocation))
                track.OnAllocation(now, layer, sequence, allocation);
        }
        else if (track.Source == SourceKind.Microphone && !Room.OnVoice(now, track, packet))
        {
            return;
        }

        layer.Cache?.Store(now, sequence, bytes);
        if (layer.Cache is { WantsGrowth: true }) Hasten(now);
        track.Relay(layer, bytes);
        Forwarder.Add(now, layer, packet, codec.Codec, sequence, numbers);
    }
}
