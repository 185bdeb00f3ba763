using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// Brings received packets to their subscribers. Within a batch video waits until the batch ends, and under load up to
/// <see cref="Hold"/> for the rest of its frame; then it goes out subscriber by subscriber: the keys of one stay in the cache, and the
/// packets of a frame are neighbours that leave as one run. Sound goes at once. Owned by the worker.
/// </summary>
internal sealed unsafe class Forwarder : IDisposable
{
    /// <summary>Packets that may wait at once: 5 ms of 40 cameras with three layers. The one more that comes sends all off.</summary>
    private const int Capacity = 256;

    /// <summary>A run is no longer than the system takes, so more of one source need not wait for each other.</summary>
    private const int MaximumPerTrack = 64;

    /// <summary>More kinds of clients than there are browsers; beyond, headers are compared byte by byte.</summary>
    private const int KnownExtensionMaps = 32;

    private readonly List<RtpExtensionMap> _extensions = [];
    private readonly byte* _memory;
    private readonly Stack<PendingPacket> _free = new(Capacity);
    private readonly List<PublishedTrack> _waiting = [];
    private readonly Action _endRun;

    /// <param name="endRun">Called after each subscriber's packets.</param>
    public Forwarder(Action endRun)
    {
        _endRun = endRun;
        var bytes = (nuint)((Capacity + 2) * PendingPacket.SlotBytes);
        _memory = (byte*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(_memory, bytes);
        for (var i = 0; i < Capacity; i++) _free.Push(new PendingPacket(_memory + (i * PendingPacket.SlotBytes)));
        Single = new PendingPacket(_memory + (Capacity * PendingPacket.SlotBytes));
        Scratch = new PendingPacket(_memory + ((Capacity + 1) * PendingPacket.SlotBytes));
    }

    /// <summary>For what is sent once more, one at a time.</summary>
    public PendingPacket Scratch { get; }

    /// <summary>How long a packet may wait for the rest of its frame; zero outside of load.</summary>
    public TimeSpan Hold { get; set; }

    /// <summary>True while packets arrive together; otherwise each is forwarded at once.</summary>
    public bool IsBatching { get; set; }

    /// <summary>When <see cref="Flush"/> has something to send without input.</summary>
    public Instant Due { get; private set; } = Instant.Never;

    /// <summary>A packet's memory outside of a batch, and for sound.</summary>
    private PendingPacket Single { get; }

    /// <summary>
    /// One object for all receivers with the same ids of header extensions, as those of one browser's making have: whether a header suits
    /// the next receiver is then a comparison of pointers.
    /// </summary>
    public RtpExtensionMap Canonical(RtpExtensionMap extensions)
    {
        foreach (var known in _extensions)
        {
            if (known.HasSameIds(extensions)) return known;
        }

        if (_extensions.Count < KnownExtensionMaps) _extensions.Add(extensions);
        return extensions;
    }

    /// <summary>Takes a packet of a layer over; its bytes are copied.</summary>
    public void Add(Instant now, PublishedLayer layer, in RtpPacket packet, MediaCodec codec, long sequence, in CodecNumbers numbers)
    {
        var track = layer.Track;
        if (track.Subscribers.Count == 0) return;
        if (!IsBatching || track.Kind == MediaKind.Audio)
        {
            if (!Single.TryLoad(layer, packet, codec, sequence, numbers)) return;
            var subscribers = CollectionsMarshal.AsSpan(track.Subscribers);
            for (var i = 0; i < subscribers.Length; i++)
            {
                Prefetch(subscribers, i);
                subscribers[i].Forward(now, Single, mayWait: track.Kind == MediaKind.Video);
                _endRun();
            }

            return;
        }

        if (_free.Count == 0) Flush(now, all: true);
        if (!_free.TryPop(out var pending)) return;
        if (!pending.TryLoad(layer, packet, codec, sequence, numbers))
        {
            _free.Push(pending);
            return;
        }

        if (track.Pending.Count == 0)
        {
            _waiting.Add(track);
            track.PendingUntil = now + Later(Hold, GatherTime(track.Subscribers.Count));
        }

        track.Pending.Add(pending);
        if (packet.Marker || track.Pending.Count >= MaximumPerTrack) track.PendingUntil = now;
    }

    /// <summary>
    /// The packets of a frame arrive within some tens of microseconds of each other, and a worker that is free wakes at the first. Waiting
    /// for the rest costs nobody anything while it is shorter than sending the first alone to all subscribers would take.
    /// </summary>
    private static TimeSpan GatherTime(int subscribers) => TimeSpan.FromMicroseconds(Math.Min(300, 3 * subscribers));

    /// <summary>
    /// How long nothing needs to be received, because what has arrived of a picture waits for the rest of it anyway: some ten to some
    /// hundred microseconds. Zero under load, where packets wait longer and sound must not.
    /// </summary>
    public TimeSpan GatherTimeLeft(Instant now) => Hold > TimeSpan.Zero || Due == Instant.Never || Due <= now ? TimeSpan.Zero : Due - now;

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>Sends what has waited long enough, or everything.</summary>
    public void Flush(Instant now, bool all = false)
    {
        Due = Instant.Never;
        var kept = 0;
        for (var i = 0; i < _waiting.Count; i++)
        {
            var track = _waiting[i];
            if (all || track.PendingUntil <= now)
            {
                Forward(now, track);
                continue;
            }

            if (track.PendingUntil < Due) Due = track.PendingUntil;
            _waiting[kept++] = track;
        }

        _waiting.RemoveRange(kept, _waiting.Count - kept);
    }

    /// <summary>Drops what waits of a source that is gone.</summary>
    public void Remove(PublishedTrack track)
    {
        if (_waiting.Remove(track)) Release(track);
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    private void Forward(Instant now, PublishedTrack track)
    {
        var pending = CollectionsMarshal.AsSpan(track.Pending);
        if (pending.Length > 1) Equalize(pending);
        var bytes = 0;
        foreach (var packet in pending) bytes += packet.Length;
        var subscribers = CollectionsMarshal.AsSpan(track.Subscribers);
        for (var i = 0; i < subscribers.Length; i++)
        {
            Prefetch(subscribers, i);
            var slot = subscribers[i];
            var mayWait = !slot.Receiver.Pacing.Takes(now, bytes);
            foreach (var packet in pending) slot.Forward(now, packet, mayWait);
            _endRun();
        }

        Release(track);
    }

    /// <summary>Before each subscriber: the next ones' memory comes a step nearer, each one's last step right before its turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(ReadOnlySpan<ReceiveSlot> subscribers, int current)
    {
        // The furthest one is only pointed at: to call it would wait for it.
        var furthest = current + ReceiveSlot.PrefetchSteps + 1;
        if (furthest < subscribers.Length) CacheLines.Fetch(subscribers[furthest], ReceiveSlot.HotBytes);
        for (var step = 0; step < ReceiveSlot.PrefetchSteps; step++)
        {
            var ahead = current + ReceiveSlot.PrefetchSteps - step;
            if (ahead < subscribers.Length) subscribers[ahead].Prefetch(step);
        }
    }

    private void Release(PublishedTrack track)
    {
        foreach (var packet in track.Pending) _free.Push(packet);
        track.Pending.Clear();
    }

    /// <summary>
    /// Gives neighbours whose payloads differ by up to three bytes one length, so that they can leave as one run. libwebrtc cuts a frame
    /// into packets that differ by one byte: it costs half a byte per packet.
    /// </summary>
    private static void Equalize(ReadOnlySpan<PendingPacket> packets)
    {
        for (var i = 0; i < packets.Length;)
        {
            var layer = packets[i].Layer;
            int smallest = packets[i].PayloadLength, largest = smallest, end = i + 1;
            for (; end < packets.Length && ReferenceEquals(packets[end].Layer, layer); end++)
            {
                var length = packets[end].PayloadLength;
                if (length == 0 || Math.Max(largest, length) - Math.Min(smallest, length) > PendingPacket.MaximumPadding) break;
                (smallest, largest) = (Math.Min(smallest, length), Math.Max(largest, length));
            }

            if (smallest > 0 && smallest < largest)
            {
                for (var j = i; j < end; j++) packets[j].Pad(largest - packets[j].PayloadLength);
            }

            i = end;
        }
    }
}
