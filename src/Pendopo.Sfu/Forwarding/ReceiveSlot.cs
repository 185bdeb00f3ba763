using System.Buffers.Binary;
using Pendopo.Rtc;
using Pendopo.Rtc.Rtcp;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Sdp;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// One m-line on which a peer receives: a fixed SSRC behind which sources and layers change. Switches happen at key frames;
/// everything the receiver sees stays continuous. Owned by the worker.
/// </summary>
internal sealed class ReceiveSlot
{
    /// <summary>
    /// MID is repeated on the first packets until the receiver surely has it; the SSRC in the answer says the same, so this is a
    /// second rope for receivers that do not read it.
    /// </summary>
    private const int PacketsWithMid = 50;

    private static readonly TimeSpan MaximumRetransmissionAge = TimeSpan.FromSeconds(1);

    private readonly MediaPeer _receiver;
    private readonly RtpRewriter _rewriter;
    private readonly byte[] _midBytes;
    private readonly byte[] _payloadTypes = new byte[Enum.GetValues<MediaCodec>().Length];
    private readonly byte[] _rtxPayloadTypes = new byte[Enum.GetValues<MediaCodec>().Length];
    private RtpExtensionMap _extensions;
    private PublishedLayer? _current;
    private MediaCodec _codec;
    private ushort _rtxSequence;
    private ushort _repeated;
    private uint _packets;
    private uint _octets;

    public ReceiveSlot(MediaPeer receiver, NegotiatedMedia media, Random random)
    {
        _receiver = receiver;
        _rewriter = new RtpRewriter(random);
        _rtxSequence = (ushort)random.Next(1, 0x7fff);
        _midBytes = System.Text.Encoding.ASCII.GetBytes(media.Mid);
        _extensions = media.Extensions;
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

    /// <summary>The layer that is forwarded now.</summary>
    public PublishedLayer? Current => _current;

    public long SentPackets => _packets;

    public long Retransmissions { get; private set; }

    public void Renegotiate(NegotiatedMedia media)
    {
        _extensions = media.Extensions;
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
        Source?.Subscribers.Remove(this);
        Source = source;
        _current = null;
        Target = null;
        source?.Subscribers.Add(this);
    }

    /// <summary>Chooses the layer to forward from the next key frame on; null pauses at once.</summary>
    public void Select(PublishedLayer? layer)
    {
        Target = layer;
        if (layer is null)
        {
            _current = null;
        }
        else if (!ReferenceEquals(layer, _current) && Kind == MediaKind.Video && _receiver.CanSend)
        {
            // Before the receiver is connected a key frame would be for nobody, and the throttle would delay the one it needs.
            layer.KeyFrames.Want();
        }
    }

    /// <summary>The source stops for a while; what comes afterwards is joined on like another source.</summary>
    public void Interrupt()
    {
        // Without a target the layer is chosen anew, which asks for the key frame that a picture needs to begin again.
        _current = null;
        Target = null;
    }

    /// <summary>The receiver asks for a key frame of what it sees.</summary>
    public void RequestKeyFrame()
    {
        (_current ?? Target)?.KeyFrames.Want();
    }

    public void Forward(Instant now, PublishedLayer layer, in RtpPacket packet, MediaCodec codec, long sequence, in CodecNumbers numbers)
    {
        if (!Decodes(codec)) return;
        if (!ReferenceEquals(layer, _current) || codec != _codec)
        {
            if (Kind == MediaKind.Video && (!ReferenceEquals(layer, Target) || !numbers.IsKeyFrameStart)) return;
            _rewriter.Switch(now, layer, sequence, packet.Timestamp, AlignedTimestamp(layer, packet.Timestamp), numbers);
            _current = layer;
            _codec = codec;
        }

        // A late one is sent empty: later packets have left room for it, and the receiver would wait for its number.
        if (packet.Payload.IsEmpty && Kind == MediaKind.Video && _rewriter.Skip(sequence)) return;

        if (_rewriter.TryMap(now, sequence, packet.Timestamp, numbers, out var rewritten))
        {
            Send(now, packet, layer.Track.Media.Extensions, codec, numbers, rewritten, retransmission: false);
        }
    }

    /// <summary>
    /// Answers one NACKed number by RTX (RFC 4588); without RTX nothing may be sent twice under one SRTP index. False when the
    /// packet is not to be had any more.
    /// </summary>
    public bool Retransmit(Instant now, ushort sequence, bool isProbe = false)
    {
        if (RtxSsrc == 0 || !_rewriter.TryFindSource(sequence, out var segment, out var sourceSequence)) return false;
        var layer = segment.Layer;
        if (layer.Cache is null || !layer.Cache.TryFind(now, sourceSequence, MaximumRetransmissionAge, out var bytes)) return false;
        if (!RtpPacket.TryParse(bytes, out var packet, out _)) return false;
        if (!layer.Track.TryGetCodec(packet.PayloadType, out var codec, out _) || _rtxPayloadTypes[(int)codec.Codec] == 0) return false;
        var numbers = default(CodecNumbers);
        if (Kind == MediaKind.Video && !packet.Payload.IsEmpty
            && !CodecNumbers.TryRead(codec.Codec, packet, layer.Track.Media.Extensions, layer.Dependencies, out numbers)) return false;
        if (!isProbe && !_receiver.Retransmissions.TryTake(now, Ssrc, sequence, bytes.Length, _receiver.Estimator.Estimate, _receiver.Estimator.RoundTrip)) return false;
        Retransmissions++;
        return Send(now, packet, layer.Track.Media.Extensions, codec.Codec, numbers, segment.Rewrite(sourceSequence, packet.Timestamp, numbers), retransmission: true);
    }

    /// <summary>Sends one of the last packets once more, as a probe that also repairs.</summary>
    public bool Repeat(Instant now)
    {
        _repeated = (ushort)((_repeated + 1) & 7);
        return Retransmit(now, (ushort)(_rewriter.NewestSequence - _repeated), isProbe: true);
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

    private bool Send(
        Instant now, in RtpPacket packet, RtpExtensionMap source, MediaCodec codec, in CodecNumbers numbers, in RewrittenNumbers rewritten, bool retransmission)
    {
        if (!_receiver.CanSend) return false;
        var buffer = _receiver.Rent();
        var payloadType = retransmission ? _rtxPayloadTypes[(int)codec] : _payloadTypes[(int)codec];
        var sequence = retransmission ? _rtxSequence++ : (ushort)rewritten.Sequence;
        var descriptorId = codec == MediaCodec.Av1 ? _extensions.Id(RtpExtensionKind.DependencyDescriptor) : (byte)0;
        ReadOnlySpan<byte> descriptor = default;
        if (descriptorId != 0) packet.TryGetExtension(source.Id(RtpExtensionKind.DependencyDescriptor), out descriptor);

        var writer = new RtpHeaderWriter(
            buffer, payloadType, packet.Marker, sequence, rewritten.Timestamp, retransmission ? RtxSsrc : Ssrc, twoByte: descriptor.Length > 16);
        if (_packets < PacketsWithMid) writer.TryAdd(_extensions.Id(RtpExtensionKind.Mid), _midBytes);
        if (descriptor.Length > 0 && writer.TryReserve(descriptorId, descriptor.Length, out var copy))
        {
            descriptor.CopyTo(copy);
            DependencyDescriptorReader.RewriteFrameNumber(copy, rewritten.FrameNumber);
        }

        CopyExtensions(packet, source, ref writer);
        Span<byte> transportSequence = default;
        var transportId = _extensions.Id(RtpExtensionKind.TransportWideCc);
        if (transportId != 0) writer.TryReserve(transportId, 2, out transportSequence);
        var sendTimeId = _extensions.Id(RtpExtensionKind.AbsoluteSendTime);
        if (sendTimeId != 0 && transportId == 0 && writer.TryReserve(sendTimeId, 3, out var sendTime)) AbsoluteSendTime.Write(sendTime, now);

        var length = writer.Complete();
        var payload = packet.Payload;
        if (retransmission)
        {
            BinaryPrimitives.WriteUInt16BigEndian(buffer[length..], (ushort)rewritten.Sequence);
            length += 2;
        }

        var body = buffer.Slice(length, payload.Length);
        payload.CopyTo(body);
        RewritePayload(codec, body, numbers, rewritten);
        length += payload.Length;
        if (transportSequence.Length == 2)
        {
            BinaryPrimitives.WriteUInt16BigEndian(transportSequence, _receiver.Estimator.OnSent(now, length));
        }

        if (!_receiver.CommitRtp(buffer, length)) return false;
        if (retransmission) return true; // RTX has a stream of its own; reports tell of this one
        _packets++;
        _octets += (uint)payload.Length;
        return true;
    }

    private void CopyExtensions(in RtpPacket packet, RtpExtensionMap source, ref RtpHeaderWriter writer)
    {
        var extensions = packet.Extensions;
        while (extensions.MoveNext())
        {
            var kind = source.Kind(extensions.Id);
            switch (kind)
            {
                case RtpExtensionKind.AudioLevel:
                case RtpExtensionKind.VideoOrientation:
                case RtpExtensionKind.PlayoutDelay:
                case RtpExtensionKind.VideoContentType:
                case RtpExtensionKind.ColorSpace when extensions.Value.Length <= 16:
                    writer.TryAdd(_extensions.Id(kind), extensions.Value);
                    break;
                default:
                    break;
            }
        }
    }

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
