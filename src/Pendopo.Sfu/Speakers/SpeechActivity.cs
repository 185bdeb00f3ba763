using System.Numerics;
using Pendopo.Rtc;

namespace Pendopo.Sfu.Speakers;

/// <summary>
/// One person's sound on three time scales (Volfin and Cohen 2013 §II): now, the last 100 ms and the last second. A packet is one step of
/// 20 ms whenever it arrives; where none comes for longer than jitter explains (DTX), steps of silence take their place.
/// </summary>
internal sealed class SpeechActivity
{
    /// <summary>Bands of loudness above the noise, 3 dB each: what sub-bands of the spectrum are to the paper.</summary>
    private const int Bands = 13;

    private const double BandWidth = 3;

    /// <summary>Bands that make a step active: 12 dB above the noise.</summary>
    private const int ActiveBands = 4;

    private const int StepsPerBlock = 5;
    private const int Blocks = 10;

    /// <summary>
    /// Active steps that make a block of 100 ms active: a syllable fills it, clicks of up to 60 ms do not.
    /// </summary>
    private const int ActiveSteps = 4;

    /// <summary>In the paper's words c1, c2, c3: by how much the logarithms of the scores must differ on each scale.</summary>
    private const double ImmediateMargin = 3, MediumMargin = 2, LongMargin = 0;

    private const ulong AllSteps = (1UL << (StepsPerBlock * Blocks)) - 1;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>Silence begins where a packet is later than that: jitter of five packets is not.</summary>
    private static readonly TimeSpan Jitter = TimeSpan.FromMilliseconds(100);

    private static readonly SpeechScore Immediates = new(Bands, 0.78);
    private static readonly SpeechScore Mediums = new(StepsPerBlock, 24);
    private static readonly SpeechScore Longs = new(Blocks, 47);

    private NoiseFloor _floor;
    private ulong _steps;
    private int _bands;
    private Instant _heardUntil;

    /// <summary>The newest 100 ms are voice.</summary>
    public bool IsActive => Medium >= ActiveSteps;

    /// <summary>Blocks of 100 ms that were voice, of the last ten.</summary>
    public int Long { get; private set; }

    private int Medium => BitOperations.PopCount(_steps & ((1UL << StepsPerBlock) - 1));

    /// <param name="attenuation">In −dBov (RFC 6464): 0 the loudest, 127 silence.</param>
    public void Hear(Instant now, int attenuation)
    {
        FillSilence(now);
        _bands = Math.Min(Bands, (int)(_floor.Hear(attenuation) / BandWidth));
        Push(_bands >= ActiveBands ? 1UL : 0);
        _heardUntil = now;
    }

    /// <summary>Takes note that nothing was heard up to now.</summary>
    public void FillSilence(Instant now)
    {
        if (now - _heardUntil <= Jitter) return;
        _bands = 0;
        for (var i = 0; i < StepsPerBlock * Blocks && now - _heardUntil > Step; i++)
        {
            Push(0);
            _heardUntil += Step;
        }

        // All history is silence by now, whatever is left of the gap.
        if (now - _heardUntil > Jitter) _heardUntil = now - Jitter;
    }

    /// <summary>True if this person speaks and the other one does not, on all three scales.</summary>
    public bool Dominates(SpeechActivity other) =>
        Immediates.Compare(_bands, other._bands) > ImmediateMargin
        && Mediums.Compare(Medium, other.Medium) > MediumMargin
        && Longs.Compare(Long, other.Long) > LongMargin;

    /// <summary>Forgets what was said; the noise is still known.</summary>
    public void Reset() => (_steps, _bands, Long) = (0, 0, 0);

    private void Push(ulong active)
    {
        _steps = ((_steps << 1) | active) & AllSteps;
        var blocks = 0;
        for (var rest = _steps; rest != 0; rest >>= StepsPerBlock)
        {
            if (BitOperations.PopCount(rest & ((1UL << StepsPerBlock) - 1)) >= ActiveSteps) blocks++;
        }

        Long = blocks;
    }
}
