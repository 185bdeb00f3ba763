using Pendopo.Rtc;
using Pendopo.Sfu.Forwarding;

namespace Pendopo.Sfu.Workers;

/// <summary>One worker's ways to and from the others. Owned by that worker; <see cref="Connect"/> is called before any of them runs.</summary>
internal sealed class WorkerMesh : IDisposable
{
    private readonly List<WorkerLink> _links = [];
    private readonly List<Incoming> _incoming = [];

    public IReadOnlyList<WorkerLink> Links => _links;

    public bool HasPackets
    {
        get
        {
            foreach (var incoming in _incoming)
            {
                if (incoming.Link.Ring.HasUnread) return true;
            }

            return false;
        }
    }

    /// <summary>Packets that other workers could not pass on because this one was behind.</summary>
    public long Refused => _incoming.Sum(static incoming => incoming.Link.Ring.Refused);

    /// <summary>Ties workers together, each to each other one.</summary>
    public static void Connect(IReadOnlyList<MediaWorker> workers)
    {
        foreach (var from in workers)
        {
            foreach (var to in workers)
            {
                if (ReferenceEquals(from, to)) continue;
                var link = new WorkerLink(from, to);
                from.Mesh._links.Add(link);
                to.Mesh._incoming.Add(new Incoming(link));
            }
        }
    }

    public WorkerLink LinkTo(int worker) => _links.Find(link => link.To.Index == worker)!;

    /// <summary>From now on the other worker's packets under that name belong to this layer.</summary>
    public void Bind(int other, uint name, PublishedLayer layer) => _incoming.Find(incoming => incoming.Link.From.Index == other)!.Layers[name] = layer;

    public void Unbind(RemotePublisher publisher)
    {
        foreach (var incoming in _incoming)
        {
            foreach (var (name, layer) in incoming.Layers)
            {
                if (ReferenceEquals(layer.Track.Peer, publisher)) incoming.Layers.Remove(name);
            }
        }
    }

    public void Receive(Instant now, MediaWorker worker)
    {
        foreach (var incoming in _incoming)
        {
            // What a packet's layer is called was said by a command that was posted before the packet was written.
            var ring = incoming.Link.Ring;
            var end = ring.Written;
            worker.RunCommands(now);
            while (ring.TryRead(end, out var header, out var packet))
            {
                if (!incoming.Layers.TryGetValue(header.Layer, out var layer) || layer.Track.Peer is not RemotePublisher publisher) continue;
                if (header.Kind == PacketRingKind.Rtp)
                {
                    publisher.Receive(now, layer, packet);
                    continue;
                }

                layer.OnClock(header.LocalNtp, header.SenderNtp, header.RtpTimestamp);
            }

            ring.Release();
        }
    }

    /// <summary>Wakes whom packets were passed to.</summary>
    public void Flush()
    {
        foreach (var link in _links) link.Flush();
    }

    /// <summary>When no worker runs any more: others write into what is freed here.</summary>
    public void Dispose()
    {
        foreach (var incoming in _incoming) incoming.Link.Ring.Dispose();
    }

    private sealed class Incoming(WorkerLink link)
    {
        public WorkerLink Link { get; } = link;

        public Dictionary<uint, PublishedLayer> Layers { get; } = [];
    }
}
