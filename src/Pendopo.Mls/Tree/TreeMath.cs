using System.Numerics;

namespace Pendopo.Mls.Tree;

/// <summary>
/// The array form of a full binary tree (RFC 9420 appendix C): leaf <c>i</c> is node <c>2i</c>, and a parent stands between its
/// children. The number of trailing one bits of a node is its height, so every relation is bit arithmetic. Trees of MLS
/// are always full: the number of leaves is a power of two.
/// </summary>
public static class TreeMath
{
    /// <summary>The largest tree whose nodes fit in 32 bits.</summary>
    public const uint MaximumLeafCount = 1U << 31;

    /// <exception cref="ArgumentException"><paramref name="leafCount"/> is not a power of two of at most 2^31.</exception>
    public static uint NodeCount(uint leafCount)
    {
        if (!BitOperations.IsPow2(leafCount)) throw new ArgumentException("A tree's number of leaves is a power of two.", nameof(leafCount));
        return (2 * (leafCount - 1)) + 1;
    }

    /// <summary>0 for a leaf.</summary>
    public static int Level(uint node) => BitOperations.TrailingZeroCount(~node);

    public static bool IsLeaf(uint node) => (node & 1) == 0;

    /// <exception cref="ArgumentException"><paramref name="leafCount"/> is not a power of two.</exception>
    public static uint Root(uint leafCount) => NodeCount(leafCount) >> 1;

    /// <summary>Null for a leaf.</summary>
    public static uint? Left(uint node) => IsLeaf(node) ? null : node ^ (1U << (Level(node) - 1));

    /// <summary>Null for a leaf.</summary>
    public static uint? Right(uint node) => IsLeaf(node) ? null : node ^ (3U << (Level(node) - 1));

    /// <summary>Null for the root.</summary>
    public static uint? Parent(uint node, uint leafCount)
    {
        ThrowIfOutside(node, leafCount);
        if (node == Root(leafCount)) return null;
        var level = Level(node);
        return (node | (1U << level)) & ~(1U << (level + 1));
    }

    /// <summary>Null for the root.</summary>
    public static uint? Sibling(uint node, uint leafCount) =>
        Parent(node, leafCount) is not { } parent ? null : node < parent ? Right(parent) : Left(parent);

    /// <summary>The parents of a node from the lowest to the root; empty for the root.</summary>
    public static IReadOnlyList<uint> DirectPath(uint node, uint leafCount)
    {
        var path = new List<uint>();
        while (Parent(node, leafCount) is { } parent) path.Add(node = parent);
        return path;
    }

    /// <summary>The sibling of a node and of each of its parents but the root, from the lowest.</summary>
    public static IReadOnlyList<uint> Copath(uint node, uint leafCount)
    {
        var path = new List<uint>();
        for (uint? at = node; at is { } current && Sibling(current, leafCount) is { } sibling; at = Parent(current, leafCount)) path.Add(sibling);
        return path;
    }

    /// <summary>True when <paramref name="node"/> is <paramref name="top"/> or below it.</summary>
    public static bool IsInSubtree(uint node, uint top)
    {
        var span = (1UL << Level(top)) - 1;
        return node + span >= top && node <= top + span;
    }

    private static void ThrowIfOutside(uint node, uint leafCount) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(node, NodeCount(leafCount));
}
