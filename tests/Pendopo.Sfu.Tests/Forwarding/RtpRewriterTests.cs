using CsCheck;
using Pendopo.Rtc;
using Pendopo.Sfu.Forwarding;
using Xunit;

namespace Pendopo.Sfu.Tests.Forwarding;

public sealed class RtpRewriterTests
{
    private static readonly Instant Start = Instant.FromMilliseconds(1000);

    private readonly RtpRewriter _rewriter = new(new Random(1), isLayered: false);

    private static CodecNumbers Numbers(int picture = 0, int tl0 = 0, int frame = 0) =>
        new(true, true, (ushort)(picture & 0x7fff), true, (byte)tl0, true, (ushort)frame, false);

    [Fact]
    public void Numbers_of_one_source_keep_their_distances()
    {
        _rewriter.Switch(Start, Layers.New(), 70_000, 1000, null, Numbers(10, 20, 30));
        Assert.True(_rewriter.TryMap(Start, 70_000, 1000, Numbers(10, 20, 30), out var first));
        Assert.True(_rewriter.TryMap(Start, 70_005, 4000, Numbers(12, 21, 33), out var later));
        Assert.Equal(5, later.Sequence - first.Sequence);
        Assert.Equal(3000u, later.Timestamp - first.Timestamp);
        Assert.Equal(2, (later.PictureId - first.PictureId) & 0x7fff);
        Assert.Equal(1, (byte)(later.Tl0PicIdx - first.Tl0PicIdx));
        Assert.Equal(3, (ushort)(later.FrameNumber - first.FrameNumber));
    }

    [Fact]
    public void A_switch_continues_every_number_by_one_and_the_timestamp_by_the_time_that_passed()
    {
        _rewriter.Switch(Start, Layers.New(), 70_000, 1000, null, Numbers(32_767, 255, 65_535));
        _rewriter.TryMap(Start, 70_000, 1000, Numbers(32_767, 255, 65_535), out var before);
        var now = Start + TimeSpan.FromMilliseconds(100);
        _rewriter.Switch(now, Layers.New(), 500_000, 777, null, Numbers(5, 6, 7));
        _rewriter.TryMap(now, 500_000, 777, Numbers(5, 6, 7), out var after);
        Assert.Equal(before.Sequence + 1, after.Sequence);
        Assert.Equal(before.Timestamp + 9000, after.Timestamp);
        Assert.Equal((before.PictureId + 1) & 0x7fff, after.PictureId);
        Assert.Equal((byte)(before.Tl0PicIdx + 1), after.Tl0PicIdx);
        Assert.Equal((ushort)(before.FrameNumber + 1), after.FrameNumber);
    }

    [Fact]
    public void Numbers_that_were_given_back_are_given_again_and_late_packets_from_before_get_none()
    {
        var layer = Layers.New();
        _rewriter.Switch(Start, layer, 70_000, 1000, null, Numbers(10));
        _rewriter.TryMap(Start, 70_000, 1000, Numbers(10), out var sent);
        for (var i = 1; i < 6; i++) _rewriter.TryMap(Start, 70_000 + i, 4000, Numbers(11), out _);
        _rewriter.Rewind(sent.Sequence);
        Assert.Equal(sent.Sequence, _rewriter.NewestSequence);
        Assert.False(_rewriter.TryMap(Start, 70_003, 4000, Numbers(11), out _));

        // A key frame of the same layer: its numbers follow what was sent, and those of 70,003 are its own now.
        _rewriter.Switch(Start, layer, 70_020, 9000, null, Numbers(15));
        Assert.True(_rewriter.TryMap(Start, 70_020, 9000, Numbers(15), out var next));
        Assert.Equal(sent.Sequence + 1, next.Sequence);
        Assert.NotEqual(sent.Timestamp, next.Timestamp);
        Assert.False(_rewriter.TryMap(Start, 70_003, 4000, Numbers(11), out _));
        for (var i = 1; i < 6; i++) _rewriter.TryMap(Start, 70_020 + i, 9000, Numbers(15), out next);
        Assert.True(_rewriter.TryFindSource((ushort)next.Sequence, out _, out var source));
        Assert.Equal(70_025, source);
        Assert.True(_rewriter.TryFindSource((ushort)sent.Sequence, out _, out source));
        Assert.Equal(70_000, source);
    }

    [Fact]
    public void An_aligned_timestamp_is_taken_unless_it_would_go_back()
    {
        _rewriter.Switch(Start, Layers.New(), 1, 0, null, Numbers());
        _rewriter.TryMap(Start, 1, 0, Numbers(), out var before);
        _rewriter.Switch(Start, Layers.New(), 1, 50, before.Timestamp + 4321, Numbers());
        _rewriter.TryMap(Start, 1, 50, Numbers(), out var aligned);
        Assert.Equal(before.Timestamp + 4321, aligned.Timestamp);
        _rewriter.Switch(Start, Layers.New(), 1, 50, aligned.Timestamp - 10, Numbers());
        _rewriter.TryMap(Start, 1, 50, Numbers(), out var later);
        Assert.Equal(aligned.Timestamp + 1, later.Timestamp);
    }

    [Fact]
    public void Late_packets_find_their_place_within_a_source_and_none_before_a_switch()
    {
        _rewriter.Switch(Start, Layers.New(), 100, 0, null, Numbers());
        _rewriter.TryMap(Start, 100, 0, Numbers(), out var first);
        _rewriter.TryMap(Start, 103, 0, Numbers(), out _);
        Assert.True(_rewriter.Skip(104));
        _rewriter.TryMap(Start, 105, 0, Numbers(), out var newest);
        Assert.Equal(first.Sequence + 4, newest.Sequence);
        Assert.True(_rewriter.TryMap(Start, 101, 0, Numbers(), out var late));
        Assert.Equal(first.Sequence + 1, late.Sequence);
        Assert.Equal(newest.Sequence, _rewriter.NewestSequence);
        Assert.False(_rewriter.TryMap(Start, 99, 0, Numbers(), out _));

        _rewriter.Switch(Start, Layers.New(), 200, 0, null, Numbers());
        Assert.False(_rewriter.TryMap(Start, 199, 0, Numbers(), out _));
    }

    [Fact]
    public void A_skipped_packet_leaves_no_gap_and_a_late_one_keeps_its_number()
    {
        _rewriter.Switch(Start, Layers.New(), 10, 0, null, Numbers());
        _rewriter.TryMap(Start, 10, 0, Numbers(), out var first);
        Assert.True(_rewriter.Skip(11));
        _rewriter.TryMap(Start, 12, 0, Numbers(), out var second);
        Assert.Equal(first.Sequence + 1, second.Sequence);
        _rewriter.TryMap(Start, 14, 0, Numbers(), out _);
        Assert.False(_rewriter.Skip(13));
        _rewriter.TryMap(Start, 13, 0, Numbers(), out var late);
        Assert.Equal(second.Sequence + 1, late.Sequence);
    }

    [Fact]
    public void A_long_run_of_skipped_packets_does_not_push_out_what_a_nack_needs()
    {
        var layer = Layers.New();
        _rewriter.Switch(Start, layer, 10, 0, null, Numbers());
        _rewriter.TryMap(Start, 10, 0, Numbers(), out var first);
        for (var i = 11; i < 200; i++) Assert.True(_rewriter.Skip(i));
        _rewriter.TryMap(Start, 200, 0, Numbers(), out var next);
        Assert.Equal(first.Sequence + 1, next.Sequence);
        Assert.True(_rewriter.TryFindSource((ushort)first.Sequence, out var segment, out var source));
        Assert.Same(layer, segment.Layer);
        Assert.Equal(10, source);
    }

    [Fact]
    public void Sent_numbers_lead_back_to_their_sources_across_switches_and_the_16_bit_wrap()
    {
        var layers = new[] { Layers.New(), Layers.New() };
        var sent = new List<(ushort Number, PublishedLayer Layer, long Source)>();
        for (var i = 0; i < 8; i++)
        {
            var start = 100_000L * (i + 1);
            _rewriter.Switch(Start, layers[i % 2], start, 0, null, Numbers());
            for (var k = 0; k < 9000; k++)
            {
                _rewriter.TryMap(Start, start + k, 0, Numbers(), out var rewritten);
                sent.Add(((ushort)rewritten.Sequence, layers[i % 2], start + k));
            }
        }

        Assert.True(_rewriter.NewestSequence > 0x20000);
        foreach (var (number, layer, source) in sent.TakeLast(30_000))
        {
            Assert.True(_rewriter.TryFindSource(number, out var segment, out var found));
            Assert.Same(layer, segment.Layer);
            Assert.Equal(source, found);
        }

        Assert.False(_rewriter.TryFindSource((ushort)(_rewriter.NewestSequence + 1), out _, out _));
    }

    [Fact]
    public void Numbers_older_than_the_remembered_segments_are_not_found()
    {
        for (var i = 0; i < 20; i++)
        {
            _rewriter.Switch(Start, Layers.New(), 1000 * i, 0, null, Numbers());
            _rewriter.TryMap(Start, 1000 * i, 0, Numbers(), out _);
        }

        var newest = _rewriter.NewestSequence;
        Assert.True(_rewriter.TryFindSource((ushort)(newest - 15), out _, out var source));
        Assert.Equal(4000, source);
        Assert.False(_rewriter.TryFindSource((ushort)(newest - 16), out _, out _));
    }

    [Fact]
    public void Whatever_happens_no_two_packets_share_a_number_and_nothing_in_order_leaves_a_gap()
    {
        // Steps: 0–5 the next packet, 6 a skipped one, 7 a switch.
        Gen.Int[0, 7].Array[1, 300].Sample(
            steps =>
            {
                var rewriter = new RtpRewriter(new Random(steps.Length));
                var used = new Dictionary<long, (PublishedLayer, long)>();
                var layer = Layers.New();
                long source = 65_530, previous = -1;
                var picture = 0;
                ushort lastPicture = 0;
                rewriter.Switch(Start, layer, source, 0, null, Numbers());
                foreach (var step in steps)
                {
                    if (step == 7)
                    {
                        layer = Layers.New();
                        source += 12_345;
                        picture = steps.Length;
                        rewriter.Switch(Start, layer, source, 0, null, Numbers(picture));
                    }
                    else if (step == 6)
                    {
                        if (!rewriter.Skip(source++)) return false;
                    }
                    else
                    {
                        var numbers = Numbers(picture++);
                        if (!rewriter.TryMap(Start, source, 0, numbers, out var rewritten)) return false;
                        if (!used.TryAdd(rewritten.Sequence, (layer, source++))) return false;
                        if (previous >= 0 && (rewritten.Sequence != previous + 1 || rewritten.PictureId != ((lastPicture + 1) & 0x7fff))) return false;
                        (previous, lastPicture) = (rewritten.Sequence, rewritten.PictureId);
                    }
                }

                return true;
            },
            iter: 500,
            seed: "0N0XIzNsQ0O2");
    }
}
