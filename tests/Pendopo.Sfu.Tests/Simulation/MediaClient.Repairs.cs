using System.Buffers.Binary;
using Pendopo.Rtc;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>How the client answers NACKs.</summary>
internal sealed partial class MediaClient
{
    private const int KeptSounds = 64;

    private readonly (ushort Sequence, byte[] Packet)[] _sounds = new (ushort, byte[])[KeptSounds];

    /// <summary>Sounds that were sent again under their old number.</summary>
    public int RepeatedSounds { get; private set; }

    private void KeepSound(ReadOnlySpan<byte> packet)
    {
        var sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        _sounds[sequence % KeptSounds] = (sequence, packet.ToArray());
    }

    private void Retransmit(Instant now, OutgoingStream stream, ushort sequence)
    {
        var isAudio = stream.Ssrc == AudioSsrc;
        if (isAudio && Options is { AudioNack: true, AudioRtx: false })
        {
            if (_sounds[sequence % KeptSounds] is not { Packet: { } packet } kept || kept.Sequence != sequence) return;
            RepeatedSounds++;
            _send(_transport!.SelectedPath, packet);
            return;
        }

        Func<ushort>? counter = Options.TransportWideCc ? NextTransportSequence : null;
        if (stream.TryRetransmit(now, sequence, isAudio ? ClientOffer.OpusRtx : null, isAudio ? "mic" : "cam", counter, _buffer, out var length)) SendProtected(length);
    }
}
