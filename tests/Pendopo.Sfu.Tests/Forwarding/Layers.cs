using System.Runtime.CompilerServices;
using Pendopo.Sfu.Forwarding;

namespace Pendopo.Sfu.Tests.Forwarding;

/// <summary>Layers for units that only tell them apart and need a clock rate.</summary>
internal static class Layers
{
    public static PublishedLayer New(int clockRate = 90_000) => new(null!, 0, "", 1, clockRate, nack: false);

    /// <summary>Peers whose identity alone counts.</summary>
    public static MediaPeer Peer() => (MediaPeer)RuntimeHelpers.GetUninitializedObject(typeof(MediaPeer));
}
