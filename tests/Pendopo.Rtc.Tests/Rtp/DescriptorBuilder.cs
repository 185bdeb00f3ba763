namespace Pendopo.Rtc.Tests.Rtp;

/// <summary>Builds Dependency Descriptors field by field, in the order of the AV1 RTP specification's appendix A.8.</summary>
internal sealed class DescriptorBuilder
{
    public bool Start { get; init; } = true;

    public bool End { get; init; }

    public byte TemplateId { get; init; }

    public ushort FrameNumber { get; init; }

    public Structure? Templates { get; init; }

    public uint? ActiveTargets { get; init; }

    public int CustomTargets { get; init; }

    public int[]? CustomDifferences { get; init; }

    public int CustomChains { get; init; } = -1;

    /// <summary>Layers in the order of templates, each (spatial, temporal).</summary>
    public sealed record Structure(
        byte Offset, (byte Spatial, byte Temporal)[] Layers, int Targets, int Chains = 0, bool Resolutions = false, int DifferencesEach = 1);

    public static Structure L3T3(byte offset) => new(
        offset, [(0, 0), (0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)], Targets: 9, Chains: 3, Resolutions: true);

    public byte[] Build()
    {
        var writer = new BitWriter();
        writer.Flag(Start).Flag(End).Bits(TemplateId, 6).Bits(FrameNumber, 16);
        var extended = Templates is not null || ActiveTargets is not null || CustomTargets > 0 || CustomDifferences is not null || CustomChains >= 0;
        if (!extended) return writer.ToArray();

        writer.Flag(Templates is not null).Flag(ActiveTargets is not null).Flag(CustomTargets > 0)
            .Flag(CustomDifferences is not null).Flag(CustomChains >= 0);
        if (Templates is not null) Write(writer, Templates);
        if (ActiveTargets is { } active) writer.Bits(active, Templates?.Targets ?? TargetsWhenAbsent);
        for (var i = 0; i < CustomTargets; i++) writer.Bits(2, 2);
        if (CustomDifferences is not null)
        {
            foreach (var difference in CustomDifferences)
            {
                var nibbles = difference > 256 ? 3 : difference > 16 ? 2 : 1;
                writer.Bits((uint)nibbles, 2).Bits((uint)difference - 1, 4 * nibbles);
            }

            writer.Bits(0, 2);
        }

        for (var i = 0; i < CustomChains; i++) writer.Bits(0xA5, 8);
        return writer.ToArray();
    }

    public int TargetsWhenAbsent { get; init; }

    private static void Write(BitWriter writer, Structure structure)
    {
        writer.Bits(structure.Offset, 6).Bits((uint)structure.Targets - 1, 5);
        for (var i = 0; i < structure.Layers.Length; i++)
        {
            if (i + 1 == structure.Layers.Length) writer.Bits(3, 2);
            else if (structure.Layers[i + 1] == structure.Layers[i]) writer.Bits(0, 2);
            else if (structure.Layers[i + 1].Spatial == structure.Layers[i].Spatial) writer.Bits(1, 2);
            else writer.Bits(2, 2);
        }

        for (var i = 0; i < structure.Layers.Length * structure.Targets; i++) writer.Bits((uint)i & 3, 2);
        foreach (var _ in structure.Layers)
        {
            for (var i = 0; i < structure.DifferencesEach; i++) writer.Flag(true).Bits(0xF, 4);
            writer.Flag(false);
        }

        writer.NonSymmetric((uint)structure.Chains, (uint)structure.Targets + 1);
        if (structure.Chains > 0)
        {
            for (var i = 0; i < structure.Targets; i++) writer.NonSymmetric((uint)(i % structure.Chains), (uint)structure.Chains);
            for (var i = 0; i < structure.Layers.Length * structure.Chains; i++) writer.Bits(0x6, 4);
        }

        writer.Flag(structure.Resolutions);
        if (!structure.Resolutions) return;
        for (var spatial = 0; spatial <= structure.Layers.Max(layer => layer.Spatial); spatial++)
        {
            writer.Bits((uint)(320 << spatial) - 1, 16).Bits((uint)(180 << spatial) - 1, 16);
        }
    }
}
