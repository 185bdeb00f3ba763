using System.Numerics;

namespace Pendopo.Evidence.Merkle;

/// <summary>
/// Checks proofs about a log that is not at hand. Everything given may come from an adversary: a wrong proof is false, never an
/// exception, and the work is bounded by 64 steps.
/// </summary>
public static class MerkleProof
{
    /// <summary>RFC 9162 section 2.1.3.2: the leaf stands at <paramref name="index"/> in the tree of that size and root.</summary>
    public static bool VerifyInclusion(MerkleHash leaf, ulong index, ulong size, IReadOnlyList<MerkleHash> path, MerkleHash root)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (index >= size) return false;
        var walk = new Walk(index, size - 1);
        var hash = leaf;
        foreach (var sibling in path)
        {
            if (walk.IsAtRoot) return false;
            hash = walk.Step() ? MerkleHash.OfNode(sibling, hash) : MerkleHash.OfNode(hash, sibling);
        }

        return walk.IsAtRoot && hash == root;
    }

    /// <summary>
    /// RFC 9162 section 2.1.4.2: the tree of <paramref name="second"/> entries is the one of <paramref name="first"/> entries with
    /// others appended. For equal sizes the roots must be equal, and everything begins with the empty tree; both have an empty proof.
    /// </summary>
    public static bool VerifyConsistency(
        ulong first, ulong second, MerkleHash firstRoot, MerkleHash secondRoot, IReadOnlyList<MerkleHash> path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (first > second) return false;
        if (first == second) return path.Count == 0 && firstRoot == secondRoot && (first > 0 || firstRoot == MerkleHash.OfNothing);
        if (first == 0) return path.Count == 0 && firstRoot == MerkleHash.OfNothing;

        // A first tree that is perfect is itself the start, and the proof leaves it out.
        var isPerfect = BitOperations.IsPow2(first);
        if (path.Count == 0) return false;
        var start = isPerfect ? firstRoot : path[0];
        var walk = Walk.FromBorder(first - 1, second - 1);
        var (oldHash, newHash) = (start, start);
        for (var i = isPerfect ? 0 : 1; i < path.Count; i++)
        {
            if (walk.IsAtRoot) return false;
            if (walk.Step())
            {
                oldHash = MerkleHash.OfNode(path[i], oldHash);
                newHash = MerkleHash.OfNode(path[i], newHash);
            }
            else
            {
                newHash = MerkleHash.OfNode(newHash, path[i]);
            }
        }

        return walk.IsAtRoot && oldHash == firstRoot && newHash == secondRoot;
    }

    /// <summary>The way from a node to the root, as the RFC's fn and sn: the node's and the last node's index at the same level.</summary>
    private struct Walk(ulong node, ulong last)
    {
        private ulong _node = node;
        private ulong _last = last;

        public readonly bool IsAtRoot => _last == 0;

        /// <summary>Begins at the largest perfect subtree that ends with the node.</summary>
        public static Walk FromBorder(ulong node, ulong last)
        {
            var height = BitOperations.TrailingZeroCount(~node);
            return height >= 64 ? new(0, 0) : new(node >> height, last >> height);
        }

        /// <summary>Goes up one node of the tree; true when the sibling stands at the left.</summary>
        public bool Step()
        {
            var isRight = (_node & 1) == 1;
            var isLeftSibling = isRight || _node == _last;
            if (isLeftSibling && !isRight)
            {
                // The last node of a level without a sibling rises until it is a right child.
                var height = BitOperations.TrailingZeroCount(_node);
                _node = height >= 64 ? 0 : _node >> height;
                _last = height >= 64 ? 0 : _last >> height;
            }

            _node >>= 1;
            _last >>= 1;
            return isLeftSibling;
        }
    }
}
