using Pendopo.Rtc;

namespace Pendopo.Sfu.Speakers;

/// <summary>
/// Which microphones of a room are forwarded: all while there are at most <c>limit</c>, else those that speak. Whoever begins to
/// speak takes a place with that very packet, so that no first syllable is lost; whoever stops keeps the place until
/// somebody needs it, and for <c>hold</c> in any case, so that no word's end is cut and nothing flaps. A decision looks at
/// <c>limit</c> sources at most, and at none for the usual packet: that of a forwarded or of a silent microphone.
/// </summary>
/// <remarks>
/// Voice is what stands above the noise of its own microphone (<see cref="NoiseFloor"/>): five loud fans do not keep a soft
/// voice out. Where even all the holders speak, another one needs to be much louder, and they keep their places for a second:
/// of six people who speak at once nobody is understood anyway, and changing between them makes it worse.
/// </remarks>
internal sealed class LoudestVoices(int limit, TimeSpan hold)
{
    /// <summary>
    /// dB above the noise that count as voice. Soft speech is some 15 dB above a quiet room's noise, and steady noise varies by 3
    /// to 6. A false one costs only a place that nobody speaks on.
    /// </summary>
    private const double VoiceThreshold = 9;

    /// <summary>dB by which somebody must be louder than the softest of those who speak: twice as loud to the ear.</summary>
    private const double LouderBy = 10;

    /// <summary>
    /// A place that nothing was heard on for that long is free: DTX sends a packet every 400 ms, so the microphone is off.
    /// </summary>
    private static readonly TimeSpan SilentTime = TimeSpan.FromSeconds(2);

    /// <summary>How long a place is kept against a louder one.</summary>
    private static readonly TimeSpan ShortestTurn = TimeSpan.FromSeconds(1);

    private readonly VoiceSource?[] _forwarded = new VoiceSource?[limit];

    // Silent packets of microphones without a place would look in vain at every place, 50 times a second each.
    private bool _mayHaveRoom = true;

    /// <summary>Microphones that are forwarded at most.</summary>
    public int Limit => limit;

    /// <summary>Takes a packet's level in; true if the packet is to be forwarded.</summary>
    /// <param name="attenuation">In −dBov (RFC 6464): 0 the loudest, 127 silence.</param>
    public bool Hear(Instant now, VoiceSource source, int attenuation)
    {
        var isVoice = source.Hear(now, attenuation, VoiceThreshold);
        if (source.IsForwarded) return true;
        if (!TryFindPlace(now, source, isVoice, out var place)) return false;
        if (_forwarded[place] is { } former) former.IsForwarded = false;
        _forwarded[place] = source;
        source.IsForwarded = true;
        source.ForwardedSince = now;
        return true;
    }

    /// <summary>True while the source speaks or has just spoken.</summary>
    public bool IsSpeaking(Instant now, VoiceSource source) => source.LastVoiceAt > Instant.Zero && now - source.LastVoiceAt <= hold;

    /// <summary>Frees the place of a source that is gone.</summary>
    public void Remove(VoiceSource source)
    {
        if (!source.IsForwarded) return;
        source.IsForwarded = false;
        _forwarded[Array.IndexOf(_forwarded, source)] = null;
        _mayHaveRoom = true;
    }

    private bool TryFindPlace(Instant now, VoiceSource source, bool isVoice, out int place)
    {
        place = -1;
        if (!isVoice && !_mayHaveRoom) return false;
        var softest = double.MaxValue;
        for (var i = 0; i < _forwarded.Length; i++)
        {
            if (_forwarded[i] is not { } holder)
            {
                place = i;
                return true;
            }

            if (!isVoice) continue;

            // Those who do not speak come before those who do, however loud their noise is.
            var loudness = now - holder.LastHeardAt > SilentTime ? double.MinValue
                : IsSpeaking(now, holder) ? holder.Loudness(now)
                : holder.Loudness(now) - 1_000;
            if (loudness >= softest) continue;
            softest = loudness;
            place = i;
        }

        if (!isVoice)
        {
            _mayHaveRoom = false;
            return false;
        }

        var candidate = _forwarded[place]!;
        return !IsSpeaking(now, candidate) || now - candidate.LastHeardAt > SilentTime
            || (now - candidate.ForwardedSince >= ShortestTurn && source.Loudness(now) >= candidate.Loudness(now) + LouderBy);
    }
}
