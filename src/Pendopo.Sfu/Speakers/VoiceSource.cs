using Pendopo.Rtc;

namespace Pendopo.Sfu.Speakers;

/// <summary>What <see cref="LoudestVoices"/> knows of one microphone. Owned by the worker.</summary>
internal sealed class VoiceSource
{
    /// <summary>
    /// A peak is forgotten by so many dB a second: less in the pause that a speaker is granted than what another one must be
    /// louder by, or the pause would cost the place.
    /// </summary>
    private const double DecayPerSecond = 6;

    private NoiseFloor _floor;
    private double _peak;
    private Instant _peakAt;

    /// <summary>True while its packets are forwarded.</summary>
    public bool IsForwarded { get; internal set; }

    public Instant ForwardedSince { get; internal set; }

    /// <summary>When it was last above its noise; <see cref="Instant.Zero"/> for never.</summary>
    public Instant LastVoiceAt { get; private set; }

    /// <summary>When a packet of it was last heard.</summary>
    public Instant LastHeardAt { get; private set; }

    /// <summary>Takes a level in; true if it is voice.</summary>
    public bool Hear(Instant now, int attenuation, double threshold)
    {
        LastHeardAt = now;
        var loudness = 127.0 - attenuation;
        if (loudness >= Loudness(now)) (_peak, _peakAt) = (loudness, now);
        if (_floor.Hear(attenuation) < threshold) return false;
        LastVoiceAt = now;
        return true;
    }

    /// <summary>The recent peak in dB above digital silence.</summary>
    public double Loudness(Instant now) => _peak - (DecayPerSecond * (now - _peakAt).TotalSeconds);
}
