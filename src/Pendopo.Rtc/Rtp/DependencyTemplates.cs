namespace Pendopo.Rtc.Rtp;

/// <summary>
/// One template dependency structure (AV1 RTP specification, A.8.3): what later descriptors need of it to be read. Reused
/// in place, so that a key frame allocates nothing.
/// </summary>
internal sealed class DependencyTemplates
{
    /// <summary>A template id has six bits.</summary>
    private const int MaxTemplates = 64;

    /// <summary>Their number less one has five bits.</summary>
    private const int MaxTargets = 32;

    /// <summary>A spatial id has two bits.</summary>
    private const int MaxSpatialLayers = 4;

    // Decode target indications (A.8.3): 0 not present, 1 discardable, 2 switch, 3 required.
    private const uint NotPresent = 0;
    private const uint Switch = 2;

    private readonly byte[] _spatialLayers = new byte[MaxTemplates];
    private readonly byte[] _temporalLayers = new byte[MaxTemplates];
    private readonly uint[] _presentTargets = new uint[MaxTemplates];
    private readonly uint[] _switchTargets = new uint[MaxTemplates];
    private readonly ushort[] _differences = new ushort[MaxTemplates];
    private readonly byte[] _targetSpatialLayers = new byte[MaxTargets];
    private readonly byte[] _targetTemporalLayers = new byte[MaxTargets];
    private readonly ushort[] _heights = new ushort[MaxSpatialLayers];
    private int _offset;
    private int _count;

    /// <summary>Tells structures of one stream apart; set by the reader that takes it over.</summary>
    public int Version { get; set; }

    /// <summary>1–32; 0 before a structure was read.</summary>
    public int DecodeTargetCount { get; private set; }

    public int ChainCount { get; private set; }

    public byte MaxSpatialLayer { get; private set; }

    public byte MaxTemporalLayer { get; private set; }

    public bool HasSameIds(DependencyTemplates other) => _offset == other._offset && _count == other._count;

    /// <summary>The index of a template by its id; false if this structure does not define it.</summary>
    public bool TryFind(byte templateId, out int index)
    {
        index = (templateId + MaxTemplates - _offset) % MaxTemplates;
        return index < _count;
    }

    public byte SpatialLayer(int template) => _spatialLayers[template];

    public byte TemporalLayer(int template) => _temporalLayers[template];

    public uint PresentTargets(int template) => _presentTargets[template];

    public uint SwitchTargets(int template) => _switchTargets[template];

    /// <summary>Bit d − 1 for a reference to the frame d before; a template's differences have four bits.</summary>
    public ulong Differences(int template) => _differences[template];

    /// <summary>The layers that a decode target needs at most: the largest of all templates in it.</summary>
    public (byte Spatial, byte Temporal) TargetLayers(int target) => (_targetSpatialLayers[target], _targetTemporalLayers[target]);

    /// <summary>Every template of one target belongs to another too.</summary>
    public bool Contains(int target, int inner)
    {
        for (var i = 0; i < _count; i++)
        {
            if ((_presentTargets[i] >> inner & 1) > (_presentTargets[i] >> target & 1)) return false;
        }

        return true;
    }

    /// <summary>Lines of a spatial layer's pictures; 0 where the structure does not say.</summary>
    public int Height(int spatialLayer) => spatialLayer < MaxSpatialLayers ? _heights[spatialLayer] : 0;

    /// <summary>Decode target indications of a descriptor that brings its own: which targets hold the frame, and which may be entered at it.</summary>
    public (uint Present, uint Switch) ReadIndications(ref BitReader reader)
    {
        uint present = 0, entry = 0;
        for (var target = 0; target < DecodeTargetCount; target++)
        {
            var indication = reader.ReadBits(2);
            if (indication != NotPresent) present |= 1u << target;
            if (indication == Switch) entry |= 1u << target;
        }

        return (present, entry);
    }

    /// <summary>False if malformed; the content is undefined then.</summary>
    public bool TryRead(ref BitReader reader)
    {
        _offset = (int)reader.ReadBits(6);
        DecodeTargetCount = (int)reader.ReadBits(5) + 1;
        return TryReadLayers(ref reader) && TryReadDependencies(ref reader) && TrySkipChains(ref reader) && TryReadResolutions(ref reader);
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
    private bool TryReadDependencies(ref BitReader reader)
    {
        Array.Clear(_targetSpatialLayers);
        Array.Clear(_targetTemporalLayers);
        for (var i = 0; i < _count; i++)
        {
            (_presentTargets[i], _switchTargets[i]) = ReadIndications(ref reader);
            for (var target = 0; target < DecodeTargetCount; target++)
            {
                if ((_presentTargets[i] >> target & 1) == 0) continue;
                _targetSpatialLayers[target] = Math.Max(_targetSpatialLayers[target], _spatialLayers[i]);
                _targetTemporalLayers[target] = Math.Max(_targetTemporalLayers[target], _temporalLayers[i]);
            }
        }

        for (var i = 0; i < _count; i++)
        {
            _differences[i] = 0;
            while (reader.ReadFlag()) _differences[i] |= (ushort)(1 << (int)reader.ReadBits(4)); // written less one
        }

        return !reader.Failed;
    }

    /// <summary>
    /// Chains tell a receiver early that something is missing. Who forwards knows what it left out, so it goes by the frame
    /// differences, which say the same in more detail.
    /// </summary>
    private bool TrySkipChains(ref BitReader reader)
    {
        ChainCount = (int)reader.ReadNonSymmetric((uint)DecodeTargetCount + 1);
        if (ChainCount == 0) return !reader.Failed;
        for (var i = 0; i < DecodeTargetCount; i++) reader.ReadNonSymmetric((uint)ChainCount);
        reader.Skip(4 * ChainCount * _count);
        return !reader.Failed;
    }

    private bool TryReadResolutions(ref BitReader reader)
    {
        Array.Clear(_heights);
        if (!reader.ReadFlag()) return !reader.Failed;
        for (var spatial = 0; spatial <= MaxSpatialLayer; spatial++)
        {
            reader.Skip(16);
            _heights[spatial] = (ushort)Math.Min(reader.ReadBits(16) + 1, ushort.MaxValue);
        }

        return !reader.Failed;
    }
}
