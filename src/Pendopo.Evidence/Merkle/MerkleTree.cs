using System.Numerics;

namespace Pendopo.Evidence.Merkle;

/// <summary>
/// An append-only Merkle tree (RFC 9162 section 2.1) that answers for each of its past sizes. It keeps the hashes of all perfect
/// subtrees, about two per entry, so a root or a proof costs a number of hashes that grows with the logarithm of the size. Not safe
/// for several threads while entries are added.
/// </summary>
public sealed class MerkleTree
{
    /// <summary>At level k, item i is the hash of entries i·2^k to (i+1)·2^k - 1.</summary>
    private readonly List<List<MerkleHash>> _levels = [[]];

    /// <summary>Entries.</summary>
    public int Count => _levels[0].Count;

    /// <summary>The root of the whole tree.</summary>
    public MerkleHash Root => RootOf(Count);

    /// <summary>Adds an entry and returns its index.</summary>
    public int Append(ReadOnlySpan<byte> entry) => Append(MerkleHash.OfLeaf(entry));

    /// <summary>Adds an entry of which only the leaf hash is known, and returns its index.</summary>
    public int Append(MerkleHash leaf)
    {
        _levels[0].Add(leaf);
        for (var level = 0; _levels[level].Count % 2 == 0; level++)
        {
            if (level + 1 == _levels.Count) _levels.Add([]);
            _levels[level + 1].Add(MerkleHash.OfNode(_levels[level][^2], _levels[level][^1]));
        }

        return Count - 1;
    }

    /// <summary>The root when the tree had <paramref name="size"/> entries.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tree never had that size.</exception>
    public MerkleHash RootOf(int size)
    {
        ThrowIfUnknown(size);
        return size == 0 ? MerkleHash.OfNothing : HashOf(0, size);
    }

    /// <summary>
    /// The inclusion proof of section 2.1.3.1: what <see cref="MerkleProof.VerifyInclusion"/> needs to see that the entry stood at
    /// <paramref name="index"/> when the tree had <paramref name="size"/> entries.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The tree never had that size, or had no such entry then.</exception>
    public IReadOnlyList<MerkleHash> ProveInclusion(int index, int size)
    {
        ThrowIfUnknown(size);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<MerkleHash>();
        var (start, count) = (0, size);
        while (count > 1)
        {
            var left = LeftOf(count);
            if (index < start + left)
            {
                path.Add(HashOf(start + left, count - left));
                count = left;
            }
            else
            {
                path.Add(HashOf(start, left));
                (start, count) = (start + left, count - left);
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>
    /// The consistency proof of section 2.1.4.1: what <see cref="MerkleProof.VerifyConsistency"/> needs to see that the tree of
    /// <paramref name="second"/> entries begins with the tree of <paramref name="first"/>. Empty when either is trivial.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The tree never had one of the sizes, or the first is the larger.</exception>
    public IReadOnlyList<MerkleHash> ProveConsistency(int first, int second)
    {
        ThrowIfUnknown(second);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, second);
        if (first == 0 || first == second) return [];
        var path = new List<MerkleHash>();
        var (start, count, old) = (0, second, first);

        // While the old tree is the whole left part so far, the verifier knows its hash already.
        var isKnown = true;
        while (old < count)
        {
            var left = LeftOf(count);
            if (old <= left)
            {
                path.Add(HashOf(start + left, count - left));
                count = left;
            }
            else
            {
                path.Add(HashOf(start, left));
                (start, count, old, isKnown) = (start + left, count - left, old - left, false);
            }
        }

        if (!isKnown) path.Add(HashOf(start, count));
        path.Reverse();
        return path;
    }

    /// <summary>The largest power of two below a count of at least 2: the split of section 2.1.1.</summary>
    private static int LeftOf(int count) => 1 << BitOperations.Log2((uint)count - 1);

    /// <summary>The hash of a subtree whose start is a multiple of a power of two not below its count, as every split makes it.</summary>
    private MerkleHash HashOf(int start, int count)
    {
        if (BitOperations.IsPow2(count))
        {
            var level = BitOperations.Log2((uint)count);
            return _levels[level][start >> level];
        }

        var left = LeftOf(count);
        return MerkleHash.OfNode(HashOf(start, left), HashOf(start + left, count - left));
    }

    private void ThrowIfUnknown(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Count);
    }
}
