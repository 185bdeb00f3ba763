using System.Buffers.Binary;
using Pendopo.Rtc;
using Pendopo.Rtc.Rtcp;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Sdp;
using Pendopo.Rtc.Srtp;
using Pendopo.Sfu.Statistics;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// One m-line on which a peer receives: a fixed SSRC behind which sources and layers change. Switches happen at key frames;
/// everything the receiver sees stays continuous. Owned by the worker.
/// </summary>
internal sealed partial class ReceiveSlot
{
    /// <summary>
    /// MID is repeated on the first packets until the receiver surely has it; the SSRC in the answer says the same, so this is a
    /// second rope for receivers that do not read it.
    /// </summary>
    private const int PacketsWithMid = 50;

    /// <summary>Calls of <see cref="Prefetch"/> until everything is on its way.</summary>
    public const int PrefetchSteps = 4;

    /// <summary>Bytes of the object with the fields that forwarding reads.</summary>
    public const int HotBytes = 192;

    private static readonly TimeSpan MaximumRetransmissionAge = TimeSpan.FromSeconds(1);

    private readonly MediaPeer _receiver;
    private readonly RtpRewriter _rewriter;
    private readonly LayerSelector _selector = new();
    private readonly byte[] _midBytes;
    private readonly byte[] _payloadTypes = new byte[Enum.GetValues<MediaCodec>().Length];
    private readonly byte[] _rtxPayloadTypes = new byte[Enum.GetValues<MediaCodec>().Length];
    private RtpExtensionMap _extensions;
    private PublishedLayer? _current;
    private LayerAim _aim = LayerAim.Everything;
    private MediaCodec _codec;
    private KeyFrameAllowance _keyFrames;
    private ushort _rtxSequence;
    private ushort _repeated;

    /// <summary>
    /// The receiver may tell what arrives when (transport-wide feedback). Without that the estimate is a guess from reports, which a line
    /// can exceed by far: to hold pictures back by it would ruin what the receiver could have had.
    /// </summary>
    private bool _isMeasured;
    private SrtpSendStream? _stream;
    private SrtpSendStream? _retransmissions;
    private uint _packets;
    private uint _repeats;
    private uint _octets;

    public ReceiveSlot(MediaPeer receiver, NegotiatedMedia media, Random random)
    {
        _receiver = receiver;
        _rewriter = new RtpRewriter(random, isLayered: media.Kind == MediaKind.Video);
        _rtxSequence = (ushort)random.Next(1, 0x7fff);
        _midBytes = System.Text.Encoding.ASCII.GetBytes(media.Mid);
        _extensions = receiver.Forwarder.Canonical(media.Extensions);
        Mid = media.Mid;
        Kind = media.Kind;
        Ssrc = media.Slot.Ssrc;
        RtxSsrc = media.Slot.RtxSsrc;
        Renegotiate(media);
    }

    public string Mid { get; }

    public MediaKind Kind { get; }

    public uint Ssrc { get; }

    public uint RtxSsrc { get; }

    /// <summary>What is bound to this slot.</summary>
    public PublishedTrack? Source { get; private set; }

    /// <summary>The layer that shall be forwarded; null pauses.</summary>
    public PublishedLayer? Target { get; private set; }

    /// <summary>The layers that shall be forwarded of <see cref="Target"/>.</summary>
    public LayerAim Aim => _aim;

    /// <summary>The layer that is forwarded now.</summary>
    public PublishedLayer? Current => _current;

    /// <summary>Its timestamps mean another clock since the last sender report.</summary>
    public bool IsReportDue { get; set; }

    public MediaPeer Receiver => _receiver;

    /// <summary>The last packets of a sound, while its receiver's line loses some; else null.</summary>
    public ProtectedPackets? Kept { get; set; }

    /// <summary>What the receiver lost of it, before repair.</summary>
    public LossReport Loss;

    public long SentPackets => _packets;

    public SlotCounters Counters;

    /// <summary>Payload bytes sent, retransmissions left out.</summary>
    public uint SentOctets => _octets;

    /// <summary>Packets that were sent once more: by RTX or as they were, asked for or not.</summary>
    public long Retransmissions { get; set; }

    public void Renegotiate(NegotiatedMedia media)
    {
        _extensions = _receiver.Forwarder.Canonical(media.Extensions);
        _isMeasured = _extensions.Id(RtpExtensionKind.TransportWideCc) != 0;
        Array.Clear(_payloadTypes);
        Array.Clear(_rtxPayloadTypes);
        foreach (var codec in media.Codecs)
        {
            _payloadTypes[(int)codec.Codec] = codec.PayloadType;
            _rtxPayloadTypes[(int)codec.Codec] = codec.RtxPayloadType ?? 0;
        }
    }

    public bool Decodes(MediaCodec codec) => _payloadTypes[(int)codec] != 0;

    /// <summary>Binds a source (or none). The picture of the old one ends at once.</summary>
    public void Bind(PublishedTrack? source)
    {
        if (ReferenceEquals(Source, source)) return;
        ForgetWaiting(DropReason.PacingObsolete);
        Source?.Subscribers.Remove(this);
        Source = source;
        _current = null;
        Target = null;
        source?.Subscribers.Add(this);
    }

    /// <summary>Another layer than the present one was chosen, or other layers within it, and the stream has not allowed it yet.</summary>
    public bool IsWaiting => Target is not null && (!ReferenceEquals(Target, _current) || _selector.IsWaiting);

    /// <summary>Chooses the stream to forward from the next key frame on and the layers within it; null pauses at once.</summary>
    /// <param name="layer">One of the source's streams.</param>
    /// <param name="aim">The spatial and temporal layer to forward of it at most.</param>
    /// <param name="isRelief">The present stream is too much: until the key frame comes, its upper temporal layers are left out.</param>
    public void Select(PublishedLayer? layer, LayerAim aim, bool isRelief = false)
    {
        Target = layer;
        _aim = aim;
        if (ReferenceEquals(layer, _current)) _selector.Redirect(aim);
        else if (isRelief) _selector.Redirect(_selector.Aim with { Temporal = 0 });
        if (layer is null)
        {
            ForgetWaiting(DropReason.PacingObsolete);
            _current = null;
        }
        else if (!ReferenceEquals(layer, _current) && Kind == MediaKind.Video && _receiver.CanSend && CanUse(layer))
        {
            // Before the receiver is connected a key frame would be for nobody, and the throttle would delay the one it needs.
            layer.WantKeyFrame();
        }
    }

    /// <summary>The source stops for a while; what comes afterwards is joined on like another source.</summary>
    public void Interrupt()
    {
        // Without a target the layer is chosen anew, which asks for the key frame that a picture needs to begin again.
        ForgetWaiting(DropReason.PacingObsolete);
        _current = null;
        Target = null;
    }

    /// <summary>The receiver needs a key frame of what it sees, as we know.</summary>
    public void RequestKeyFrame()
    {
        if ((_current ?? Target) is { } layer && CanUse(layer)) layer.WantKeyFrame();
    }

    /// <summary>The receiver asks for a key frame; to join in what others wait for costs nothing.</summary>
    /// <param name="now">The present moment.</param>
    /// <param name="turn">When a request of the receiver counted last, for any of its slots.</param>
    public void OnKeyFrameRequest(Instant now, ref Instant? turn)
    {
        if ((_current ?? Target) is not { } layer || !CanUse(layer)) return;
        if (layer.KeyFrames.IsWanted || _keyFrames.TryTake(now, _receiver.Estimator.QueueDelay, ref turn)) layer.WantKeyFrame();
    }

    /// <summary>
    /// Asks for the memory that <see cref="Forward"/> touches (<see cref="CacheLines"/>), a step of pointers at each call; the first
    /// <see cref="HotBytes"/> of the object itself should be there already.
    /// </summary>
    /// <param name="step">From 0, below <see cref="PrefetchSteps"/>, with some work in between.</param>
    public void Prefetch(int step)
    {
        if (step == 0)
        {
            CacheLines.Fetch(_payloadTypes);
            CacheLines.Fetch(_rewriter);
            CacheLines.Fetch(_selector);
            CacheLines.Fetch(_stream);
            CacheLines.Fetch(_receiver, MediaPeer.HotBytes);
            return;
        }

        if (step == 1) _rewriter.Prefetch();
        _stream?.Prefetch(step - 1);
        _receiver.Prefetch(step - 1);
    }

    /// <summary>Sends a source's packet, if it belongs to what this receiver shall see.</summary>
    /// <param name="now">The present moment.</param>
    /// <param name="packet">Of the source that is bound.</param>
    /// <param name="mayWait">The receiver's line is to be asked; false for sound, and for what it is known to take.</param>
    public void Forward(Instant now, PendingPacket packet, bool mayWait)
    {
        var (layer, codec, sequence) = (packet.Layer, packet.Codec, packet.Sequence);
        if (!Decodes(codec)) return;
        if (!ReferenceEquals(layer, _current) || codec != _codec)
        {
            if (Kind == MediaKind.Video && (!ReferenceEquals(layer, Target) || !packet.Numbers.IsKeyFrameStart)) return;
            ForgetRemainder();
            _rewriter.Switch(now, layer, sequence, packet.Timestamp, AlignedTimestamp(layer, packet.Timestamp), packet.Numbers);
            _current = layer;
            _codec = codec;
            Counters.Switches++;
            IsReportDue = true;
            _receiver.RequestReports();
            _selector.Begin(_aim);
        }

        // A late one is sent empty: later packets have left room for it, and the receiver would wait for its number.
        var isEmpty = Kind == MediaKind.Video && (packet.PayloadLength == 0 || !Accepts(packet));
        if (isEmpty && _rewriter.Skip(sequence, packet.Numbers, _selector.ClosesPictures)) return;

        if (!_rewriter.TryMap(now, sequence, packet.Timestamp, packet.Numbers, out var rewritten)) return;
        if (mayWait && _isMeasured && _receiver.Pacing.MustWait(now, packet.PayloadLength)) Wait(now, packet, rewritten, isEmpty);
        else Send(now, packet, rewritten, isEmpty, IsMarked(packet), _selector.ActiveTargets);
    }

    /// <summary>
    /// Answers one NACKed number: by RTX (RFC 4588), or sound without RTX by the very packet that was sent. False when it is not to be had
    /// any more.
    /// </summary>
    public bool Retransmit(Instant now, ushort sequence) =>
        TryRetransmit(now, sequence, isProbe: false) || (Kind == MediaKind.Audio && _receiver.Repeater.TryAnswer(now, this, sequence));

    private bool TryRetransmit(Instant now, ushort sequence, bool isProbe)
    {
        if (RtxSsrc == 0 || !_rewriter.TryFindSource(sequence, out var segment, out var sourceSequence)) return false;
        var layer = segment.Layer;
        if (layer.Cache is null || !layer.Cache.TryFind(now, sourceSequence, MaximumRetransmissionAge + _receiver.Pacing.RecentWait(now), out var bytes)) return false;
        if (ReadAgain(layer, sourceSequence, bytes) is not { } original || _rtxPayloadTypes[(int)original.Codec] == 0) return false;
        if (!isProbe && !_receiver.Retransmissions.TryTake(now, Ssrc, sequence, bytes.Length, _receiver.Estimator.RepairRate, _receiver.Estimator.RoundTrip)) return false;
        Retransmissions++;
        if (Kind == MediaKind.Audio) _receiver.Repeater.OnAnswered(bytes.Length);
        return SendAgain(now, original, segment.Rewrite(sourceSequence, original.Timestamp, original.Numbers));
    }

    /// <summary>Sends one of the last packets once more, as a probe that also repairs.</summary>
    public bool Repeat(Instant now)
    {
        _repeated = (ushort)((_repeated + 1) & 7);
        var newest = Waiting.Count > 0 ? Waiting.SentUntil : _rewriter.NewestSequence;
        return TryRetransmit(now, (ushort)(newest - _repeated), isProbe: true);
    }

    /// <summary>Sender report of this slot on the common clock of its sender; false until the sender has reported.</summary>
    public bool TryGetSenderReport(Instant now, NtpClock clock, out SenderInfo report)
    {
        report = default;
        if (_current is not { Clock.IsKnown: true } layer || !layer.Track.Peer.SenderOffset.IsKnown || _packets == 0) return false;
        var ntp = clock.At(now);
        var senderNtp = layer.Track.Peer.SenderOffset.ToSender(ntp);
        var timestamp = layer.Clock.RtpAt(senderNtp, layer.ClockRate) + _rewriter.TimestampOffset;
        report = new(Ssrc, ntp, timestamp, _packets, _octets);
        return true;
    }

    /// <summary>Where the first packet of a new layer falls on the timeline of the last one, by the sender's own clock.</summary>
    private uint? AlignedTimestamp(PublishedLayer next, uint timestamp)
    {
        var last = _rewriter.Layer;
        if (last is null || ReferenceEquals(last, next) || !ReferenceEquals(last.Track, next.Track)) return null;
        if (!last.Clock.IsKnown || !next.Clock.IsKnown) return null;
        return last.Clock.RtpAt(next.Clock.NtpOf(timestamp, next.ClockRate), last.ClockRate) + _rewriter.TimestampOffset;
    }

    /// <summary>Of a codec that the receiver does not have a key frame is of no use: the next one it can use begins with its own.</summary>
    private bool CanUse(PublishedLayer layer) => !layer.HasPackets || Decodes(layer.Codec);

    private bool Accepts(PendingPacket packet)
    {
        var accepted = _selector.Accepts(packet.Numbers.Layers, packet.Layer.Dependencies);
        if (_selector.TakeKeyFrameNeed()) packet.Layer.WantKeyFrame();
        return accepted;
    }

    /// <summary>A packet of the source's cache, read once more; null for one that cannot be used.</summary>
    private PendingPacket? ReadAgain(PublishedLayer layer, long sequence, ReadOnlySpan<byte> bytes)
    {
        if (!RtpPacket.TryParse(bytes, out var packet, out _) || !layer.Track.TryGetCodec(packet.PayloadType, out var codec, out _)) return null;
        var numbers = default(CodecNumbers);
        if (Kind == MediaKind.Video && !packet.Payload.IsEmpty
            && !CodecNumbers.TryRead(codec.Codec, packet, layer.Track.Media.Extensions, layer.Dependencies, out numbers, isRepetition: true)) return null;
        var original = _receiver.Forwarder.Scratch;
        return original.TryLoad(layer, packet, codec.Codec, sequence, numbers) ? original : null;
    }

    private void Send(Instant now, PendingPacket packet, in RewrittenNumbers rewritten, bool isEmpty, bool isMarked, uint activeTargets)
    {
        if (!_receiver.CanSend || (_stream ??= _receiver.Transport.OpenStream(Ssrc)) is not { } stream) return;
        var header = packet.Header;
        if (_packets < PacketsWithMid) header.PrepareWithMid(_extensions, packet, _midBytes);
        else header.Prepare(_extensions, packet);

        var buffer = _receiver.Rent();
        var transportSequence = header.Fill(
            buffer, now, _payloadTypes[(int)packet.Codec], !isEmpty && isMarked, !isEmpty && packet.PaddingLength > 0,
            (ushort)rewritten.Sequence, Ssrc, rewritten, activeTargets);
        if (!isEmpty) RewritePayload(packet.Codec, packet.Payload, packet.Numbers, rewritten);
        var payload = isEmpty ? default : packet.PaddedPayload;
        ushort? number = null;
        if (transportSequence > 0)
        {
            number = _receiver.Estimator.OnSent(now, header.Length + payload.Length);
            BinaryPrimitives.WriteUInt16BigEndian(buffer[transportSequence..], number.Value);
        }

        if (Kept is { } kept)
        {
            var numbers = new KeptNumbers((ushort)rewritten.Sequence, number, _receiver.Repeater.CopiesOfNext(packet.Codec));
            if (!_receiver.CommitRtp(now, stream, buffer, header.Length, payload, kept, numbers)) return;
            _receiver.Repeater.OnSent(now, this, header.Length + payload.Length);
        }
        else if (!_receiver.CommitRtp(now, stream, buffer, header.Length, payload))
        {
            return;
        }

        _packets++;
        _octets += isEmpty ? 0 : (uint)packet.PayloadLength;
    }

    /// <summary>The same payload behind its original number on the retransmission stream (RFC 4588 §4); reports do not count it.</summary>
    private bool SendAgain(Instant now, PendingPacket packet, in RewrittenNumbers rewritten)
    {
        if (!_receiver.CanSend || (_retransmissions ??= _receiver.Transport.OpenStream(RtxSsrc)) is not { } stream) return false;
        var header = packet.Header;
        // This stream begins with its own first repetition, which may come long after the other: Firefox drops what it cannot place.
        if (_repeats++ < PacketsWithMid) header.PrepareWithMid(_extensions, packet, _midBytes);
        else header.Prepare(_extensions, packet);

        var buffer = _receiver.Rent();
        var transportSequence = header.Fill(
            buffer, now, _rtxPayloadTypes[(int)packet.Codec], IsMarked(packet), padded: false, _rtxSequence++, RtxSsrc, rewritten, _selector.ActiveTargets);
        RewritePayload(packet.Codec, packet.Payload, packet.Numbers, rewritten);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[header.Length..], (ushort)rewritten.Sequence);

        // One that was left out late was sent empty; repeated, it is empty still.
        var payload = _selector.WasLeftOut(packet.Numbers.Layers) ? default : packet.Payload;
        payload.CopyTo(buffer[(header.Length + 2)..]);
        var length = header.Length + 2 + payload.Length;
        if (transportSequence > 0) BinaryPrimitives.WriteUInt16BigEndian(buffer[transportSequence..], _receiver.Estimator.OnSent(now, length));
        return _receiver.CommitRtp(now, stream, buffer, header.Length, buffer[header.Length..length]);
    }

    private bool IsMarked(PendingPacket packet) => packet.Marker || _selector.EndsPicture(packet.Numbers.Layers);

    private static void RewritePayload(MediaCodec codec, Span<byte> payload, in CodecNumbers numbers, in RewrittenNumbers rewritten)
    {
        if (!numbers.HasPictureId && !numbers.HasTl0PicIdx) return;
        if (codec == MediaCodec.Vp8 && Vp8Descriptor.TryParse(payload, out var vp8))
        {
            vp8.Rewrite(payload, rewritten.PictureId, rewritten.Tl0PicIdx);
        }
        else if (codec == MediaCodec.Vp9 && Vp9Descriptor.TryParse(payload, out var vp9))
        {
            vp9.Rewrite(payload, rewritten.PictureId, rewritten.Tl0PicIdx);
        }
    }
}
