using Pendopo.Rtc;
using Pendopo.Sfu.Speakers;
using Xunit;

namespace Pendopo.Sfu.Tests.Speakers;

/// <summary>Levels as microphones give them, in -dBov, one packet of 20 ms at a time; all chance is seeded.</summary>
public sealed class SpeakerDetectorTests
{
    private const int Noise = 60;

    private readonly SpeakerDetector _detector = new();
    private readonly Random _random = new(7);
    private Instant _now = Instant.FromMilliseconds(1000);

    [Fact]
    public void Four_hundred_milliseconds_of_voice_make_a_speaker()
    {
        Run(Steps(300), ("a", Talk(25)));
        Assert.Empty(_detector.Speakers);
        Run(Steps(200), ("a", Talk(25)));
        Assert.Equal(["a"], _detector.Speakers);
        Assert.True(_detector.TakeChange());
        Assert.False(_detector.TakeChange());
    }

    [Theory]
    [InlineData(45)]
    [InlineData(52)]
    [InlineData(60)]
    public void Steady_noise_is_no_speaker(int level)
    {
        Run(Steps(30_000), ("fan", _ => level + _random.Next(-2, 3)));
        Assert.Empty(_detector.Speakers);
        Assert.False(_detector.TakeChange());
    }

    [Fact]
    public void Keys_are_no_speaker()
    {
        // A key is one to three loud packets; ten keys a second are a fast typist.
        Run(Steps(20_000), ("keys", step => step % 5 < 1 + (step / 5 % 3) ? 25 + _random.Next(10) : Noise));
        Assert.Empty(_detector.Speakers);
    }

    [Fact]
    public void A_cough_is_no_speaker()
    {
        for (var i = 0; i < 20; i++)
        {
            Run(12, ("cough", _ => 15 + _random.Next(5)));
            Run(Steps(1_000) + i, ("cough", _ => Noise));
        }

        Assert.Empty(_detector.Speakers);
        Assert.False(_detector.TakeChange());
    }

    [Fact]
    public void Pauses_between_words_are_held_and_a_long_one_ends_it()
    {
        Run(Steps(1_000), ("a", Talk(25)));
        _detector.TakeChange();
        Run(Steps(1_300), ("a", _ => Noise));
        Assert.Equal(["a"], _detector.Speakers);
        Assert.False(_detector.TakeChange());
        Run(Steps(300), ("a", _ => Noise));
        Assert.Empty(_detector.Speakers);
        Assert.True(_detector.TakeChange());
    }

    [Fact]
    public void Gaps_of_DTX_are_silence_and_neither_speech_nor_its_end()
    {
        Run(Steps(1_000), ("a", Talk(25)));
        Assert.Equal(["a"], _detector.Speakers);
        _detector.TakeChange();

        // A packet of comfort noise every 400 ms, as Opus sends it.
        for (var gap = 0; gap < 3; gap++)
        {
            Wait(400);
            Run(1, ("a", _ => 70));
        }

        Assert.Equal(["a"], _detector.Speakers);
        Run(Steps(200), ("a", Talk(25)));
        Assert.Equal(["a"], _detector.Speakers);
        Assert.False(_detector.TakeChange());
        Wait(1_600);
        Assert.Empty(_detector.Speakers);

        // Comfort noise alone never makes one, and what was said before a gap does not count after it.
        for (var gap = 0; gap < 50; gap++)
        {
            Wait(400);
            Run(1, ("a", _ => 40));
        }

        Run(Steps(300), ("a", Talk(25)));
        Assert.Empty(_detector.Speakers);
    }

    [Fact]
    public void A_soft_speaker_is_found_beside_a_loud_background()
    {
        Run(Steps(10_000), ("fan", _ => 34 + _random.Next(3)), ("soft", _ => 68));
        _detector.TakeChange();
        Run(Steps(2_000), ("fan", _ => 34 + _random.Next(3)), ("soft", Talk(44)));
        Assert.Equal(["soft"], _detector.Speakers);
    }

    [Fact]
    public void Two_who_alternate_take_turns_at_the_first_place_within_a_second()
    {
        Run(Steps(3_000), ("a", Talk(25)), ("b", _ => Noise));
        for (var turn = 0; turn < 6; turn++)
        {
            var (speaking, silent) = turn % 2 == 0 ? ("b", "a") : ("a", "b");
            Run(Steps(1_000), (speaking, Talk(25)), (silent, _ => Noise));
            Assert.Equal(speaking, _detector.Speakers[0]);
            Run(Steps(2_000), (speaking, Talk(25)), (silent, _ => Noise));
            Assert.Equal([speaking], _detector.Speakers);
        }
    }

    [Fact]
    public void Who_interjects_does_not_take_the_first_place_from_somebody_who_speaks_on()
    {
        Run(Steps(3_000), ("a", Talk(28)), ("b", _ => Noise));
        _detector.TakeChange();
        var changes = 0;
        for (var i = 0; i < 10; i++)
        {
            // Louder, but only now and then.
            Run(Steps(300), ("a", Talk(28)), ("b", Talk(18)));
            Run(Steps(1_700), ("a", Talk(28)), ("b", _ => Noise));
            Assert.Equal("a", _detector.Speakers[0]);
            if (_detector.TakeChange()) changes++;
        }

        Assert.Equal(0, changes);
    }

    [Fact]
    public void Two_at_once_are_both_speakers_and_do_not_flap()
    {
        Run(Steps(2_000), ("a", Talk(25)), ("b", Talk(25)));
        Assert.Equal(2, _detector.Speakers.Count);
        _detector.TakeChange();
        var changes = 0;
        for (var i = 0; i < 200; i++)
        {
            Run(Steps(100), ("a", Talk(25)), ("b", Talk(25)));
            if (_detector.TakeChange()) changes++;
        }

        // In 20 s: now and then one pauses while the other goes on.
        Assert.InRange(changes, 0, 10);
    }

    [Fact]
    public void Who_leaves_is_gone()
    {
        Run(Steps(1_000), ("a", Talk(25)), ("b", Talk(25)));
        _detector.TakeChange();
        _detector.Remove("b");
        Assert.Equal(["a"], _detector.Speakers);
        Assert.True(_detector.TakeChange());
        _detector.Remove("nobody");
        Assert.False(_detector.TakeChange());
    }

    private static int Steps(int milliseconds) => milliseconds / 20;

    /// <summary>Syllables of 160 ms around a level, then 40 ms softer by 25 dB: about five a second.</summary>
    private Func<int, int> Talk(int level) => step => step % 10 < 8 ? level + _random.Next(-4, 5) : Math.Min(126, level + 25);

    private void Run(int steps, params (string Peer, Func<int, int> Level)[] people)
    {
        for (var step = 0; step < steps; step++)
        {
            foreach (var (peer, level) in people) _detector.OnLevel(_now, peer, level(step));
            _now += TimeSpan.FromMilliseconds(20);
            _detector.Advance(_now);
        }
    }

    private void Wait(int milliseconds)
    {
        for (var i = 0; i < milliseconds; i += 10)
        {
            _now += TimeSpan.FromMilliseconds(10);
            _detector.Advance(_now);
        }
    }
}
