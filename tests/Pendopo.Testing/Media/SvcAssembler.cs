using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Testing.Media;

/// <summary>A frame that a decoder could have used.</summary>
public readonly record struct SvcFrame(Instant At, uint Timestamp, SvcStamp Stamp);

/// <summary>
/// What a receiver could make of a scalable stream: puts packets into frames by their stamps, and holds a frame decodable when all of
/// it came and every frame that it needs was decodable. It also checks what a real decoder goes by: that frame numbers (Dependency
/// Descriptor) or picture ids (VP9) tell the references, and that the marker stands on the last packet of each picture only.
/// </summary>
public sealed class SvcAssembler(SvcForm form, RtpExtensionMap extensions)
{
    private readonly SortedDictionary<uint, Frame> _frames = [];
    private readonly HashSet<uint> _usable = [];
    private readonly Dictionary<uint, ushort> _numbers = [];
    private readonly Dictionary<uint, (long Last, long Marked)> _pictures = [];
    private readonly List<SvcFrame> _decoded = [];
    private readonly List<string> _faults = [];
    private readonly DependencyDescriptorReader _descriptors = new();
    private SequenceUnwrapper _sequences;

    /// <summary>In the order of decoding.</summary>
    public IReadOnlyList<SvcFrame> Decoded => _decoded;

    public long EmptyPackets { get; private set; }

    /// <summary>What a decoder would have stumbled over in the numbers.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Whole frames that wait for another; a stream without loss has none.</summary>
    public int Undecodable => _frames.Values.Count(static frame => frame.IsComplete);

    /// <summary>Since when a whole frame waits in vain.</summary>
    public Instant? StuckSince
    {
        get
        {
            foreach (var frame in _frames.Values)
            {
                if (frame.IsComplete) return frame.CompleteAt;
            }

            return null;
        }
    }

    /// <summary>Pictures whose marker is missing or stands on a packet that is not the last, among those that are over.</summary>
    public int BadMarkers => _pictures.OrderBy(static pair => pair.Value.Last).SkipLast(1).Count(static pair => pair.Value.Last != pair.Value.Marked);

    /// <summary>The decode targets that the newest descriptor called active.</summary>
    public uint ActiveDecodeTargets => _descriptors.ActiveDecodeTargets;

    public void Add(Instant now, ReadOnlySpan<byte> packet)
    {
        if (!RtpPacket.TryParse(packet, out var rtp, out _))
        {
            _faults.Add("not RTP");
            return;
        }

        if (rtp.Payload.IsEmpty)
        {
            EmptyPackets++;
            return;
        }

        if (!TryReadNumber(rtp, out var number, out var offset) || !SvcFrames.TryReadBody(rtp.Payload[offset..], out var stamp))
        {
            _faults.Add($"packet {rtp.SequenceNumber} cannot be read");
            return;
        }

        var sequence = _sequences.Unwrap(rtp.SequenceNumber);
        if (!_pictures.TryGetValue(rtp.Timestamp, out var picture)) picture = (-1, -1);
        _pictures[rtp.Timestamp] = (Math.Max(picture.Last, sequence), rtp.Marker ? sequence : picture.Marked);
        if (rtp.Marker && picture.Marked >= 0) _faults.Add($"two markers at {rtp.Timestamp}");
        if (_usable.Contains(stamp.Frame)) return;
        if (!_frames.TryGetValue(stamp.Frame, out var frame)) _frames[stamp.Frame] = frame = new(stamp, rtp.Timestamp);
        if (!frame.Add(stamp.Index)) return;
        _numbers[stamp.Frame] = number;
        if (frame.IsComplete) frame.CompleteAt = now;
        while (TryDecode(now)) { }
    }

    /// <summary>Every time longer than this between two pictures, and from the last one until now.</summary>
    public IEnumerable<(Instant From, TimeSpan Length)> Freezes(TimeSpan longerThan, Instant from, Instant now)
    {
        var last = from;
        foreach (var at in _decoded.Select(static frame => frame.At).Where(at => at >= from).Append(now))
        {
            if (at - last > longerThan) yield return (last, at - last);
            last = at;
        }
    }

    private bool TryReadNumber(in RtpPacket packet, out ushort number, out int offset)
    {
        if (form == SvcForm.Av1)
        {
            offset = 1;
            number = 0;
            if (!packet.TryGetExtension(extensions.Id(RtpExtensionKind.DependencyDescriptor), out var value)) return false;
            _descriptors.TryRead(value, out _);
            return DependencyDescriptorReader.TryReadFrameNumber(value, out number);
        }

        var read = Vp9Descriptor.TryParse(packet.Payload, out var vp9);
        (number, offset) = (vp9.PictureId, vp9.Length);
        return read && vp9.HasPictureId;
    }

    private bool TryDecode(Instant now)
    {
        foreach (var (number, frame) in _frames)
        {
            if (!frame.IsComplete || !IsUsable(frame.Stamp.FirstReference) || !IsUsable(frame.Stamp.SecondReference)) continue;
            Check(frame.Stamp);
            _usable.Add(number);
            _decoded.Add(new(now, frame.Timestamp, frame.Stamp));
            _frames.Remove(number);

            // What a key picture leaves behind is of no use to anybody.
            if (frame.Stamp is { IsKey: true, Spatial: 0 })
            {
                foreach (var older in _frames.Keys.TakeWhile(key => key < number).ToArray()) _frames.Remove(older);
            }

            return true;
        }

        return false;
    }

    private bool IsUsable(uint frame) => frame == SvcStamp.None || _usable.Contains(frame);

    /// <summary>The numbers that the receiver sees lead to the same references.</summary>
    private void Check(in SvcStamp stamp)
    {
        foreach (var reference in (uint[])[stamp.FirstReference, stamp.SecondReference])
        {
            if (reference == SvcStamp.None) continue;
            var difference = _numbers[stamp.Frame] - _numbers[reference];
            var isRight = form == SvcForm.Av1
                ? (ushort)difference == (ushort)(stamp.Frame - reference)
                : reference == stamp.SecondReference ? difference == 0 : (difference & 0x7fff) is > 0 and <= 4;
            if (!isRight) _faults.Add($"frame {stamp.Frame} refers to {reference}, but its number is {difference} higher");
        }
    }

    private sealed class Frame(SvcStamp stamp, uint timestamp)
    {
        private readonly HashSet<byte> _parts = [];

        public SvcStamp Stamp { get; } = stamp;

        public uint Timestamp { get; } = timestamp;

        public Instant CompleteAt { get; set; }

        public bool IsComplete => _parts.Count == Stamp.Count;

        public bool Add(byte part) => _parts.Add(part);
    }
}
