namespace Pendopo.Rtc.Rtp;

/// <summary>
/// One template dependency structure (AV1 RTP specification, A.8.3): what later descriptors need of it to be read. Reused
/// in place, so that a key frame allocates nothing.
/// </summary>
internal sealed class DependencyTemplates
{
    /// <summary>A template id has six bits.</summary>
    private const int MaxTemplates = 64;

    private readonly byte[] _spatialLayers = new byte[MaxTemplates];
    private readonly byte[] _temporalLayers = new byte[MaxTemplates];
    private int _offset;
    private int _count;

    /// <summary>1–32; 0 before a structure was read.</summary>
    public int DecodeTargetCount { get; private set; }

    public int ChainCount { get; private set; }

    public byte MaxSpatialLayer { get; private set; }

    public byte MaxTemporalLayer { get; private set; }

    public bool HasSameIds(DependencyTemplates other) => _offset == other._offset && _count == other._count;

    /// <summary>The index of a template by its id; false if this structure does not define it.</summary>
    public bool TryFind(byte templateId, out byte spatialLayer, out byte temporalLayer)
    {
        var index = (templateId + MaxTemplates - _offset) % MaxTemplates;
        if (index >= _count)
        {
            spatialLayer = temporalLayer = 0;
            return false;
        }

        spatialLayer = _spatialLayers[index];
        temporalLayer = _temporalLayers[index];
        return true;
    }

    /// <summary>False if malformed; the content is undefined then.</summary>
    public bool TryRead(ref BitReader reader)
    {
        _offset = (int)reader.ReadBits(6);
        DecodeTargetCount = (int)reader.ReadBits(5) + 1;
        return TryReadLayers(ref reader) && TrySkipDependencies(ref reader) && TrySkipChains(ref reader) && TrySkipResolutions(ref reader);
    }

    private bool TryReadLayers(ref BitReader reader)
    {
        _count = 0;
        byte spatial = 0, temporal = 0, maxTemporal = 0;
        while (true)
        {
            if (_count == MaxTemplates || spatial > 3 || temporal > 7) return false; // ids of layers have 2 and 3 bits in AV1
            _spatialLayers[_count] = spatial;
            _temporalLayers[_count] = temporal;
            _count++;
            maxTemporal = Math.Max(maxTemporal, temporal);

            var next = reader.ReadBits(2);
            if (reader.Failed) return false;
            switch (next)
            {
                case 1:
                    temporal++;
                    break;
                case 2:
                    temporal = 0;
                    spatial++;
                    break;
                case 3:
                    MaxSpatialLayer = spatial;
                    MaxTemporalLayer = maxTemporal;
                    return true;
            }
        }
    }

    /// <summary>Decode target indications, then frame differences of each template.</summary>
    private bool TrySkipDependencies(ref BitReader reader)
    {
        reader.Skip(2 * DecodeTargetCount * _count);
        for (var i = 0; i < _count; i++)
        {
            while (reader.ReadFlag()) reader.Skip(4);
        }

        return !reader.Failed;
    }

    private bool TrySkipChains(ref BitReader reader)
    {
        ChainCount = (int)reader.ReadNonSymmetric((uint)DecodeTargetCount + 1);
        if (ChainCount == 0) return !reader.Failed;
        for (var i = 0; i < DecodeTargetCount; i++) reader.ReadNonSymmetric((uint)ChainCount);
        reader.Skip(4 * ChainCount * _count);
        return !reader.Failed;
    }

    private bool TrySkipResolutions(ref BitReader reader)
    {
        if (reader.ReadFlag()) reader.Skip(32 * (MaxSpatialLayer + 1));
        return !reader.Failed;
    }
}
