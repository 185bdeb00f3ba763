using Pendopo.Rtc.Sdp;
using Pendopo.Sfu.Forwarding;

namespace Pendopo.Sfu.Workers;

/// <summary>
/// The way from one worker to one other: packets by a ring, everything else by commands. Commands are posted before the packets that
/// depend on them, and the reader runs its commands before it reads.
/// </summary>
/// <param name="from">The worker that writes; everything here but the ring's reading side, and the ring's end, is its.</param>
/// <param name="to">The worker that reads.</param>
internal sealed class WorkerLink(MediaWorker from, MediaWorker to)
{
    /// <summary>A quarter of a second of 120 Mb/s: a reader that is behind by more has lost its receivers anyway.</summary>
    private const int RingBytes = 4 << 20;

    private uint _lastLayer;
    private bool _hasNews;

    public MediaWorker From { get; } = from;

    public MediaWorker To { get; } = to;

    public PacketRing Ring { get; } = new(RingBytes);

    /// <summary>A room has opened here: the other worker answers if it has one of that name.</summary>
    public void Greet(string room) => To.Post(_ => To.OnGreeting(room, From.Index, isAnswer: false));

    public void Answer(string room) => To.Post(_ => To.OnGreeting(room, From.Index, isAnswer: true));

    public void Leave(string room) => To.Post(_ => To.FindRoom(room)?.Links?.Remove(From.Index));

    public void Announce(string room, string publisher, IReadOnlyList<(SourceKind Source, NegotiatedMedia Media)> sources, IReadOnlySet<SourceKind> publishing) =>
        To.Post(_ => To.FindRoom(room)?.Links?.OnAnnounced(From.Index, publisher, sources, publishing));

    public void Withdraw(string room, string publisher) => To.Post(_ => To.FindRoom(room)?.Links?.OnWithdrawn(From.Index, publisher));

    /// <summary>Names a layer for the packets that follow.</summary>
    public uint AddLayer(string room, string publisher, SourceKind source, PublishedLayer layer)
    {
        var handle = ++_lastLayer;
        var (rid, ssrc, clockRate) = (layer.Rid, layer.Ssrc, layer.ClockRate);
        To.Post(_ => To.FindRoom(room)?.Links?.OnLayer(From.Index, publisher, source, handle, rid, ssrc, clockRate));
        return handle;
    }

    public void Subscribe(string room, string publisher, SourceKind source, bool wanted) =>
        To.Post(_ => To.FindRoom(room)?.Links?.OnSubscription(From.Index, publisher, source, wanted));

    /// <summary>The tallest tile that the source has here; 0 for none.</summary>
    public void Demand(string room, string publisher, SourceKind source, int height) =>
        To.Post(_ => To.FindRoom(room)?.Links?.OnDemand(From.Index, publisher, source, height));

    public void RequestKeyFrame(string room, string publisher, SourceKind source, uint ssrc) =>
        To.Post(_ => To.FindRoom(room)?.Links?.OnKeyFrameRequest(publisher, source, ssrc));

    public void Send(in PacketRingHeader header, ReadOnlySpan<byte> packet) => _hasNews |= Ring.TryWrite(header, packet);

    /// <summary>Wakes the reader, once for all that was written.</summary>
    public void Flush()
    {
        if (!_hasNews) return;
        _hasNews = false;
        To.Wake();
    }
}
