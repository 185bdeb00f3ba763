using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Sdp;
using Pendopo.Sfu.Workers;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// A participant whose connection another worker holds. Its packets come decrypted through that worker's ring; what is wanted of it goes
/// back as commands.
/// </summary>
internal sealed class RemotePublisher(MediaRoom room, string id, WorkerLink link, Forwarder forwarder) : Publisher(room, id, forwarder)
{
    private readonly HashSet<SourceKind> _subscribed = [];
    private readonly HashSet<SourceKind> _demanded = [];

    /// <summary>The way to the worker that has it.</summary>
    public WorkerLink Link { get; } = link;

    public void Negotiate(IReadOnlyList<(SourceKind Source, NegotiatedMedia Media)> sources)
    {
        Incoming.Negotiate(this, sources, [.. sources.Select(static source => source.Media)]);
        foreach (var track in Incoming.Tracks)
        {
            track.IsPublishing = Publishing.Contains(track.Source);
            track.InvalidateLayers();
        }

        // A connection that took the place of another knows nothing of what is wanted here.
        _subscribed.Clear();
        _demanded.Clear();
    }

    public PublishedLayer? AddLayer(SourceKind source, string rid, uint ssrc, int clockRate)
    {
        var track = Incoming.Find(source);
        var layer = track?.GetOrAddLayer(rid, ssrc, clockRate, nack: false, isRelayed: true);
        track?.InvalidateLayers();
        return layer;
    }

    public void Receive(Instant now, PublishedLayer layer, ReadOnlySpan<byte> bytes)
    {
        if (RtpPacket.TryParse(bytes, out var packet, out _)) OnMedia(now, layer, packet, bytes, recovered: false);
    }

    public override void Hasten(Instant due) => Room.Hasten();

    /// <summary>Passes on who is watched here, and key frames that are needed here; returns when there is more to ask for.</summary>
    public Instant Advance(Instant now)
    {
        var due = Instant.Never;
        foreach (var track in Incoming.Tracks)
        {
            // Whom nobody hears yet may be heard with the next word, so the voices that are forwarded there are taken always.
            var wanted = track.Subscribers.Count > 0 || track.Kind == MediaKind.Audio;
            if (wanted != _subscribed.Contains(track.Source))
            {
                if (wanted) _subscribed.Add(track.Source);
                else _subscribed.Remove(track.Source);
                Link.Subscribe(Room.Id, Id, track.Source, wanted);
            }

            if (track.Demand.Settle() | _demanded.Add(track.Source)) Link.Demand(Room.Id, Id, track.Source, track.Demand.Height);
            foreach (var layer in track.Layers)
            {
                if (layer.Cache is { WantsGrowth: true } cache) cache.Grow();
                if (!track.IsPublishing) continue;
                if (layer.KeyFrames.TakeDue(now, TimeSpan.Zero)) Link.RequestKeyFrame(Room.Id, Id, track.Source, layer.Ssrc);
                due = Instant.Min(due, layer.KeyFrames.Due(TimeSpan.Zero));
            }
        }

        return due;
    }

    public void Release() => ReleaseTracks();
}
