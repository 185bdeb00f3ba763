using Pendopo.Rtc;

namespace Pendopo.Sfu.Forwarding;

/// <summary>The numbers of one packet as one receiver sees them.</summary>
internal readonly record struct RewrittenNumbers(long Sequence, uint Timestamp, ushort PictureId, byte Tl0PicIdx, ushort FrameNumber);

/// <summary>
/// Keeps one receive slot's numbers continuous while the source behind it changes: sequence numbers, timestamps, VP8/VP9
/// picture ids and TL0PICIDX, Dependency Descriptor frame numbers.
/// <para>
/// All packets between two switches differ from their source by constant offsets, so a switch (or a packet left out) opens a
/// <em>segment</em> with new offsets. The last segments are remembered: a late packet of the current source finds the
/// segment it belongs to, and a NACKed number leads back to the source packet. A late packet from before the switch belongs
/// to frames that nobody can use any more and is not mapped.
/// </para>
/// </summary>
internal sealed class RtpRewriter
{
    /// <summary>Segments come from switches (at most a few a second); NACKs reach back about a second.</summary>
    private const int UsualSegments = 16;

    /// <summary>Seconds by which a packet may be late: more apart, the source's clock and ours have not run on together.</summary>
    private const double MaximumJitter = 0.2;

    /// <summary>Where layers are left out, each picture may open one: two seconds of 30 frames.</summary>
    private const int MaximumSegments = 64;

    private readonly Segment[] _segments; // a power of two
    private int _count;

    // Segments before this one are of numbers that were given back.
    private int _firstOpen;
    private long _newestOut;
    private uint _newestTimestamp;
    private Instant _newestAt;
    private ushort _newestPictureId;
    private byte _newestTl0;
    private ushort _newestFrame;
    private bool _hasSent;
    private int _skippedPicture = -1;

    /// <param name="random">Chooses where numbers begin.</param>
    /// <param name="isLayered">Packets may be left out again and again, as layers of a picture are.</param>
    public RtpRewriter(Random random, bool isLayered = true)
    {
        _segments = new Segment[isLayered ? MaximumSegments : UsualSegments];
        // RFC 3550 §5.1: random starts. The first sequence number stays below 2^15, as RFC 3711 §3.3.1 advises, so that early
        // loss cannot confuse the roll-over counter.
        _newestOut = 0x10000L + random.Next(1, 0x7fff);
        _newestTimestamp = (uint)random.NextInt64(0, uint.MaxValue);
        _newestPictureId = (ushort)random.Next(0, 0x7fff);
        _newestTl0 = (byte)random.Next(0, 256);
        _newestFrame = (ushort)random.Next(0, 0x10000);
    }

    /// <summary>Asks for the segment in use.</summary>
    public void Prefetch() => CacheLines.Fetch(_segments, (_count - 1) & (_segments.Length - 1));

    public long NewestSequence => _newestOut;

    /// <summary>The layer of the current segment, or null before the first switch.</summary>
    public PublishedLayer? Layer => _count == 0 ? null : Current.Layer;

    /// <summary>What is added to a source timestamp at present.</summary>
    public uint TimestampOffset => _count == 0 ? 0 : Current.TimestampOffset;

    private ref Segment Current => ref _segments[(_count - 1) & (_segments.Length - 1)];

    /// <summary>
    /// From <paramref name="firstSequence"/> on the packets of <paramref name="layer"/> are sent. The timestamp goes on from
    /// the last one sent by the time that passed, or by the senders' common clock where <paramref name="alignedTimestamp"/> is known.
    /// </summary>
    public void Switch(Instant now, PublishedLayer layer, long firstSequence, uint firstTimestamp, uint? alignedTimestamp, in CodecNumbers numbers)
    {
        uint timestamp;
        if (!_hasSent)
        {
            timestamp = _newestTimestamp;
        }
        else if (alignedTimestamp is { } aligned && (int)(aligned - _newestTimestamp) > 0)
        {
            timestamp = aligned;
        }
        else
        {
            var elapsed = Math.Clamp((now - _newestAt).TotalSeconds, 0, 3600);
            timestamp = _newestTimestamp + Math.Max(1u, (uint)(elapsed * layer.ClockRate));

            // A source that was left out for a while knows better than its packets' arrival what passed, unless it stopped its clock.
            var own = firstTimestamp + TimestampOffset;
            if (ReferenceEquals(Layer, layer) && (int)(own - _newestTimestamp) > 0 && Math.Abs((int)(own - timestamp)) < layer.ClockRate * MaximumJitter) timestamp = own;
        }

        _skippedPicture = -1;
        Open(new Segment(
            layer,
            firstSequence,
            _newestOut + 1,
            timestamp - firstTimestamp,
            (ushort)(_newestPictureId + 1 - numbers.PictureId),
            (byte)(_newestTl0 + 1 - numbers.Tl0PicIdx),
            (ushort)(_newestFrame + 1 - numbers.FrameNumber)));
    }

    /// <summary>
    /// Leaves one source packet out without a gap in what is sent. False when a later packet is sent already, so that this
    /// one's number is taken.
    /// </summary>
    /// <param name="numbers">Those of the packet.</param>
    /// <param name="closesPictures">
    /// Pictures left out leave no gap in the picture ids either: a VP8 decoder would wait for them. Ids of VP9 and frame numbers keep
    /// their gaps, since frames refer to each other by difference.
    /// </param>
    public bool Skip(long sequence, in CodecNumbers numbers = default, bool closesPictures = false)
    {
        if (_count == 0) return true;
        ref var current = ref Current;
        if (sequence < current.SourceStart) return false;
        var sent = current.OutStart + (sequence - current.SourceStart);
        if (sent <= _newestOut) return false;
        var next = current with { SourceStart = sequence + 1, OutStart = sent };
        if (closesPictures && numbers.HasPictureId && numbers.PictureId != _skippedPicture)
        {
            _skippedPicture = numbers.PictureId;
            next = next with { PictureOffset = (ushort)(current.PictureOffset - 1) };
        }

        // A segment without packets is replaced, so that a run of empty packets does not push out what a NACK needs.
        if (sequence == current.SourceStart)
        {
            current = next;
            return true;
        }

        Open(next);
        return true;
    }

    /// <summary>The numbers under which a source packet is sent; false if it is from before the switch.</summary>
    public bool TryMap(Instant now, long sequence, uint timestamp, in CodecNumbers numbers, out RewrittenNumbers rewritten)
    {
        rewritten = default;
        if (_count == 0) return false;
        var layer = Current.Layer;
        for (int i = _count - 1, end = Math.Max(_firstOpen, _count - _segments.Length); i >= end; i--)
        {
            ref var segment = ref _segments[i & (_segments.Length - 1)];
            if (!ReferenceEquals(segment.Layer, layer)) return false;
            if (sequence < segment.SourceStart) continue;
            rewritten = segment.Rewrite(sequence, timestamp, numbers);
            if (rewritten.Sequence > _newestOut) Remember(now, rewritten, numbers);
            _hasSent = true;
            return true;
        }

        return false;
    }

    /// <summary>
    /// Takes back the numbers after <paramref name="newest"/>: they were given and never sent. Until the next switch nothing is sent, and
    /// late packets from before have no numbers any more, for theirs may be given to others.
    /// </summary>
    public void Rewind(long newest)
    {
        _newestOut = Math.Min(_newestOut, newest);
        _firstOpen = _count;
    }

    /// <summary>Leads a sent sequence number back to its source, with the segment that gives its other numbers.</summary>
    public bool TryFindSource(ushort sentSequence, out Segment segment, out long sourceSequence)
    {
        var sent = _newestOut + (short)(sentSequence - (ushort)_newestOut);
        for (int i = _count - 1, end = Math.Max(0, _count - _segments.Length); sent <= _newestOut && i >= end; i--)
        {
            segment = _segments[i & (_segments.Length - 1)];
            if (sent < segment.OutStart) continue;
            sourceSequence = segment.SourceStart + (sent - segment.OutStart);
            return true;
        }

        segment = default;
        sourceSequence = 0;
        return false;
    }

    private void Open(Segment segment)
    {
        _segments[_count & (_segments.Length - 1)] = segment;
        _count++;
        if (_count != int.MaxValue) return;
        (_count, _firstOpen) = (_segments.Length, 0); // keeps the index positive; the ring is full by then
    }

    private void Remember(Instant now, in RewrittenNumbers rewritten, in CodecNumbers numbers)
    {
        _newestOut = rewritten.Sequence;
        _newestTimestamp = rewritten.Timestamp;
        _newestAt = now;
        if (numbers.HasPictureId) _newestPictureId = rewritten.PictureId;
        if (numbers.HasTl0PicIdx) _newestTl0 = rewritten.Tl0PicIdx;
        if (numbers.HasFrameNumber) _newestFrame = rewritten.FrameNumber;
    }

    /// <summary>Constant offsets from a source sequence number on.</summary>
    internal readonly record struct Segment(
        PublishedLayer Layer, long SourceStart, long OutStart, uint TimestampOffset, ushort PictureOffset, byte Tl0Offset, ushort FrameOffset)
    {
        public RewrittenNumbers Rewrite(long sequence, uint timestamp, in CodecNumbers numbers) => new(
            OutStart + (sequence - SourceStart),
            timestamp + TimestampOffset,
            (ushort)((numbers.PictureId + PictureOffset) & (numbers.IsLongPictureId ? 0x7fff : 0x7f)),
            (byte)(numbers.Tl0PicIdx + Tl0Offset),
            (ushort)(numbers.FrameNumber + FrameOffset));
    }
}
