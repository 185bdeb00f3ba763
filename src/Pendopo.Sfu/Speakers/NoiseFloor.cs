namespace Pendopo.Sfu.Speakers;

/// <summary>
/// How far a sound stands above the steady noise of its own microphone. The floor falls at once to whatever is quieter and rises
/// slowly: speech has a quiet packet several times a second, a fan has none. One packet is taken as 20 ms; a pause in sending
/// (DTX) says nothing and moves nothing.
/// </summary>
internal struct NoiseFloor
{
    /// <summary>
    /// In dB above digital silence, so -65 dBov: quieter is no room but a noise suppressor or a muted device, and taking its silence for the
    /// floor would make every rustle a voice.
    /// </summary>
    private const double Lowest = 127 - 65;

    /// <summary>-42 dBov: what is steady and louder than this by a voice's margin is not the background of a meeting but music, or a held note.</summary>
    private const double Highest = 127 - 42;

    /// <summary>
    /// While nothing is known, -50 dBov: whoever begins to speak with the first packet is heard at once, and a usual fan is not.
    /// </summary>
    private const double Initial = 127 - 50;

    /// <summary>4 dB/s: noise that begins is taken for voice for two or three seconds, a held note stays voice for ten.</summary>
    private const double RisePerPacket = 4.0 / 50;

    private double _floor;
    private bool _isKnown;

    /// <summary>Takes one packet's level; returns the dB by which it is above the floor, 0 at least.</summary>
    /// <param name="attenuation">In -dBov (RFC 6464): 0 the loudest, 127 silence.</param>
    public double Hear(int attenuation)
    {
        var loudness = 127.0 - attenuation;
        _floor = Math.Clamp(loudness, Lowest, _isKnown ? Math.Min(Highest, _floor + RisePerPacket) : Initial);
        _isKnown = true;
        return Math.Max(0, loudness - _floor);
    }
}
