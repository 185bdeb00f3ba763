using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// Redundant audio (RED, RFC 2198) in one room: tells each microphone when to use it. Under end-to-end encryption nobody but a receiver can
/// take RED apart, so a source uses it only while everybody has it; where somebody without it joins, it is told to leave at once, while the
/// joiner still connects. A room on several workers does without: loss and abilities of the others' receivers are not known here.
/// </summary>
internal sealed class RoomRedundancy(string room, Action<MediaEvent> publish)
{
    /// <summary>What more bits would make worse is no reason for more bits: these receivers lack room.</summary>
    private static readonly DataRate Narrow = DataRate.FromKilobits(300);

    private readonly byte[] _stripped = new byte[PublishedLayer.MaximumPacket];

    /// <summary>
    /// True in an open broadcast: the only kind of meeting that has no end-to-end encryption, and in which the primary block can be sent
    /// without the others.
    /// </summary>
    public bool IsOpen { get; set; }

    /// <summary>Everybody who can receive here has RED.</summary>
    public bool IsDecodedByAll { get; private set; }

    public void Advance(Instant now, IReadOnlyList<MediaPeer> peers, bool isWhole)
    {
        IsDecodedByAll = isWhole && AllDecode(peers);
        for (var i = 0; i < peers.Count; i++)
        {
            var peer = peers[i];
            if (peer.Incoming.Find(SourceKind.Microphone) is not { } track) continue;
            if (peer.Redundancy.Update(now, WorstLoss(now, peer, track), IsDecodedByAll && Sends(track, MediaCodec.Red)))
            {
                publish(new MediaEvent.RedundancyChanged(room, peer.Id, peer.Redundancy.IsWanted));
            }
        }
    }

    /// <summary>
    /// For receivers without RED, until the source has left it: the packet with its primary block alone. False where it may not be touched,
    /// or is not what RED looks like.
    /// </summary>
    public bool TryStrip(PublishedTrack track, in RtpPacket packet, out ReadOnlySpan<byte> stripped)
    {
        stripped = default;
        if (!IsOpen || IsDecodedByAll || !RedPayload.TryParse(packet.Payload, out var red)) return false;
        if (!track.TryGetCodec(red.PrimaryPayloadType, out var codec, out _) || codec.Codec != MediaCodec.Opus) return false;
        var length = packet.HeaderLength + red.Primary.Length;
        if (length > _stripped.Length) return false;
        packet.Bytes[..packet.HeaderLength].CopyTo(_stripped);
        red.Primary.CopyTo(_stripped.AsSpan(packet.HeaderLength));
        _stripped[0] &= 0xdf; // padding stays behind
        _stripped[1] = (byte)((packet.Marker ? 0x80 : 0) | red.PrimaryPayloadType);
        stripped = _stripped.AsSpan(0, length);
        return true;
    }

    private static bool AllDecode(IReadOnlyList<MediaPeer> peers)
    {
        for (var i = 0; i < peers.Count; i++)
        {
            foreach (var seat in peers[i].Seats)
            {
                if (seat.Audio is { } audio && !audio.Decodes(MediaCodec.Red)) return false;
            }

            foreach (var voice in peers[i].Voices)
            {
                if (!voice.Decodes(MediaCodec.Red)) return false;
            }
        }

        return true;
    }

    private static bool Sends(PublishedTrack track, MediaCodec wanted)
    {
        for (var i = 0; i < track.Media.Codecs.Count; i++)
        {
            if (track.Media.Codecs[i].Codec == wanted) return true;
        }

        return false;
    }

    private static double WorstLoss(Instant now, MediaPeer peer, PublishedTrack track)
    {
        var worst = peer.MicrophoneLoss.At(now);
        foreach (var slot in track.Subscribers)
        {
            if (slot.Receiver.Estimator.Estimate < Narrow) continue;

            // Reports do not tell of what was repaired, and until RED comes other things repair it.
            worst = Math.Max(worst, Math.Max(slot.Loss.At(now), slot.Receiver.Estimator.PathLoss(now) ?? 0));
        }

        return worst;
    }
}
