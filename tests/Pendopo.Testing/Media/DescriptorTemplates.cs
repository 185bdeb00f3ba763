namespace Pendopo.Testing.Media;

/// <summary>
/// Writes Dependency Descriptors (AV1 RTP specification, A.8) of a scalability mode: its template structure, without chains, and the
/// three bytes of the frames that follow from it.
/// </summary>
internal sealed class DescriptorTemplates(ScalabilityMode mode, IReadOnlyList<(int Width, int Height)> sizes)
{
    private readonly List<(int Spatial, int Temporal, bool IsKey)> _templates = [.. Templates(mode)];

    public byte[] Write(bool start, bool end, int spatial, int temporal, bool isKey, ushort frameNumber, bool withStructure)
    {
        var bits = new Bits();
        bits.Add(start ? 1u : 0, 1);
        bits.Add(end ? 1u : 0, 1);
        bits.Add((uint)_templates.IndexOf((spatial, temporal, isKey)), 6);
        bits.Add(frameNumber, 16);
        if (!withStructure) return bits.ToArray();
        bits.Add(0b10000, 5);
        bits.Add(0, 6); // the first template's id
        bits.Add((uint)((mode.Spatial * mode.Temporal) - 1), 5);
        for (var i = 0; i < _templates.Count; i++) bits.Add(NextLayer(i), 2);
        foreach (var template in _templates) WriteIndications(bits, template);
        foreach (var template in _templates) WriteDifferences(bits, template);
        WriteNoChains(bits);
        bits.Add(1, 1);
        foreach (var (width, height) in sizes.Take(mode.Spatial))
        {
            bits.Add((uint)width - 1, 16);
            bits.Add((uint)height - 1, 16);
        }

        return bits.ToArray();
    }

    /// <summary>In the order of layers; the lowest temporal layer of each spatial one has a template for key and one for delta pictures.</summary>
    private static IEnumerable<(int, int, bool)> Templates(ScalabilityMode mode)
    {
        for (var spatial = 0; spatial < mode.Spatial; spatial++)
        {
            yield return (spatial, 0, true);
            for (var temporal = 0; temporal < mode.Temporal; temporal++) yield return (spatial, temporal, false);
        }
    }

    // 0 same layers, 1 next temporal layer, 2 next spatial layer, 3 no more templates.
    private uint NextLayer(int template)
    {
        if (template == _templates.Count - 1) return 3;
        if (_templates[template + 1].Spatial != _templates[template].Spatial) return 2;
        return _templates[template + 1].Temporal != _templates[template].Temporal ? 1u : 0;
    }

    private void WriteIndications(Bits bits, (int Spatial, int Temporal, bool IsKey) template)
    {
        for (var spatial = 0; spatial < mode.Spatial; spatial++)
        {
            for (var temporal = 0; temporal < mode.Temporal; temporal++)
            {
                bits.Add((uint)mode.Indication(template.Spatial, template.Temporal, template.IsKey, spatial, temporal), 2);
            }
        }
    }

    private void WriteDifferences(Bits bits, (int Spatial, int Temporal, bool IsKey) template)
    {
        if (!template.IsKey) Add(mode.ReferenceDistance((byte)template.Temporal) * mode.Spatial);
        if (mode.IsInterLayer(template.Spatial, template.IsKey)) Add(1);
        bits.Add(0, 1);

        void Add(int difference)
        {
            bits.Add(1, 1);
            bits.Add((uint)difference - 1, 4);
        }
    }

    // ns(n) with n = decode targets + 1: zero takes one bit less than n needs, or as many when n is a power of two.
    private void WriteNoChains(Bits bits)
    {
        var bound = (uint)((mode.Spatial * mode.Temporal) + 1);
        bits.Add(0, 31 - System.Numerics.BitOperations.LeadingZeroCount(bound));
    }

    private sealed class Bits
    {
        private readonly List<bool> _bits = [];

        public void Add(uint value, int count)
        {
            for (var i = count - 1; i >= 0; i--) _bits.Add((value >> i & 1) != 0);
        }

        public byte[] ToArray()
        {
            var bytes = new byte[(_bits.Count + 7) / 8];
            for (var i = 0; i < _bits.Count; i++)
            {
                if (_bits[i]) bytes[i / 8] |= (byte)(0x80 >> (i % 8));
            }

            return bytes;
        }
    }
}
