using Pendopo.Rtc;
using Pendopo.Sfu.Speakers;
using Xunit;

namespace Pendopo.Sfu.Tests.Speakers;

public sealed class SpeakerDetectorTests
{
    private const int Voice = 25;
    private const int Noise = 60;

    private readonly SpeakerDetector _detector = new();
    private Instant _now = Instant.FromMilliseconds(1000);

    private void Hear(string peer, int level, int packets)
    {
        for (var i = 0; i < packets; i++)
        {
            _detector.OnLevel(_now, peer, level);
            _now += TimeSpan.FromMilliseconds(20);
            _detector.Advance(_now);
        }
    }

    [Fact]
    public void Two_hundred_milliseconds_of_voice_make_a_speaker()
    {
        Hear("a", Voice, 9);
        Assert.Empty(_detector.Speakers);
        Hear("a", Voice, 1);
        Assert.Equal(["a"], _detector.Speakers);
        Assert.True(_detector.TakeChange());
        Assert.False(_detector.TakeChange());
    }

    [Fact]
    public void Room_noise_and_keyboard_clicks_do_not_count()
    {
        Hear("noise", Noise, 500);
        for (var i = 0; i < 50; i++)
        {
            Hear("keys", Voice, 3);
            Hear("keys", Noise, 5);
        }

        Assert.Empty(_detector.Speakers);
        Assert.False(_detector.TakeChange());
    }

    [Fact]
    public void Pauses_between_words_are_held_and_a_long_one_ends_it()
    {
        Hear("a", Voice, 20);
        _detector.TakeChange();
        Hear("a", Noise, 70);
        Assert.Equal(["a"], _detector.Speakers);
        Hear("a", Noise, 10);
        Assert.Empty(_detector.Speakers);
        Assert.True(_detector.TakeChange());
    }

    [Fact]
    public void The_most_recent_comes_first_and_who_leaves_is_gone()
    {
        Hear("a", Voice, 12);
        Hear("b", Voice, 12);
        Assert.Equal(["b", "a"], _detector.Speakers);
        _detector.TakeChange();
        _detector.Remove("b");
        Assert.Equal(["a"], _detector.Speakers);
        Assert.True(_detector.TakeChange());
        _detector.Remove("nobody");
        Assert.False(_detector.TakeChange());
    }
}
