using System.Buffers.Binary;
using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// The RTP header of one packet for receivers that negotiated the same extension ids: written once, then copied and given each
/// receiver's own numbers. Owned by its packet.
/// </summary>
internal sealed class HeaderTemplate
{
    /// <summary>
    /// Extensions that are passed on take less: level 1, orientation 1, playout delay 3, content type 1, colour 16, descriptor 255
    /// at most.
    /// </summary>
    private const int Capacity = 384;

    private readonly byte[] _bytes = new byte[Capacity];
    private RtpExtensionMap? _extensions;
    private int _transportSequence;
    private int _sendTime;
    private int _descriptor;
    private DependencyDescriptor _masked;

    public int Length { get; private set; }

    public void Clear() => _extensions = null;

    /// <summary>Makes the template what a receiver with these ids needs. Receivers of one browser's making share it.</summary>
    public void Prepare(RtpExtensionMap extensions, PendingPacket packet)
    {
        if (_extensions is not null && (ReferenceEquals(_extensions, extensions) || _extensions.HasSameIds(extensions))) return;
        _extensions = extensions;
        Write(_bytes, extensions, packet, mid: default);
    }

    /// <summary>Writes the header with a MID, which only the first packets of a stream carry; the template is this header from now on.</summary>
    public void PrepareWithMid(RtpExtensionMap extensions, PendingPacket packet, ReadOnlySpan<byte> mid)
    {
        _extensions = null;
        Write(_bytes, extensions, packet, mid);
    }

    /// <summary>
    /// Copies the header and fills in one receiver's numbers and the decode targets that it gets (<paramref name="activeTargets"/>).
    /// Returns where its transport-wide number belongs, 0 for nowhere.
    /// </summary>
    public int Fill(Span<byte> destination, Instant now, byte payloadType, bool marker, bool padded, ushort sequence, uint ssrc, in RewrittenNumbers numbers, uint activeTargets)
    {
        _bytes.AsSpan(0, Length).CopyTo(destination);
        if (padded) destination[0] |= 0x20;
        destination[1] = (byte)((marker ? 0x80 : 0) | payloadType);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], numbers.Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], ssrc);
        if (_descriptor != 0)
        {
            DependencyDescriptorReader.RewriteFrameNumber(destination[_descriptor..Length], numbers.FrameNumber);
            if (_masked.TargetCount > 0) DependencyDescriptorWriter.WriteMask(destination[_descriptor..Length], _masked, activeTargets);
        }

        if (_sendTime != 0) AbsoluteSendTime.Write(destination[_sendTime..], now);
        return _transportSequence;
    }

    private void Write(Span<byte> bytes, RtpExtensionMap extensions, PendingPacket packet, ReadOnlySpan<byte> mid)
    {
        _transportSequence = _sendTime = _descriptor = 0;
        if (!RtpPacket.TryParse(packet.SourceHeader, out var original, out _)) throw new InvalidOperationException("A header that was read before cannot be read.");
        var source = packet.Layer.Track.Media.Extensions;
        var descriptorId = packet.Codec == MediaCodec.Av1 ? extensions.Id(RtpExtensionKind.DependencyDescriptor) : (byte)0;
        ReadOnlySpan<byte> descriptor = default;
        if (descriptorId != 0) original.TryGetExtension(source.Id(RtpExtensionKind.DependencyDescriptor), out descriptor);

        // Of a stream with several decode targets each receiver may get others, so there is room for its mask.
        var layers = packet.Numbers.Layers.Descriptor;
        _masked = descriptor.Length > 0 && layers.TargetCount > 1 ? layers : default;
        uint? mask = _masked.TargetCount > 0 ? uint.MaxValue : null;
        var descriptorLength = DependencyDescriptorWriter.Length(descriptor, _masked, mask);
        var writer = new RtpHeaderWriter(bytes, 0, false, 0, 0, 0, twoByte: descriptorLength > 16);
        if (!mid.IsEmpty) writer.TryAdd(extensions.Id(RtpExtensionKind.Mid), mid);
        if (descriptor.Length > 0 && writer.TryReserve(descriptorId, descriptorLength, out var copy))
        {
            DependencyDescriptorWriter.Write(descriptor, _masked, 0, mask, copy);
            _descriptor = OffsetIn(bytes, copy);
        }

        CopyExtensions(original, source, extensions, ref writer);
        var transportId = extensions.Id(RtpExtensionKind.TransportWideCc);
        if (transportId != 0 && writer.TryReserve(transportId, 2, out var transportSequence)) _transportSequence = OffsetIn(bytes, transportSequence);
        var sendTimeId = extensions.Id(RtpExtensionKind.AbsoluteSendTime);
        if (sendTimeId != 0 && transportId == 0 && writer.TryReserve(sendTimeId, 3, out var sendTime)) _sendTime = OffsetIn(bytes, sendTime);
        Length = writer.Complete();
    }

    private static int OffsetIn(Span<byte> bytes, Span<byte> part)
    {
        bytes.Overlaps(part, out var offset);
        return offset;
    }

    private static void CopyExtensions(in RtpPacket packet, RtpExtensionMap source, RtpExtensionMap target, ref RtpHeaderWriter writer)
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
                    writer.TryAdd(target.Id(kind), extensions.Value);
                    break;
                default:
                    break;
            }
        }
    }
}
