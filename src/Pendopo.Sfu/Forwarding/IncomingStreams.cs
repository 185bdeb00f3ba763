using System.Text;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Sdp;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// Tells which layer an SSRC of a peer belongs to: by MID and RID header extensions (RFC 8843 §9.2, RFC 8852), else by the
/// SSRCs that the offer announced, else by a payload type that only one m-line has.
/// </summary>
internal sealed class IncomingStreams
{
    /// <summary>SSRCs one peer may use at a time: four sources with three layers and RTX each are 24; encoders restart.</summary>
    private const int MaximumStreams = 128;

    /// <summary>
    /// A stream is forgotten for a new one when that many packets of the peer's other streams came since its last: a minute of a camera and
    /// a microphone. A flood of invented SSRCs ages nothing, so it makes no streams, each of which takes 100 kB, beyond the first ones.
    /// </summary>
    private const long IdlePackets = 10_000;

    private readonly Dictionary<uint, Entry> _bySsrc = [];
    private long _packets;
    private readonly List<PublishedTrack> _tracks = [];
    private RtpExtensionMap _extensions = new();

    public List<PublishedTrack> Tracks => _tracks;

    public RtpExtensionMap Extensions => _extensions;

    /// <summary>Takes over what an offer and answer agreed on. Tracks keep their identity by mid.</summary>
    public void Negotiate(Publisher peer, IReadOnlyList<(SourceKind Source, NegotiatedMedia Media)> sources, IReadOnlyList<NegotiatedMedia> all)
    {
        foreach (var (source, media) in sources)
        {
            var track = _tracks.Find(candidate => candidate.Source == source);
            if (track is null) _tracks.Add(new PublishedTrack(peer, source, media));
            else track.Renegotiate(media);
        }

        // RFC 8843 §9 wants one id per extension in a bundle, so one merged map serves packets whose m-line is not known yet.
        var entries = new Dictionary<byte, RtpExtensionKind>();
        foreach (var media in all)
        {
            foreach (var kind in Enum.GetValues<RtpExtensionKind>())
            {
                var id = media.Extensions.Id(kind);
                if (id != 0) entries.TryAdd(id, kind);
            }
        }

        _extensions = new RtpExtensionMap([.. entries.Select(static entry => (entry.Key, entry.Value))]);
    }

    public PublishedTrack? Find(SourceKind source)
    {
        foreach (var track in _tracks)
        {
            if (track.Source == source) return track;
        }

        return null;
    }

    public bool TryFind(uint ssrc, out PublishedLayer layer)
    {
        layer = null!;
        if (!_bySsrc.TryGetValue(ssrc, out var entry) || entry.IsRtx) return false;
        layer = entry.Layer;
        return true;
    }

    /// <summary>The stream of a packet; false when nothing says (yet) to whom it belongs.</summary>
    public bool TryResolve(in RtpPacket packet, out PublishedLayer layer, out bool isRtx)
    {
        if (_bySsrc.TryGetValue(packet.Ssrc, out var known))
        {
            layer = known.Layer;
            isRtx = known.IsRtx;
            known.LastPacket = ++_packets;
            return true;
        }

        return TryLearn(packet, out layer, out isRtx);
    }

    private bool TryLearn(in RtpPacket packet, out PublishedLayer layer, out bool isRtx)
    {
        layer = null!;
        isRtx = false;
        if (_bySsrc.Count >= MaximumStreams && !CanForget(out _)) return false;
        var track = FindTrack(packet);
        if (track is null || !track.TryGetCodec(packet.PayloadType, out var codec, out isRtx)) return false;

        if (isRtx)
        {
            var original = FindRepaired(track, packet);
            if (original is null) return false;
            layer = original;
            ForgetIdle();
        }
        else
        {
            var rid = Encoding.ASCII.GetString(ReadText(packet, RtpExtensionKind.Rid));
            if (rid.Length == 0 && track.Media.Rids.Count > 1) return false;
            ForgetIdle();
            layer = track.GetOrAddLayer(rid, packet.Ssrc, codec.ClockRate, track.HasNack);
            track.InvalidateLayers();
        }

        _bySsrc[packet.Ssrc] = new(layer, isRtx) { LastPacket = ++_packets };
        return true;
    }

    private void ForgetIdle()
    {
        if (_bySsrc.Count < MaximumStreams || !CanForget(out var ssrc) || !_bySsrc.Remove(ssrc, out var entry) || entry.IsRtx) return;
        entry.Layer.Track.Remove(entry.Layer);
        foreach (var (other, rtx) in _bySsrc)
        {
            if (rtx.IsRtx && ReferenceEquals(rtx.Layer, entry.Layer)) _bySsrc.Remove(other);
        }
    }

    /// <summary>The stream that was silent for longest, if it was for long.</summary>
    private bool CanForget(out uint ssrc)
    {
        ssrc = 0;
        var oldest = _packets - IdlePackets;
        var found = false;
        foreach (var (candidate, entry) in _bySsrc)
        {
            if (entry.LastPacket > oldest) continue;
            (ssrc, oldest, found) = (candidate, entry.LastPacket, true);
        }

        return found;
    }

    private PublishedTrack? FindTrack(in RtpPacket packet)
    {
        var mid = ReadText(packet, RtpExtensionKind.Mid);
        PublishedTrack? only = null;
        var several = false;
        foreach (var track in _tracks)
        {
            if (mid.Length > 0)
            {
                if (Ascii.Equals(mid, track.Media.Mid)) return track;
                continue;
            }

            foreach (var (ssrc, rtxSsrc) in track.Media.RemoteSsrcs)
            {
                if (ssrc == packet.Ssrc || (rtxSsrc != 0 && rtxSsrc == packet.Ssrc)) return track;
            }

            if (!track.TryGetCodec(packet.PayloadType, out _, out _)) continue;
            several = only is not null;
            only = track;
        }

        return several ? null : only;
    }

    private PublishedLayer? FindRepaired(PublishedTrack track, in RtpPacket packet)
    {
        var rid = ReadText(packet, RtpExtensionKind.RepairedRid);
        foreach (var layer in track.Layers)
        {
            if (rid.Length > 0 && Ascii.Equals(rid, layer.Rid)) return layer;
            foreach (var (ssrc, rtxSsrc) in track.Media.RemoteSsrcs)
            {
                if (rtxSsrc == packet.Ssrc && ssrc == layer.Ssrc) return layer;
            }
        }

        return rid.Length == 0 && track.Layers.Count == 1 ? track.Layers[0] : null;
    }

    /// <summary>Bytes and no string: an unknown source may come with every packet of a flood.</summary>
    private ReadOnlySpan<byte> ReadText(in RtpPacket packet, RtpExtensionKind kind)
    {
        var id = _extensions.Id(kind);
        return id == 0 || !packet.TryGetExtension(id, out var value) || value.Length > 32 ? default : value;
    }

    private sealed class Entry(PublishedLayer layer, bool isRtx)
    {
        public PublishedLayer Layer { get; } = layer;

        public bool IsRtx { get; } = isRtx;

        /// <summary>The peer's count of packets at the newest one of this stream.</summary>
        public long LastPacket { get; set; }
    }
}
