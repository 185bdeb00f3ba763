using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Sdp;
using Pendopo.Sfu.Workers;

namespace Pendopo.Sfu.Forwarding;

/// <summary>One source of one peer: its negotiated m-line, its layers, and the slots that show it. Owned by the worker.</summary>
internal sealed class PublishedTrack
{
    private readonly List<ReceiveSlot> _subscribers = [];
    private readonly List<PublishedLayer> _layers = [];
    private readonly List<WorkerLink> _relays = [];

    public PublishedTrack(Publisher peer, SourceKind source, NegotiatedMedia media)
    {
        Peer = peer;
        Source = source;
        Media = media;
    }

    public Publisher Peer { get; }

    public SourceKind Source { get; }

    public MediaKind Kind => Media.Kind;

    /// <summary>What the last negotiation said; replaced by a further one.</summary>
    public NegotiatedMedia Media { get; private set; }

    /// <summary>Layers that have shown up, smallest first: as measured, until then in the sender's order.</summary>
    public List<PublishedLayer> Layers => _layers;

    /// <summary>How much of it is wanted by anybody.</summary>
    public LayerDemand Demand { get; } = new();

    /// <summary>What the sender says of its layers; null for one that does not.</summary>
    public SentLayers? Sent { get; private set; }

    public List<ReceiveSlot> Subscribers => _subscribers;

    /// <summary>Packets that wait for their subscribers, and until when at most; the forwarder's.</summary>
    public List<PendingPacket> Pending { get; } = [];

    public Instant PendingUntil { get; set; }

    /// <summary>False while muted: packets are dropped whatever the client sends.</summary>
    public bool IsPublishing { get; set; }

    /// <summary>The codec the source sends now; before its first packet the one that stood first when it negotiated.</summary>
    public MediaCodec Codec => NewestCodec is var codec && codec != MediaCodec.None ? codec : Media.Codecs.Count > 0 ? Media.Codecs[0].Codec : MediaCodec.None;

    /// <summary>The receiver has not negotiated what the source sends. What it will send is not known before it does.</summary>
    public bool IsForeignTo(ReceiveSlot slot) => NewestCodec is var codec && codec != MediaCodec.None && !slot.Decodes(codec);

    private MediaCodec NewestCodec
    {
        get
        {
            var newest = Instant.Zero;
            var codec = MediaCodec.None;
            foreach (var layer in _layers)
            {
                if (!layer.HasPackets || layer.LastPacketAt < newest) continue;
                newest = layer.LastPacketAt;
                codec = layer.Codec;
            }

            return codec;
        }
    }

    /// <summary>The sender repeats what it is asked for: by RTX, or (browsers' sound) as it was.</summary>
    public bool HasNack => Kind == MediaKind.Video || HasRtx || Has(static codec => codec.HasNack);

    public bool HasRtx => Has(static codec => codec.RtxPayloadType is not null);

    public void Renegotiate(NegotiatedMedia media) => Media = media;

    public bool TryGetCodec(byte payloadType, out NegotiatedCodec codec, out bool isRtx)
    {
        var codecs = Media.Codecs;
        for (var i = 0; i < codecs.Count; i++)
        {
            codec = codecs[i];
            isRtx = codec.RtxPayloadType == payloadType;
            if (isRtx || codec.PayloadType == payloadType) return true;
        }

        codec = null!;
        isRtx = false;
        return false;
    }

    private bool Has(Func<NegotiatedCodec, bool> condition)
    {
        for (var i = 0; i < Media.Codecs.Count; i++)
        {
            if (condition(Media.Codecs[i])) return true;
        }

        return false;
    }

    /// <summary>The layer of a rid, made when its first packet arrives.</summary>
    public PublishedLayer GetOrAddLayer(string rid, uint ssrc, int clockRate, bool nack, bool isRelayed = false)
    {
        for (var i = 0; i < _layers.Count; i++)
        {
            if (_layers[i].Ssrc == ssrc) return _layers[i];
        }

        // A sender that starts a stream anew under a rid (after a restart of its encoder) replaces the old layer.
        _layers.RemoveAll(layer => rid.Length > 0 && layer.Rid == rid);
        var layer = new PublishedLayer(this, OrderOf(rid), rid, ssrc, clockRate, nack, isRelayed);
        _layers.Add(layer);
        _layers.Sort(static (left, right) => left.Index.CompareTo(right.Index));
        Peer.Room.Links?.OnLayerAdded(layer);
        return layer;
    }

    /// <summary>Forgets a layer that is silent for long.</summary>
    public void Remove(PublishedLayer layer)
    {
        if (!_layers.Remove(layer)) return;
        foreach (var slot in _subscribers)
        {
            if (ReferenceEquals(slot.Current, layer) || ReferenceEquals(slot.Target, layer)) slot.Interrupt();
        }

        InvalidateLayers();
    }

    /// <summary>A packet of one of the layers tells what is sent of all.</summary>
    public void OnAllocation(Instant now, PublishedLayer layer, long sequence, ReadOnlySpan<byte> value)
    {
        Sent ??= new SentLayers();
        if (Sent.TryTake(now, layer.Ssrc, sequence, value)) InvalidateLayers();
    }

    /// <summary>What can be had of the source has changed: whoever sees it chooses anew.</summary>
    public void InvalidateLayers()
    {
        Peer.Room.InvalidateLayers();
        foreach (var slot in _subscribers) slot.Receiver.Planner.Hasten();
    }

    /// <summary>Sends the packets to another worker, which has somebody who wants them.</summary>
    public void AddRelay(WorkerLink link)
    {
        if (_relays.Contains(link)) return;
        _relays.Add(link);

        // Who watches there begins with a key frame.
        foreach (var layer in _layers) layer.WantKeyFrame();
    }

    public void RemoveRelay(WorkerLink link)
    {
        _relays.Remove(link);
        Demand.SetElsewhere(link.To.Index, 0);
    }

    public void Relay(PublishedLayer layer, ReadOnlySpan<byte> packet)
    {
        for (var i = 0; i < _relays.Count; i++)
        {
            _relays[i].Send(new PacketRingHeader { Kind = PacketRingKind.Rtp, Layer = layer.RelayHandle(_relays[i].To.Index) }, packet);
        }
    }

    /// <summary>Tells the other workers where a layer stands on its sender's clock.</summary>
    public void RelayClock(PublishedLayer layer, ulong localNtp, ulong senderNtp, uint rtpTimestamp)
    {
        foreach (var link in _relays)
        {
            var header = new PacketRingHeader
            {
                Kind = PacketRingKind.Clock,
                Layer = layer.RelayHandle(link.To.Index),
                LocalNtp = localNtp,
                SenderNtp = senderNtp,
                RtpTimestamp = rtpTimestamp,
            };
            link.Send(header, default);
        }
    }

    /// <summary>
    /// The order of a rid is its place in <c>a=simulcast</c>, which our client writes from small to large (q, h, f), until it is measured;
    /// a stream without a rid is the only one.
    /// </summary>
    private int OrderOf(string rid)
    {
        for (var i = 0; i < Media.Rids.Count; i++)
        {
            if (Media.Rids[i] == rid) return i;
        }

        return 0;
    }
}
