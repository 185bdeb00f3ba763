using System.Buffers.Binary;

namespace Pendopo.Rtc.Rtp;

/// <summary>
/// Reads the descriptors of one source; keeps the newest template structure, since later frames refer to it. Owned by one
/// thread.
/// <para>
/// The structure before the newest is kept too: around a key frame, late packets of earlier frames still name its templates.
/// Encoders give a new structure other template ids, so that a frame finds its own.
/// </para>
/// </summary>
public sealed class DependencyDescriptorReader
{
    /// <summary>Start and end flags, template id and frame number.</summary>
    private const int MandatoryLength = 3;

    private DependencyTemplates _newest = new();
    private DependencyTemplates _previous = new();
    private DependencyTemplates _scratch = new();
    private ushort _activeSince;
    private ushort _structureFrame;

    /// <summary>A template structure was read.</summary>
    public bool HasTemplates => _newest.DecodeTargetCount > 0;

    /// <summary>Decode targets of the newest structure; 0 before the first.</summary>
    public int DecodeTargetCount => _newest.DecodeTargetCount;

    /// <summary>The highest spatial layer of the newest structure.</summary>
    public byte MaxSpatialLayer => _newest.MaxSpatialLayer;

    /// <summary>The highest temporal layer of the newest structure.</summary>
    public byte MaxTemporalLayer => _newest.MaxTemporalLayer;

    /// <summary>
    /// The decode targets that are being sent, bit i for target i of the newest structure: what the newest frame that spoke of
    /// them said.
    /// </summary>
    public uint ActiveDecodeTargets { get; private set; }

    /// <summary>Counts the structures that were taken over; 0 before the first.</summary>
    public int Structure => _newest.Version;

    /// <summary>The largest spatial and temporal layer in a decode target of the newest structure.</summary>
    public (byte Spatial, byte Temporal) TargetLayers(int target) => _newest.TargetLayers(target);

    /// <summary>In the newest structure every frame of one target is a frame of another too: who gets that one can do with less at any time.</summary>
    public bool Contains(int target, int inner) => _newest.Contains(target, inner);

    /// <summary>Lines of a spatial layer's pictures in the newest structure; 0 where it does not say.</summary>
    public int Height(int spatialLayer) => _newest.Height(spatialLayer);

    /// <summary>
    /// False when malformed, or when the template structure it refers to was never seen. A malformed descriptor leaves the
    /// known structures as they were.
    /// </summary>
    public bool TryRead(ReadOnlySpan<byte> extension, out DependencyDescriptor descriptor) => TryRead(extension, remember: true, out descriptor);

    /// <summary>Like <see cref="TryRead(ReadOnlySpan{byte}, out DependencyDescriptor)"/> for a packet that was read before: nothing is taken over.</summary>
    public bool TryReadAgain(ReadOnlySpan<byte> extension, out DependencyDescriptor descriptor) => TryRead(extension, remember: false, out descriptor);

    /// <summary>The frame number, which can be read without any structure; false if there is not even that.</summary>
    public static bool TryReadFrameNumber(ReadOnlySpan<byte> extension, out ushort frameNumber)
    {
        frameNumber = extension.Length < MandatoryLength ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(extension[1..]);
        return extension.Length >= MandatoryLength;
    }

    /// <summary>Overwrites the frame number (and nothing else) in a copy of the extension. One that is too short is left alone.</summary>
    public static void RewriteFrameNumber(Span<byte> extension, ushort frameNumber)
    {
        if (extension.Length < MandatoryLength) return;
        BinaryPrimitives.WriteUInt16BigEndian(extension[1..], frameNumber);
    }

    private bool TryRead(ReadOnlySpan<byte> extension, bool remember, out DependencyDescriptor descriptor)
    {
        descriptor = default;
        if (extension.Length < MandatoryLength) return false;

        var reader = new BitReader(extension);
        var startOfFrame = reader.ReadFlag();
        var endOfFrame = reader.ReadFlag();
        var templateId = (byte)reader.ReadBits(6);
        var frameNumber = (ushort)reader.ReadBits(16);

        var extended = extension.Length > MandatoryLength;
        var hasStructure = extended && reader.ReadFlag();
        var hasMask = extended && reader.ReadFlag();
        var hasOwnIndications = extended && reader.ReadFlag();
        var hasOwnDifferences = extended && reader.ReadFlag();
        var hasOwnChains = extended && reader.ReadFlag();

        if (hasStructure && !_scratch.TryRead(ref reader)) return false;

        var templates = hasStructure ? _scratch : _newest;
        if (!templates.TryFind(templateId, out var template))
        {
            if (hasStructure) return false;
            templates = _previous;
            if (!templates.TryFind(templateId, out template)) return false;
        }

        var maskOffset = extended ? reader.Position : 0;
        uint? activeTargets = hasStructure ? AllTargets(templates.DecodeTargetCount) : null;
        if (hasMask) activeTargets = reader.ReadBits(templates.DecodeTargetCount);
        var (present, entry) = hasOwnIndications ? templates.ReadIndications(ref reader) : (templates.PresentTargets(template), templates.SwitchTargets(template));
        var differences = templates.Differences(template);
        var isFar = false;
        if (hasOwnDifferences) differences = ReadDifferences(ref reader, out isFar);
        if (hasOwnChains) reader.Skip(8 * templates.ChainCount);
        if (reader.Failed) return false;

        if (remember)
        {
            if (hasStructure) Keep(frameNumber);
            if (activeTargets is { } active && ReferenceEquals(templates, _newest)) KeepActive(frameNumber, active, hasStructure);
        }

        descriptor = new DependencyDescriptor(
            startOfFrame, endOfFrame, templateId, frameNumber, hasStructure, templates.SpatialLayer(template), templates.TemporalLayer(template))
        {
            ActiveDecodeTargets = activeTargets,
            PresentTargets = present,
            SwitchTargets = entry,
            Differences = differences,
            HasFarDifference = isFar,
            Structure = hasStructure && !remember ? _newest.Version : templates.Version,
            TargetCount = (byte)templates.DecodeTargetCount,
            MaskOffset = (ushort)maskOffset,
            HasMask = hasMask,
        };
        return true;
    }

    /// <summary>Makes the structure just read the newest. A repetition under the same ids replaces it.</summary>
    private void Keep(ushort frameNumber)
    {
        // Several packets of one key frame may carry it.
        var isSame = HasTemplates && frameNumber == _structureFrame && _scratch.HasSameIds(_newest);
        _scratch.Version = isSame ? _newest.Version : _newest.Version + 1;
        _structureFrame = frameNumber;
        if (_scratch.HasSameIds(_newest)) (_newest, _scratch) = (_scratch, _newest);
        else (_newest, _previous, _scratch) = (_scratch, _newest, _previous);
    }

    /// <summary>A late packet does not bring back what a newer one has changed.</summary>
    private void KeepActive(ushort frameNumber, uint targets, bool isNewStructure)
    {
        if (!isNewStructure && (short)(frameNumber - _activeSince) < 0) return;
        _activeSince = frameNumber;
        ActiveDecodeTargets = targets;
    }

    /// <summary>Two bits give the width of the next difference in nibbles; 0 ends the list.</summary>
    private static ulong ReadDifferences(ref BitReader reader, out bool isFar)
    {
        var differences = 0UL;
        isFar = false;
        for (var nibbles = reader.ReadBits(2); nibbles != 0; nibbles = reader.ReadBits(2))
        {
            var lessOne = reader.ReadBits((int)nibbles * 4);
            if (lessOne < 64) differences |= 1UL << (int)lessOne;
            else isFar = true;
        }

        return differences;
    }

    private static uint AllTargets(int count) => uint.MaxValue >> (32 - count);
}
