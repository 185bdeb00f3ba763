using Pendopo.Rtc.Rtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Rtp;

public sealed class DependencyDescriptorTests
{
    private static readonly DescriptorBuilder.Structure L1T3 = new(10, [(0, 0), (0, 0), (0, 1), (0, 2)], Targets: 3, Chains: 1);

    [Fact]
    public void A_hand_made_descriptor_of_one_layer_is_read()
    {
        // start, end, template 0, frame 0x0102; extended: structure only; offset 0, 1 target; one template (next 3);
        // dti 01; no difference; ns(2) chain count 0; no resolutions. Bits after the mandatory part:
        // 10000 000000 00000 11 01 0 0 0 + padding = 1000 0000 0000 0000 1101 0000
        byte[] extension = [0xC0, 0x01, 0x02, 0x80, 0x00, 0xD0];
        var reader = new DependencyDescriptorReader();

        Assert.True(reader.TryRead(extension, out var descriptor));
        Assert.Equal(
            new DependencyDescriptor(true, true, 0, 0x0102, true, 0, 0) { ActiveDecodeTargets = 1, PresentTargets = 1, Structure = 1, TargetCount = 1, MaskOffset = 47 },
            descriptor);
        Assert.True(descriptor.IsKeyFrameStart);
        Assert.Equal(1, reader.DecodeTargetCount);

        Assert.True(reader.TryRead([0x40, 0x01, 0x03], out descriptor));
        Assert.Equal(new DependencyDescriptor(false, true, 0, 0x0103, false, 0, 0) { PresentTargets = 1, Structure = 1, TargetCount = 1 }, descriptor);
        Assert.False(descriptor.IsKeyFrameStart);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(3, 0, 2)]
    [InlineData(4, 1, 0)]
    [InlineData(6, 1, 2)]
    [InlineData(9, 2, 2)]
    public void A_frame_takes_its_layers_from_its_template(int template, byte spatial, byte temporal)
    {
        foreach (byte offset in (byte[])[0, 5, 60]) // ids wrap at 64
        {
            var reader = new DependencyDescriptorReader();
            Assert.True(reader.TryRead(new DescriptorBuilder { TemplateId = offset, Templates = DescriptorBuilder.L3T3(offset) }.Build(), out _));

            var id = (byte)((offset + template) % 64);
            Assert.True(reader.TryRead(new DescriptorBuilder { TemplateId = id, FrameNumber = 9 }.Build(), out var descriptor));
            Assert.Equal(spatial, descriptor.SpatialLayer);
            Assert.Equal(temporal, descriptor.TemporalLayer);
            Assert.Equal(9, descriptor.FrameNumber);
            Assert.Equal(2, reader.MaxSpatialLayer);
            Assert.Equal(2, reader.MaxTemporalLayer);
            Assert.Equal(9, reader.DecodeTargetCount);
        }
    }

    [Fact]
    public void A_structure_activates_all_targets_unless_it_says_otherwise()
    {
        var reader = new DependencyDescriptorReader();
        Assert.True(reader.TryRead(new DescriptorBuilder { Templates = DescriptorBuilder.L3T3(0) }.Build(), out var all));
        Assert.Equal(0x1FFu, all.ActiveDecodeTargets);

        Assert.True(reader.TryRead(new DescriptorBuilder { Templates = DescriptorBuilder.L3T3(0), ActiveTargets = 0x07 }.Build(), out var some));
        Assert.Equal(0x07u, some.ActiveDecodeTargets);

        Assert.True(reader.TryRead(new DescriptorBuilder { ActiveTargets = 0x3F, TargetsWhenAbsent = 9 }.Build(), out var later));
        Assert.Equal(0x3Fu, later.ActiveDecodeTargets);
        Assert.False(later.HasTemplateStructure);

        Assert.True(reader.TryRead(new DescriptorBuilder().Build(), out var silent));
        Assert.Null(silent.ActiveDecodeTargets);
    }

    [Fact]
    public void Custom_fields_are_measured_exactly()
    {
        var reader = new DependencyDescriptorReader();
        Assert.True(reader.TryRead(new DescriptorBuilder { Templates = DescriptorBuilder.L3T3(0) }.Build(), out _));
        var builder = new DescriptorBuilder
        {
            TemplateId = 7, CustomTargets = 9, CustomDifferences = [1, 16, 17, 256, 257, 4096], CustomChains = 3, ActiveTargets = 0x155, TargetsWhenAbsent = 9,
        };
        var extension = builder.Build();

        Assert.True(reader.TryRead(extension, out var descriptor));
        Assert.Equal(2, descriptor.SpatialLayer);
        Assert.Equal(0x155u, descriptor.ActiveDecodeTargets);
        // One byte less cuts a field, so nothing was skipped too little; one byte more is zero padding.
        Assert.False(reader.TryRead(extension.AsSpan(0, extension.Length - 1), out _));
        Assert.True(reader.TryRead([.. extension, 0], out _));
    }

    [Fact]
    public void A_structure_cut_anywhere_is_refused_and_the_known_one_stays()
    {
        var reader = new DependencyDescriptorReader();
        Assert.True(reader.TryRead(new DescriptorBuilder { TemplateId = 10, Templates = L1T3 }.Build(), out _));
        var full = new DescriptorBuilder { TemplateId = 30, Templates = DescriptorBuilder.L3T3(30), CustomChains = 3 }.Build();

        for (var length = 0; length < full.Length; length++) Assert.False(reader.TryRead(full.AsSpan(0, length), out _), $"length {length}");

        Assert.Equal(3, reader.DecodeTargetCount);
        Assert.True(reader.TryRead(new DescriptorBuilder { TemplateId = 13 }.Build(), out var descriptor));
        Assert.Equal(2, descriptor.TemporalLayer);
        Assert.True(reader.TryRead(full, out _));
    }

    [Fact]
    public void A_frame_without_its_structure_is_refused()
    {
        var reader = new DependencyDescriptorReader();
        Assert.False(reader.HasTemplates);
        Assert.False(reader.TryRead(new DescriptorBuilder { TemplateId = 10 }.Build(), out _));

        Assert.True(reader.TryRead(new DescriptorBuilder { TemplateId = 10, Templates = L1T3 }.Build(), out _));
        Assert.True(reader.HasTemplates);
        Assert.False(reader.TryRead(new DescriptorBuilder { TemplateId = 14 }.Build(), out _));
        Assert.False(reader.TryRead(new DescriptorBuilder { TemplateId = 9 }.Build(), out _));
    }

    [Fact]
    public void A_structure_whose_own_frame_is_not_in_it_is_refused()
    {
        var reader = new DependencyDescriptorReader();
        Assert.False(reader.TryRead(new DescriptorBuilder { TemplateId = 9, Templates = L1T3 }.Build(), out _));
        Assert.False(reader.HasTemplates);
    }

    [Fact]
    public void Late_packets_find_the_structure_before_the_newest()
    {
        var reader = new DependencyDescriptorReader();
        var second = L1T3 with { Offset = 14, Targets = 2, Layers = [(0, 0), (1, 0)] };
        Assert.True(reader.TryRead(new DescriptorBuilder { TemplateId = 10, Templates = L1T3 }.Build(), out _));
        // The first packets of a key frame may each repeat the structure.
        for (var i = 0; i < 3; i++) Assert.True(reader.TryRead(new DescriptorBuilder { TemplateId = 14, Templates = second }.Build(), out _));

        Assert.True(reader.TryRead(new DescriptorBuilder { TemplateId = 13 }.Build(), out var late));
        Assert.Equal((0, 2), (late.SpatialLayer, late.TemporalLayer));
        Assert.True(reader.TryRead(new DescriptorBuilder { TemplateId = 15 }.Build(), out var current));
        Assert.Equal((1, 0), (current.SpatialLayer, current.TemporalLayer));
    }

    [Fact]
    public void The_frame_number_alone_is_rewritten()
    {
        var extension = new DescriptorBuilder { TemplateId = 33, FrameNumber = 0x1234, End = true, CustomChains = 3 }.Build();
        var copy = extension.ToArray();

        DependencyDescriptorReader.RewriteFrameNumber(copy, 0xFEDC);

        Assert.Equal(0xFE, copy[1]);
        Assert.Equal(0xDC, copy[2]);
        copy[1] = extension[1];
        copy[2] = extension[2];
        Assert.Equal(extension, copy);
        DependencyDescriptorReader.RewriteFrameNumber(copy.AsSpan(0, 2), 1);
        Assert.Equal(extension, copy);
    }

    [Fact]
    public void A_frame_tells_its_decode_targets_and_references_by_template_or_by_itself()
    {
        // Indications of template i for target j are (9 i + j) & 3 here: template 1 has D, S, R, - and so on from target 0; all
        // templates refer to the frame 16 before.
        var reader = new DependencyDescriptorReader();
        Assert.True(reader.TryRead(new DescriptorBuilder { Templates = DescriptorBuilder.L3T3(0) }.Build(), out _));
        Assert.True(reader.TryRead(new DescriptorBuilder { TemplateId = 1 }.Build(), out var descriptor));
        Assert.Equal(0b1_0111_0111u, descriptor.PresentTargets);
        Assert.Equal(0b0_0010_0010u, descriptor.SwitchTargets);
        Assert.Equal(1UL << 15, descriptor.Differences);
        Assert.False(descriptor.HasFarDifference);

        var own = new DescriptorBuilder { TemplateId = 1, CustomTargets = 9, CustomDifferences = [1, 64, 65] }.Build();
        Assert.True(reader.TryRead(own, out descriptor));
        Assert.Equal(0x1FFu, descriptor.PresentTargets);
        Assert.Equal(0x1FFu, descriptor.SwitchTargets);
        Assert.Equal(1UL | 1UL << 63, descriptor.Differences);
        Assert.True(descriptor.HasFarDifference);
    }

    [Fact]
    public void A_structure_tells_the_layers_of_its_targets_and_the_size_of_its_pictures()
    {
        var reader = new DependencyDescriptorReader();
        Assert.Equal(0, reader.Structure);
        Assert.True(reader.TryRead(new DescriptorBuilder { Templates = DescriptorBuilder.L3T3(0) }.Build(), out _));
        Assert.Equal(1, reader.Structure);
        Assert.Equal([180, 360, 720, 0], Enumerable.Range(0, 4).Select(reader.Height));

        // Two targets of two spatial layers: indication (2 i + j) & 3 leaves target 0 to the lower template only.
        var two = new DescriptorBuilder.Structure(20, [(0, 0), (0, 1), (1, 0)], Targets: 2);
        Assert.True(reader.TryRead(new DescriptorBuilder { TemplateId = 20, Templates = two }.Build(), out var key));
        Assert.Equal(2, key.Structure);
        Assert.Equal((0, 1), reader.TargetLayers(0));
        Assert.Equal((1, 1), reader.TargetLayers(1));
        Assert.Equal(0, reader.Height(0));
    }

    [Fact]
    public void The_newest_word_about_active_targets_is_kept()
    {
        var reader = new DependencyDescriptorReader();
        Assert.True(reader.TryRead(new DescriptorBuilder { FrameNumber = 65_535, Templates = DescriptorBuilder.L3T3(0) }.Build(), out _));
        Assert.Equal(0x1FFu, reader.ActiveDecodeTargets);
        Assert.True(reader.TryRead(new DescriptorBuilder { FrameNumber = 2, ActiveTargets = 0x07, TargetsWhenAbsent = 9 }.Build(), out _));
        Assert.True(reader.TryRead(new DescriptorBuilder { FrameNumber = 1, ActiveTargets = 0x3F, TargetsWhenAbsent = 9 }.Build(), out _));
        Assert.Equal(0x07u, reader.ActiveDecodeTargets);
        Assert.True(reader.TryRead(new DescriptorBuilder { FrameNumber = 3 }.Build(), out _));
        Assert.Equal(0x07u, reader.ActiveDecodeTargets);
    }

    [Fact]
    public void What_is_read_again_changes_nothing()
    {
        var reader = new DependencyDescriptorReader();
        var first = new DescriptorBuilder { TemplateId = 10, Templates = L1T3 }.Build();
        Assert.True(reader.TryRead(first, out _));
        Assert.True(reader.TryRead(new DescriptorBuilder { TemplateId = 20, Templates = DescriptorBuilder.L3T3(20) }.Build(), out _));

        Assert.True(reader.TryReadAgain(first, out var again));
        Assert.True(again.HasTemplateStructure);
        Assert.Equal((2, 9), (reader.Structure, reader.DecodeTargetCount));
        Assert.Equal(0x1FFu, reader.ActiveDecodeTargets);
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    [InlineData(false, true, true)]
    [InlineData(true, false, false)]
    [InlineData(true, true, true)]
    public void The_mask_of_active_targets_is_written_into_every_form(bool hasStructure, bool hasMask, bool hasCustom)
    {
        var reader = new DependencyDescriptorReader();
        if (!hasStructure) Assert.True(reader.TryRead(new DescriptorBuilder { Templates = DescriptorBuilder.L3T3(0) }.Build(), out _));
        var source = new DescriptorBuilder
        {
            TemplateId = 4, FrameNumber = 7, End = true, Templates = hasStructure ? DescriptorBuilder.L3T3(0) : null, TargetsWhenAbsent = 9,
            ActiveTargets = hasMask ? 0x0FFu : null, CustomTargets = hasCustom ? 9 : 0, CustomDifferences = hasCustom ? [2, 300] : null, CustomChains = hasCustom ? 3 : -1,
        }.Build();
        Assert.True(reader.TryRead(source, out var before));

        var written = new byte[DependencyDescriptorWriter.Length(source, before, 0x15A)];
        DependencyDescriptorWriter.Write(source, before, 0x1EEF, 0x15A, written);
        var receiver = new DependencyDescriptorReader();
        if (!hasStructure) Assert.True(receiver.TryRead(new DescriptorBuilder { Templates = DescriptorBuilder.L3T3(0) }.Build(), out _));
        Assert.True(receiver.TryRead(written, out var after));
        Assert.Equal(before with { FrameNumber = 0x1EEF, ActiveDecodeTargets = 0x15A, HasMask = true, MaskOffset = after.MaskOffset }, after);
        Assert.Equal(0x15Au, receiver.ActiveDecodeTargets);

        var copy = new byte[DependencyDescriptorWriter.Length(source, before, null)];
        DependencyDescriptorWriter.Write(source, before, 7, null, copy);
        Assert.Equal(source, copy);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        var reader = new DependencyDescriptorReader();
        var keys = new[] { new DescriptorBuilder { Templates = DescriptorBuilder.L3T3(0) }.Build(), new DescriptorBuilder { TemplateId = 10, Templates = L1T3 }.Build() };
        var delta = new DescriptorBuilder { TemplateId = 12, CustomDifferences = [3] }.Build();
        for (var i = 0; i < 10; i++) reader.TryRead(keys[i % 2], out _);
        reader.TryRead(delta, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var ok = true;
        for (var i = 0; i < 1000; i++) ok &= reader.TryRead(keys[i % 2], out _) & reader.TryRead(delta, out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(ok);
    }
}
