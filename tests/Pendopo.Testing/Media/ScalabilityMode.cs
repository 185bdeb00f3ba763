using System.Globalization;
using System.Text.RegularExpressions;

namespace Pendopo.Testing.Media;

/// <summary>
/// A scalability mode (W3C WebRTC-SVC): L1–L3 spatial, T1–T3 temporal layers. With <c>_KEY</c> spatial layers refer to each other in key
/// pictures only.
/// </summary>
public sealed partial record ScalabilityMode(int Spatial, int Temporal, bool IsKeyMode)
{
    // Temporal layers of successive pictures.
    private static readonly byte[][] Patterns = [[0], [0, 1], [0, 2, 1, 2]];

    public static ScalabilityMode Parse(string name)
    {
        var match = Form().Match(name);
        if (!match.Success) throw new FormatException($"“{name}” is no scalability mode that can be made here.");
        return new(
            int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), match.Groups[3].Success);
    }

    public int PatternLength => Patterns[Temporal - 1].Length;

    /// <param name="picture">Pictures since the key picture.</param>
    public byte TemporalLayerOf(long picture) => Patterns[Temporal - 1][picture % PatternLength];

    /// <summary>How many pictures back the reference of a delta picture lies: the last one of a lower temporal layer, or of the lowest itself.</summary>
    public int ReferenceDistance(byte temporal) => temporal == 0 ? PatternLength : PatternLength >> temporal;

    /// <summary>A frame refers to the spatial layer below in its picture.</summary>
    public bool IsInterLayer(int spatial, bool isKeyPicture) => spatial > 0 && (isKeyPicture || !IsKeyMode);

    /// <summary>
    /// The frame's indication for a decode target (AV1 RTP specification, A.8.3): 0 not present, 1 discardable, 2 switch, 3 required.
    /// </summary>
    public int Indication(int spatial, int temporal, bool isKeyPicture, int targetSpatial, int targetTemporal)
    {
        if (spatial > targetSpatial || temporal > targetTemporal) return 0;
        if (IsKeyMode && !isKeyPicture && spatial < targetSpatial) return 0;
        if (spatial == targetSpatial && temporal == targetTemporal && temporal > 0) return 1;
        return isKeyPicture || spatial == targetSpatial ? 2 : 3;
    }

    [GeneratedRegex("^L([1-3])T([1-3])(_KEY)?$")]
    private static partial Regex Form();
}
