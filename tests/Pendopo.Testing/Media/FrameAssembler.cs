using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Testing.Media;

/// <summary>A frame that a decoder could have shown.</summary>
/// <param name="Layer">Index of the encoding that the sender made it in.</param>
public readonly record struct DecodedFrame(Instant At, uint Timestamp, ushort PictureId, byte Layer, bool IsKeyFrame, uint SourceFrame);

/// <summary>
/// What a receiver could make of one VP8 video stream: puts packets into frames and says which of them could be decoded and when.
/// It judges like a decoder, by the numbers that it receives alone: a frame is complete from the start of its first partition
/// to the marker without a hole in the sequence numbers; a delta frame needs the picture before it (picture id), or, where the
/// upper temporal layer is missing, the lower frame before it (TL0PICIDX): at once if no sequence number is missing between them,
/// else after the patience of a jitter buffer. A key frame needs nothing and drops what is older.
/// </summary>
public sealed class FrameAssembler
{
    /// <summary>How long a repair may take before the upper temporal layer's frame is given up; about two round trips.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);

    private readonly SortedDictionary<long, Frame> _frames = [];
    private readonly HashSet<long> _seen = [];
    private readonly List<DecodedFrame> _decoded = [];
    private SequenceUnwrapper _sequences;
    private long _timestamp;
    private bool _started;
    private long _lastTimestamp = long.MinValue;
    private long? _lastSequence;
    private ushort _lastPictureId;
    private byte _lastTl0PicIdx;

    /// <summary>In the order of decoding.</summary>
    public IReadOnlyList<DecodedFrame> Decoded => _decoded;

    public long Packets { get; private set; }

    public long Duplicates { get; private set; }

    /// <summary>Packets whose payload is not what a generator wrote, or that are not VP8 in RTP at all.</summary>
    public long CorruptPackets { get; private set; }

    /// <summary>Frames that never became decodable before a later one was.</summary>
    public int SkippedFrames { get; private set; }

    /// <summary>Since when a complete frame waits for an earlier one that is missing; null while nothing is stuck.</summary>
    public Instant? StuckSince
    {
        get
        {
            foreach (var frame in _frames.Values)
            {
                if (frame.CompleteAt is { } at) return at;
            }

            return null;
        }
    }

    /// <summary>Takes an RTP packet of the stream, in any order; a packet recovered by RTX in its original form.</summary>
    public void Add(Instant now, ReadOnlySpan<byte> packet)
    {
        if (!RtpPacket.TryParse(packet, out var rtp, out _))
        {
            CorruptPackets++;
            return;
        }

        Packets++;
        var sequence = _sequences.Unwrap(rtp.SequenceNumber);
        if (!_seen.Add(sequence))
        {
            Duplicates++;
            return;
        }

        // Padding fills a sequence number and carries nothing.
        if (rtp.Payload.IsEmpty) return;
        if (!TryReadStamp(rtp.Payload, out var descriptor, out var stamp))
        {
            CorruptPackets++;
            return;
        }

        var timestamp = UnwrapTimestamp(rtp.Timestamp);
        if (timestamp <= _lastTimestamp) return;
        if (!_frames.TryGetValue(timestamp, out var frame)) _frames[timestamp] = frame = new(rtp.Timestamp, descriptor, stamp);
        frame.Add(sequence, descriptor, rtp.Marker);
        if (frame.CompleteAt is null && frame.IsComplete) frame.CompleteAt = now;
        while (TryDecode(now)) { }
    }

    /// <summary>Every time longer than this between two decoded frames, and from the last one until now.</summary>
    public IEnumerable<(Instant From, TimeSpan Length)> Freezes(TimeSpan longerThan, Instant now)
    {
        for (var i = 0; i < _decoded.Count; i++)
        {
            var next = i + 1 < _decoded.Count ? _decoded[i + 1].At : now;
            if (next - _decoded[i].At > longerThan) yield return (_decoded[i].At, next - _decoded[i].At);
        }
    }

    private static bool TryReadStamp(ReadOnlySpan<byte> payload, out Vp8Descriptor descriptor, out (byte Layer, uint Frame) stamp)
    {
        stamp = default;
        if (!Vp8Descriptor.TryParse(payload, out descriptor) || !descriptor.HasPictureId) return false;
        var offset = descriptor.Length;
        if (descriptor.StartOfPartition) offset += descriptor.IsKeyFrameStart ? Vp8Frames.KeyHeaderLength : Vp8Frames.DeltaHeaderLength;
        if (payload.Length < offset || !Vp8Frames.TryReadBody(payload[offset..], out var layer, out var index, out _, out var number)) return false;
        stamp = (layer, number);
        return descriptor.StartOfPartition == (index == 0);
    }

    private long UnwrapTimestamp(uint timestamp)
    {
        _timestamp = _started ? _timestamp + (int)(timestamp - (uint)_timestamp) : timestamp;
        _started = true;
        return _timestamp;
    }

    private bool TryDecode(Instant now)
    {
        foreach (var (timestamp, frame) in _frames)
        {
            if (frame.CompleteAt is null || !IsDecodable(frame, now)) continue;
            _lastTimestamp = timestamp;
            _lastSequence = frame.Last;
            _lastPictureId = frame.Descriptor.PictureId;
            if (frame.Descriptor.TemporalLayer == 0) _lastTl0PicIdx = frame.Descriptor.Tl0PicIdx;
            _decoded.Add(new(now, frame.Timestamp, _lastPictureId, frame.Stamp.Layer, frame.IsKey, frame.Stamp.Frame));
            foreach (var older in _frames.Keys.TakeWhile(key => key <= timestamp).ToArray())
            {
                if (older < timestamp) SkippedFrames++;
                _frames.Remove(older);
            }

            return true;
        }

        return false;
    }

    private bool IsDecodable(Frame frame, Instant now)
    {
        if (frame.IsKey) return true;
        if (_decoded.Count == 0) return false;
        var descriptor = frame.Descriptor;
        if (descriptor.PictureId == ((_lastPictureId + 1) & 0x7fff)) return true;
        if (!descriptor.HasTl0PicIdx) return false;
        if (frame.First != _lastSequence + 1 && now - frame.CompleteAt < Patience) return false;
        return descriptor.TemporalLayer == 0
            ? descriptor.Tl0PicIdx == (byte)(_lastTl0PicIdx + 1)
            : descriptor.LayerSync && descriptor.Tl0PicIdx == _lastTl0PicIdx;
    }

    private sealed class Frame(uint timestamp, Vp8Descriptor descriptor, (byte Layer, uint Frame) stamp)
    {
        private int _packets;

        public long? First { get; private set; }

        public long? Last { get; private set; }

        public uint Timestamp { get; } = timestamp;

        public Vp8Descriptor Descriptor { get; } = descriptor;

        public (byte Layer, uint Frame) Stamp { get; } = stamp;

        public bool IsKey { get; private set; }

        public Instant? CompleteAt { get; set; }

        public bool IsComplete => First is { } first && Last is { } last && _packets == last - first + 1;

        public void Add(long sequence, in Vp8Descriptor part, bool marker)
        {
            _packets++;
            IsKey |= part.IsKeyFrameStart;
            if (part.IsFrameStart) First = sequence;
            if (marker) Last = sequence;
        }
    }
}
