using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;
using Pendopo.Sfu.Forwarding;
using Pendopo.Testing.Media;
using Xunit;

namespace Pendopo.Sfu.Tests.Forwarding;

/// <summary>Layers of one scalable stream come and go; what is forwarded is always decodable.</summary>
public sealed class LayerSelectorTests
{
    private static readonly RtpExtensionMap Extensions = new(((byte)12, RtpExtensionKind.DependencyDescriptor));

    public static TheoryData<string, SvcForm> Streams
    {
        get
        {
            var data = new TheoryData<string, SvcForm>();
            foreach (var form in Enum.GetValues<SvcForm>())
            {
                foreach (var mode in new[] { "L1T2", "L1T3", "L2T1", "L2T2", "L2T1_KEY", "L2T2_KEY", "L3T1", "L3T3", "L3T3_KEY" }) data.Add(mode, form);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Every_forwarded_frame_is_decodable_while_the_aim_wanders(string mode, SvcForm form)
    {
        var stream = new Stream(mode, form, seed: 1);
        var random = new Random(7);
        for (var i = 0; i < 150; i++)
        {
            var aim = stream.RandomAim(random);
            stream.Selector.Redirect(aim);
            stream.Run(TimeSpan.FromMilliseconds(random.Next(40, 1200)));
        }

        Assert.True(stream.Forwarded.Count > 500, $"Only {stream.Forwarded.Count} frames.");
        stream.AssertDecodable();
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void The_aim_is_reached_and_kept_exactly(string mode, SvcForm form)
    {
        var stream = new Stream(mode, form, seed: 2);
        stream.Run(TimeSpan.FromSeconds(1));
        foreach (var aim in stream.AllAims().Concat(stream.AllAims().Reverse()).Append(stream.Largest))
        {
            stream.Selector.Redirect(aim);

            // A key frame where one is needed is sent at once here, so all that is left is the pattern of temporal layers.
            stream.Run(TimeSpan.FromMilliseconds(350));
            var from = stream.Forwarded.Count;
            stream.Run(TimeSpan.FromMilliseconds(400));
            var frames = stream.Forwarded.Skip(from).ToList();
            Assert.Equal((aim.Spatial, aim.Temporal), (frames.Max(static frame => frame.Spatial), frames.Max(static frame => frame.Temporal)));
            Assert.False(stream.Selector.IsWaiting);
            Assert.Equal(frames.Where(frame => frame.Spatial == aim.Spatial).Select(static frame => frame.Frame).Distinct().Count(), stream.PicturesWithin(aim, from));
        }

        stream.AssertDecodable();
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Down_it_goes_with_the_next_picture_and_needs_no_key_frame_but_between_independent_layers(string mode, SvcForm form)
    {
        var stream = new Stream(mode, form, seed: 3);
        stream.Run(TimeSpan.FromSeconds(1));
        var keyPictures = stream.KeyPictures;
        stream.Selector.Redirect(stream.Largest with { Temporal = 0 });
        var from = stream.Forwarded.Count;
        stream.Run(TimeSpan.FromMilliseconds(300));
        Assert.All(stream.Forwarded.Skip(from), static frame => Assert.Equal(0, frame.Temporal));

        stream.Selector.Redirect(new LayerAim(0, 0));
        from = stream.Forwarded.Count;
        stream.Run(TimeSpan.FromMilliseconds(300));
        var isIndependent = mode.EndsWith("_KEY", StringComparison.Ordinal);
        Assert.Equal(isIndependent ? keyPictures + 1 : keyPictures, stream.KeyPictures);
        Assert.All(stream.Forwarded.Skip(from).Where(frame => !isIndependent || frame.Frame >= stream.LastKeyFrame), static frame => Assert.Equal(0, frame.Spatial));
        stream.AssertDecodable();
    }

    [Theory]
    [InlineData("L1T2")]
    [InlineData("L1T3")]
    [InlineData("L3T3")]
    public void More_frames_a_second_need_no_key_frame(string mode)
    {
        foreach (var form in Enum.GetValues<SvcForm>())
        {
            var stream = new Stream(mode, form, seed: 4);
            stream.Selector.Redirect(stream.Largest with { Temporal = 0 });
            stream.Run(TimeSpan.FromSeconds(1));
            var keyPictures = stream.KeyPictures;
            stream.Selector.Redirect(stream.Largest);
            stream.Run(TimeSpan.FromMilliseconds(300));
            var from = stream.Forwarded.Count;
            stream.Run(TimeSpan.FromMilliseconds(300));
            Assert.Equal(stream.Largest.Temporal, stream.Forwarded.Skip(from).Max(static frame => frame.Temporal));
            Assert.Equal(keyPictures, stream.KeyPictures);
            stream.AssertDecodable();
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Lost_and_repaired_packets_do_not_break_what_is_forwarded(string mode, SvcForm form)
    {
        var stream = new Stream(mode, form, seed: 5) { Loss = 0.05, RepairDelay = TimeSpan.FromMilliseconds(50) };
        var random = new Random(9);
        for (var i = 0; i < 60; i++)
        {
            stream.Selector.Redirect(stream.RandomAim(random));
            stream.Run(TimeSpan.FromMilliseconds(random.Next(300, 1200)));
        }

        stream.Loss = 0;
        stream.Run(TimeSpan.FromSeconds(1));
        stream.AssertDecodable();
        Assert.True(stream.Forwarded.Count > 600);
    }

    [Theory]
    [InlineData("L3T3", SvcForm.Av1, 1, 1, 0b000_011_011u)]
    [InlineData("L3T3", SvcForm.Av1, 2, 2, 0b111_111_111u)]
    [InlineData("L3T3_KEY", SvcForm.Av1, 1, 1, 0b000_011_000u)]
    [InlineData("L1T3", SvcForm.Av1, 0, 1, 0b011u)]
    public void The_receiver_is_told_which_decode_targets_it_gets(string mode, SvcForm form, byte spatial, byte temporal, uint targets)
    {
        var stream = new Stream(mode, form, seed: 6);
        stream.Run(TimeSpan.FromMilliseconds(100));
        stream.Selector.Redirect(new LayerAim(spatial, temporal));
        stream.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(targets, stream.Selector.ActiveTargets);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void The_last_packet_of_each_picture_is_known(string mode, SvcForm form)
    {
        var stream = new Stream(mode, form, seed: 7);
        foreach (var aim in stream.AllAims().Reverse())
        {
            stream.Selector.Redirect(aim);
            stream.Run(TimeSpan.FromMilliseconds(350));
            stream.Ends.Clear();
            stream.Run(TimeSpan.FromMilliseconds(350));
            Assert.NotEmpty(stream.Ends);
            Assert.All(stream.Ends, end => Assert.Equal(1, end.Value));
        }
    }

    [Fact]
    public void A_frame_that_refers_to_what_was_left_out_is_left_out_and_a_key_frame_asked_for()
    {
        var history = new FrameHistory(bits: 16);
        history.Record(65_534, true);
        history.Record(65_535, false);
        history.Record(2, true);
        Assert.True(history.HasDropped(3, 0b1000)); // 65535
        Assert.False(history.HasDropped(3, 0b10111)); // 2, 1, 0 (not seen) and 65534
        Assert.True(history.HasAll(3, 0b1_0001)); // 2 and 65534
        Assert.False(history.HasAll(3, 0b0010)); // 1 may be on its way
        Assert.True(history.HasDropped(0, 0b1)); // late: 65535
        Assert.Null(history.Find(1));
        Assert.False(history.Find(65_535));
        Assert.True(history.Find(65_534));
    }

    [Fact]
    public void Numbers_long_past_and_far_ahead_are_neither_forwarded_nor_left_out()
    {
        var history = new FrameHistory(bits: 15);
        history.Record(32_700, false);
        history.Record(10, true);
        Assert.Null(history.Find(32_700)); // 78 back over the wrap of 15 bits
        Assert.False(history.HasAll(10 + 65, ulong.MaxValue));
        Assert.False(history.HasDropped(10 + 65, ulong.MaxValue));
        Assert.True(history.HasAll(10 + 64, 1UL << 63));
    }

    [Fact]
    public void Vp8_pictures_above_the_aim_are_left_out_until_a_synchronised_one()
    {
        var selector = new LayerSelector();
        var reader = new DependencyDescriptorReader();
        ushort picture = 32_766;
        selector.Begin(LayerAim.Everything);
        Assert.True(Accepts(0, key: true));
        Assert.True(Accepts(2));
        selector.Redirect(new LayerAim(0, 0));
        Assert.False(Accepts(1));
        Assert.False(Accepts(2));
        Assert.True(Accepts(0));
        selector.Redirect(new LayerAim(0, 2));
        Assert.False(Accepts(1)); // refers to its own layer
        Assert.True(selector.IsWaiting);
        Assert.True(Accepts(1, sync: true));
        Assert.False(Accepts(2));
        Assert.True(Accepts(1));
        Assert.True(Accepts(2, sync: true));
        Assert.False(selector.IsWaiting);
        Assert.True(selector.ClosesPictures);

        // A second packet of a picture gets the answer of the first, whatever the aim is by then.
        selector.Redirect(new LayerAim(0, 0));
        Assert.True(selector.Accepts(new FrameLayers { Scheme = LayerScheme.Vp8, Number = picture, Temporal = 2 }, reader));
        Assert.False(Accepts(1));

        bool Accepts(byte temporal, bool key = false, bool sync = false)
        {
            picture = (ushort)((picture + 1) & 0x7fff);
            return selector.Accepts(new FrameLayers { Scheme = LayerScheme.Vp8, Number = picture, Temporal = temporal, IsKeyFrame = key, IsSwitchingPoint = sync }, reader);
        }
    }

    /// <summary>A generator, a selector, and what came through it.</summary>
    private sealed class Stream
    {
        private readonly SvcGenerator _generator;
        private readonly DependencyDescriptorReader _reader = new();
        private readonly ScalabilityMode _mode;
        private readonly MediaCodec _codec;
        private readonly Random _random = new(11);
        private readonly List<(Instant At, byte[] Packet)> _onTheWay = [];
        private readonly List<SvcStamp> _sent = [];
        private readonly Dictionary<uint, HashSet<byte>> _parts = [];
        private readonly HashSet<uint> _forwarded = [];
        private readonly HashSet<uint> _overtaken = []; // repaired only after a key frame that nobody needs it for
        private Instant _now = Instant.FromMilliseconds(1000);
        private bool _started;

        public Stream(string mode, SvcForm form, int seed)
        {
            _mode = ScalabilityMode.Parse(mode);
            _codec = form == SvcForm.Av1 ? MediaCodec.Av1 : MediaCodec.Vp9;
            _generator = new SvcGenerator(_now, SvcLayers.New(mode, form, 77), new StreamOptions { Extensions = Extensions, PayloadType = 98 }, seed);
            Largest = new((byte)(_mode.Spatial - 1), (byte)(_mode.Temporal - 1));
        }

        public LayerSelector Selector { get; } = new();

        public LayerAim Largest { get; }

        /// <summary>Frames of which anything was forwarded, in the order of their first packet.</summary>
        public List<SvcStamp> Forwarded { get; } = [];

        /// <summary>How many packets of each picture were said to end it.</summary>
        public Dictionary<uint, int> Ends { get; } = [];

        public double Loss { get; set; }

        public TimeSpan RepairDelay { get; set; }

        public int KeyPictures => _generator.KeyPictures;

        public uint LastKeyFrame => _sent.Last(static frame => frame is { IsKey: true, Spatial: 0 }).Frame;

        public IEnumerable<LayerAim> AllAims()
        {
            for (byte spatial = 0; spatial <= Largest.Spatial; spatial++)
            {
                for (byte temporal = 0; temporal <= Largest.Temporal; temporal++) yield return new(spatial, temporal);
            }
        }

        public LayerAim RandomAim(Random random) => new((byte)random.Next(_mode.Spatial), (byte)random.Next(_mode.Temporal));

        public void Run(TimeSpan time)
        {
            for (var end = _now + time; _now < end; _now += TimeSpan.FromMilliseconds(5))
            {
                _generator.Advance(_now, packet => _onTheWay.Add((_random.NextDouble() < Loss ? _now + RepairDelay : _now, packet.ToArray())));
                foreach (var (_, packet) in _onTheWay.Where(entry => entry.At <= _now).ToArray()) Receive(packet);
                _onTheWay.RemoveAll(entry => entry.At <= _now);
            }
        }

        /// <summary>Pictures that a receiver of an aim gets, among those since a forwarded frame.</summary>
        public int PicturesWithin(LayerAim aim, int since)
        {
            var from = Forwarded[since].Frame;
            return _sent.Where(frame => frame.Frame >= from && frame.Spatial == aim.Spatial && frame.Temporal <= aim.Temporal).Select(static frame => frame.Frame).Distinct().Count();
        }

        public void AssertDecodable()
        {
            var forwarded = new HashSet<uint>();
            foreach (var stamp in Forwarded.OrderBy(static frame => frame.Frame))
            {
                Assert.True(Has(stamp.FirstReference), $"{stamp} lacks its first reference.");
                Assert.True(Has(stamp.SecondReference), $"{stamp} lacks its second reference.");
                if (_overtaken.Contains(stamp.Frame)) continue;
                Assert.Equal(stamp.Count, _parts[stamp.Frame].Count); // whole or not at all
                forwarded.Add(stamp.Frame);
            }

            bool Has(uint reference) => reference == SvcStamp.None || forwarded.Contains(reference) || _overtaken.Contains(reference);
        }

        private void Receive(byte[] bytes)
        {
            Assert.True(RtpPacket.TryParse(bytes, out var packet, out _));
            Assert.True(CodecNumbers.TryRead(_codec, packet, Extensions, _reader, out var numbers));
            if (!_started && !numbers.IsKeyFrameStart) return;
            if (!_started)
            {
                _started = true;
                Selector.Begin(Largest);
            }

            var accepted = Selector.Accepts(numbers.Layers, _reader);
            if (Selector.TakeKeyFrameNeed()) _generator.RequestKeyFrame(77);
            var offset = _codec == MediaCodec.Av1 ? 1 : Vp9Descriptor.TryParse(packet.Payload, out var vp9) ? vp9.Length : 0;
            Assert.True(SvcFrames.TryReadBody(packet.Payload[offset..], out var stamp));
            if (stamp.Index == 0) _sent.Add(stamp);
            if (_sent.Count > 0 && _sent.Exists(static frame => frame.IsKey) && stamp.Frame < _sent.FindLast(static frame => frame.IsKey).Frame) _overtaken.Add(stamp.Frame);
            if (accepted) Assert.False(Selector.WasLeftOut(numbers.Layers));
            if (!accepted) return;
            if (!_parts.TryGetValue(stamp.Frame, out var parts)) _parts[stamp.Frame] = parts = [];
            parts.Add(stamp.Index);

            // Before the first packet of its key frame is repaired, a packet cannot be judged and is forwarded.
            if (numbers.Layers.Scheme == LayerScheme.None) return;
            if (_forwarded.Add(stamp.Frame)) Forwarded.Add(stamp);
            Ends[packet.Timestamp] = Ends.GetValueOrDefault(packet.Timestamp) + (packet.Marker || Selector.EndsPicture(numbers.Layers) ? 1 : 0);
        }
    }
}
