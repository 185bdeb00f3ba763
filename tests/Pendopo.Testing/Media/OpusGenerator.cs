using Pendopo.Rtc;

namespace Pendopo.Testing.Media;

/// <summary>Opus of 20 ms packets with the audio level extension (RFC 6464). The payload is noise.</summary>
public sealed class OpusGenerator : RtpStreamGenerator
{
    public const int ClockRate = 48_000;
    public static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(20);

    private const int SilentFramesPerPacket = 20;

    private readonly RtpSource _source;
    private readonly Instant _start;
    private long _silentFrames;

    public OpusGenerator(Instant start, uint ssrc, StreamOptions options, int seed)
        : base(options, seed)
    {
        _source = new(ssrc, null, Random);
        _start = start;
        NextAt = start;
    }

    public uint Ssrc => _source.Ssrc;

    /// <summary>Speaking is about -25 dBov and has the voice flag set; silence is -127 dBov in short packets.</summary>
    public bool IsSpeaking { get; set; }

    /// <summary>Of silence only every twentieth frame is sent (RFC 6716 §2.1.9; libopus sends one every 400 ms).</summary>
    public bool DiscontinuousTransmission { get; set; }

    /// <summary>Bytes of a packet of speech on average: 85 are 34 kb/s.</summary>
    public int SpeechBytes { get; init; } = 85;

    private protected override void WriteFrame(PacketHandler send)
    {
        if (!IsSpeaking && DiscontinuousTransmission && _silentFrames++ % SilentFramesPerPacket != 0)
        {
            FramesSent++;
            NextAt = _start + FrameTime * FramesSent;
            return;
        }

        if (IsSpeaking) _silentFrames = 0;
        var timestamp = _source.TimestampOffset + (uint)(FramesSent * (ClockRate / 50));
        var level = IsSpeaking ? (byte)(0x80 | (20 + Random.Next(10))) : (byte)127;

        // The marker starts a talkspurt (RFC 7587 §4.1); here that is the first packet.
        var payload = BeginPacket(_source, FramesSent == 0, timestamp, level);
        var length = IsSpeaking ? SpeechBytes - 15 + Random.Next(30) : 10;
        Random.NextBytes(payload[..length]);
        EndPacket(length, send);
        FramesSent++;
        NextAt = _start + FrameTime * FramesSent;
    }
}
