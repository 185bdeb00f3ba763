namespace Pendopo.Sfu.Speakers;

/// <summary>
/// How much a count of active parts speaks for speech (Volfin and Cohen, “Dominant speaker identification for multipoint
/// videoconferencing”, 2013, equation 9): the logarithm of the likelihood that <c>v</c> of <c>n</c> parts are active in speech
/// (binomial) over that in anything else (exponential). Ready-made for every count.
/// </summary>
internal sealed class SpeechScore
{
    /// <summary>Below this all is the same silence; keeps the ratio of two scores defined.</summary>
    private const double Least = 1e-10;

    private readonly double[] _byCount;

    /// <param name="parts">n: how many parts there are.</param>
    /// <param name="rate">λ: how seldom parts are active where nobody speaks.</param>
    public SpeechScore(int parts, double rate)
    {
        _byCount = new double[parts + 1];
        var combinations = 1.0;
        for (var active = 0; active <= parts; active++)
        {
            // In speech a part is active with p = 0.5, so its power is the same for every count.
            _byCount[active] = Math.Max(Least, Math.Log(combinations) + (parts * Math.Log(0.5)) - Math.Log(rate) + (rate * active));
            combinations = combinations * (parts - active) / (active + 1);
        }
    }

    /// <summary>The logarithm of one count's score over another's.</summary>
    public double Compare(int active, int other) => Math.Log(_byCount[active] / _byCount[other]);
}
