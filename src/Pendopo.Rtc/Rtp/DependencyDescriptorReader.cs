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

    /// <summary>A template structure was read.</summary>
    public bool HasTemplates => _newest.DecodeTargetCount > 0;

    /// <summary>Decode targets of the newest structure; 0 before the first.</summary>
    public int DecodeTargetCount => _newest.DecodeTargetCount;

    /// <summary>The highest spatial layer of the newest structure.</summary>
    public byte MaxSpatialLayer => _newest.MaxSpatialLayer;

    /// <summary>The highest temporal layer of the newest structure.</summary>
    public byte MaxTemporalLayer => _newest.MaxTemporalLayer;

    /// <summary>
    /// False when malformed, or when the template structure it refers to was never seen. A malformed descriptor leaves the
    /// known structures as they were.
    /// </summary>
    public bool TryRead(ReadOnlySpan<byte> extension, out DependencyDescriptor descriptor)
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
        var hasActiveTargets = extended && reader.ReadFlag();
        var hasCustomTargetIndications = extended && reader.ReadFlag();
        var hasCustomDifferences = extended && reader.ReadFlag();
        var hasCustomChains = extended && reader.ReadFlag();

        if (hasStructure && !_scratch.TryRead(ref reader)) return false;

        var templates = hasStructure ? _scratch : _newest;
        if (!templates.TryFind(templateId, out var spatialLayer, out var temporalLayer))
        {
            if (hasStructure) return false;
            templates = _previous;
            if (!templates.TryFind(templateId, out spatialLayer, out temporalLayer)) return false;
        }

        uint? activeTargets = hasStructure ? AllTargets(templates.DecodeTargetCount) : null;
        if (hasActiveTargets) activeTargets = reader.ReadBits(templates.DecodeTargetCount);
        if (hasCustomTargetIndications) reader.Skip(2 * templates.DecodeTargetCount);
        if (hasCustomDifferences) SkipDifferences(ref reader);
        if (hasCustomChains) reader.Skip(8 * templates.ChainCount);
        if (reader.Failed) return false;

        if (hasStructure) Keep();
        descriptor = new DependencyDescriptor(startOfFrame, endOfFrame, templateId, frameNumber, hasStructure, spatialLayer, temporalLayer)
        {
            ActiveDecodeTargets = activeTargets,
        };
        return true;
    }

    /// <summary>Overwrites the frame number (and nothing else) in a copy of the extension. One that is too short is left alone.</summary>
    public static void RewriteFrameNumber(Span<byte> extension, ushort frameNumber)
    {
        if (extension.Length < MandatoryLength) return;
        BinaryPrimitives.WriteUInt16BigEndian(extension[1..], frameNumber);
    }

    /// <summary>Makes the structure just read the newest. A repetition under the same ids replaces it.</summary>
    private void Keep()
    {
        if (_scratch.HasSameIds(_newest)) (_newest, _scratch) = (_scratch, _newest);
        else (_newest, _previous, _scratch) = (_scratch, _newest, _previous);
    }

    /// <summary>Two bits give the width of the next difference in nibbles; 0 ends the list.</summary>
    private static void SkipDifferences(ref BitReader reader)
    {
        for (var nibbles = reader.ReadBits(2); nibbles != 0; nibbles = reader.ReadBits(2)) reader.Skip((int)nibbles * 4);
    }

    private static uint AllTargets(int count) => uint.MaxValue >> (32 - count);
}
