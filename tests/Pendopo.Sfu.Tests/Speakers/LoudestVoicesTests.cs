using Pendopo.Rtc;
using Pendopo.Sfu.Speakers;
using Xunit;

namespace Pendopo.Sfu.Tests.Speakers;

/// <summary>Which microphones flow, packet by packet of 20 ms; all chance is seeded.</summary>
public sealed class LoudestVoicesTests
{
    private const int Quiet = 62;
    private const int Speech = 25;

    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(1.5);

    private readonly LoudestVoices _voices = new(3, Hold);
    private readonly VoiceSource[] _sources = [.. Enumerable.Range(0, 8).Select(static _ => new VoiceSource())];
    private readonly Random _random = new(3);
    private Instant _now = Instant.FromMilliseconds(5_000);

    private IEnumerable<int> Forwarded => Enumerable.Range(0, _sources.Length).Where(i => _sources[i].IsForwarded);

    [Fact]
    public void No_more_people_than_places_are_all_forwarded_however_silent()
    {
        for (var step = 0; step < 500; step++)
        {
            for (var i = 0; i < 3; i++) Assert.True(_voices.Hear(_now, _sources[i], step % 3 == 0 ? 127 : Quiet));
            Next();
        }
    }

    [Fact]
    public void The_first_packet_of_speech_is_forwarded()
    {
        Run(3_000, static _ => Quiet);
        Assert.Equal([0, 1, 2], Forwarded);
        Assert.False(_voices.Hear(_now, _sources[5], Quiet));
        Assert.True(_voices.Hear(_now, _sources[5], Speech));
        Assert.Equal(3, Forwarded.Count());
        Assert.Contains(5, Forwarded);
    }

    [Fact]
    public void Who_joins_speaking_is_heard_with_the_first_packet()
    {
        Run(3_000, static i => i < 7 ? Quiet : null);
        Assert.True(_voices.Hear(_now, _sources[7], Speech));
    }

    [Fact]
    public void No_words_end_is_cut_while_others_begin()
    {
        Run(2_000, static i => i < 3 ? Speech : Quiet);

        // Three others begin in the moment in which the three stop: nobody loses a place within the hold.
        var stopped = _now;
        while (_now - stopped < Hold)
        {
            for (var i = 0; i < 3; i++) Assert.True(_voices.Hear(_now, _sources[i], Quiet), $"{i} was cut after {_now - stopped}.");
            for (var i = 3; i < 6; i++) _voices.Hear(_now, _sources[i], Speech + 5);
            Next();
        }

        Run(100, static i => i is >= 3 and < 6 ? Speech : Quiet);
        Assert.Equal([3, 4, 5], Forwarded);
    }

    [Fact]
    public void Noise_keeps_no_voice_out()
    {
        // Steady noise of 45 dBov on the three that came first.
        Run(5_000, i => i < 3 ? 45 + _random.Next(-2, 3) : Quiet);
        Assert.Equal([0, 1, 2], Forwarded);
        var before = _sources.Count(static source => source.IsForwarded);
        for (var i = 3; i < 6; i++) Assert.True(_voices.Hear(_now, _sources[i], 46));
        Assert.Equal(before, Forwarded.Count());
        Assert.Equal([3, 4, 5], Forwarded);
    }

    [Fact]
    public void Six_at_once_do_not_flap()
    {
        Run(1_000, i => i < 6 ? Speech + _random.Next(-4, 5) : Quiet);
        var changes = 0;
        var before = Forwarded.ToList();
        for (var step = 0; step < 1_500; step++)
        {
            // Everybody speaks in syllables, about equally loud, out of step.
            for (var i = 0; i < 6; i++) _voices.Hear(_now, _sources[i], (step + (i * 3)) % 10 < 7 ? Speech + _random.Next(-4, 5) : Quiet);
            Next();
            if (Forwarded.SequenceEqual(before)) continue;
            changes++;
            before = [.. Forwarded];
        }

        Assert.InRange(changes, 0, 3);
    }

    [Fact]
    public void Somebody_much_louder_takes_the_place_of_the_softest_speaker_after_its_turn()
    {
        Run(3_000, static i => i switch { 0 => 24, 1 => 40, 2 => 26, _ => Quiet });
        Run(1_000, static i => i switch { 0 => 24, 1 => 40, 2 => 26, 4 => 22, _ => Quiet });
        Assert.Equal([0, 2, 4], Forwarded);
    }

    [Fact]
    public void Who_leaves_and_whose_microphone_is_off_make_room()
    {
        Run(1_000, static i => i < 3 ? Speech : Quiet);
        _voices.Remove(_sources[1]);
        Assert.True(_voices.Hear(_now, _sources[6], Quiet));
        Assert.Equal([0, 2, 6], Forwarded);

        // Nothing is heard of 0 any more, although it spoke last.
        Run(2_100, static i => i switch { 0 => null, 2 => Speech, _ => Quiet });
        Run(20, static i => i switch { 0 => null, 2 or 5 or 7 => Speech, _ => Quiet });
        Assert.Equal([2, 5, 7], Forwarded);
    }

    [Fact]
    public void Deciding_allocates_nothing()
    {
        Run(1_000, i => _random.Next(20, 70));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 2_000; step++)
        {
            foreach (var source in _sources) _voices.Hear(_now, source, 20 + (step * 7 % 50));
            Next();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Run(int milliseconds, Func<int, int?> level)
    {
        for (var i = 0; i < milliseconds; i += 20)
        {
            for (var source = 0; source < _sources.Length; source++)
            {
                if (level(source) is { } value) _voices.Hear(_now, _sources[source], value);
            }

            Next();
        }
    }

    private void Next() => _now += TimeSpan.FromMilliseconds(20);
}
