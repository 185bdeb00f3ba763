using CsCheck;
using Pendopo.Evidence.Merkle;
using Xunit;

namespace Pendopo.Evidence.Tests.Merkle;

public sealed class MerkleTests
{
    private static readonly Gen<Log> Logs = Gen.Byte.Array[0, 40].Array[1, 70].Select(NewLog);

    // Roots of the well-known eight entries of certificate transparency's reference implementations.
    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void Known_roots(int size, string root)
    {
        string[] entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
        var tree = Build([.. entries.Select(Convert.FromHexString)]);
        Assert.Equal(root, tree.RootOf(size).ToString());
    }

    [Fact]
    public void The_root_is_the_recursive_definition_at_every_size() =>
        Gen.Byte.Array[0, 10].Array[1, 60].Sample(entries =>
        {
            var tree = Build(entries);
            for (var size = 0; size <= entries.Length; size++) Assert.Equal(Definition(entries.AsSpan(0, size)), tree.RootOf(size));
        });

    [Fact]
    public void The_example_of_rfc_9162_has_the_proofs_that_it_draws()
    {
        // Section 2.1.5: seven entries; a to f, j are leaves, g to i and k, l inner nodes.
        var tree = Build([.. Enumerable.Range(0, 7).Select(i => new[] { (byte)i })]);
        var leaf = Enumerable.Range(0, 7).Select(i => MerkleHash.OfLeaf([(byte)i])).ToArray();
        var g = MerkleHash.OfNode(leaf[0], leaf[1]);
        var h = MerkleHash.OfNode(leaf[2], leaf[3]);
        var i = MerkleHash.OfNode(leaf[4], leaf[5]);
        var k = MerkleHash.OfNode(g, h);
        var l = MerkleHash.OfNode(i, leaf[6]);
        Assert.Equal([leaf[1], h, l], tree.ProveInclusion(0, 7));
        Assert.Equal([leaf[2], g, l], tree.ProveInclusion(3, 7));
        Assert.Equal([leaf[5], leaf[6], k], tree.ProveInclusion(4, 7));
        Assert.Equal([i, k], tree.ProveInclusion(6, 7));
        Assert.Equal([leaf[2], leaf[3], g, l], tree.ProveConsistency(3, 7));
        Assert.Equal([l], tree.ProveConsistency(4, 7));
        Assert.Equal([i, leaf[6], k], tree.ProveConsistency(6, 7));
    }

    [Fact]
    public void Every_inclusion_proof_of_a_random_tree_verifies() =>
        Logs.Sample(log =>
        {
            var tree = log.Tree;
            for (var size = 1; size <= tree.Count; size++)
            {
                for (var index = 0; index < size; index++)
                {
                    var path = tree.ProveInclusion(index, size);
                    Assert.True(MerkleProof.VerifyInclusion(log.Leaves[index], (ulong)index, (ulong)size, path, tree.RootOf(size)));
                }
            }
        }, iter: 20);

    [Fact]
    public void Every_consistency_proof_of_a_random_tree_verifies() =>
        Logs.Sample(log =>
        {
            var tree = log.Tree;
            for (var second = 0; second <= tree.Count; second++)
            {
                for (var first = 0; first <= second; first++)
                {
                    var path = tree.ProveConsistency(first, second);
                    Assert.True(MerkleProof.VerifyConsistency((ulong)first, (ulong)second, tree.RootOf(first), tree.RootOf(second), path));
                }
            }
        }, iter: 20);

    [Fact]
    public void Any_flipped_bit_of_an_inclusion_proof_fails() =>
        Gen.Select(Logs, Gen.Int[0, 1000], Gen.Int[0, 1000]).Sample((log, a, b) =>
        {
            var tree = log.Tree;
            var size = 1 + (a % tree.Count);
            var index = b % size;
            var path = tree.ProveInclusion(index, size);
            MerkleHash[] parts = [log.Leaves[index], tree.RootOf(size), .. path];
            foreach (var changed in WithOneBitFlipped(parts))
            {
                Assert.False(MerkleProof.VerifyInclusion(changed[0], (ulong)index, (ulong)size, changed[2..], changed[1]));
            }
        }, iter: 20);

    [Fact]
    public void Any_flipped_bit_of_a_consistency_proof_fails() =>
        Gen.Select(Logs, Gen.Int[0, 1000], Gen.Int[0, 1000]).Sample((log, a, b) =>
        {
            var tree = log.Tree;
            var second = 1 + (a % tree.Count);
            var first = 1 + (b % second);
            MerkleHash[] parts = [tree.RootOf(first), tree.RootOf(second), .. tree.ProveConsistency(first, second)];
            foreach (var changed in WithOneBitFlipped(parts))
            {
                Assert.False(MerkleProof.VerifyConsistency((ulong)first, (ulong)second, changed[0], changed[1], changed[2..]));
            }
        }, iter: 20);

    [Fact]
    public void A_proof_holds_for_no_other_place_and_with_no_part_more_or_less() =>
        Gen.Select(Logs, Gen.Int[0, 1000]).Sample((log, a) =>
        {
            var tree = log.Tree;
            var size = tree.Count;
            var index = a % size;
            var leaf = log.Leaves[index];
            var path = tree.ProveInclusion(index, size);
            for (var other = 0; other < size + 3; other++)
            {
                if (other != index) Assert.False(MerkleProof.VerifyInclusion(leaf, (ulong)other, (ulong)size, path, tree.Root));
            }

            if (path.Count > 0) Assert.False(MerkleProof.VerifyInclusion(leaf, (ulong)index, (ulong)size, [.. path.Skip(1)], tree.Root));
            if (path.Count > 0) Assert.False(MerkleProof.VerifyInclusion(leaf, (ulong)index, (ulong)size, [.. path.SkipLast(1)], tree.Root));
            Assert.False(MerkleProof.VerifyInclusion(leaf, (ulong)index, (ulong)size, [.. path, leaf], tree.Root));
        });

    [Fact]
    public void A_log_that_changed_an_old_entry_cannot_prove_consistency() =>
        Gen.Select(Gen.Byte.Array[1, 10].Array[2, 50], Gen.Int[0, 1000], Gen.Int[0, 1000]).Sample((entries, a, b) =>
        {
            var honest = Build(entries);
            var first = 1 + (a % (entries.Length - 1));
            var changedEntries = entries.Select(entry => entry.ToArray()).ToArray();
            changedEntries[b % first][0] ^= 1;
            var changed = Build(changedEntries);
            foreach (var path in new[] { honest.ProveConsistency(first, honest.Count), changed.ProveConsistency(first, changed.Count) })
            {
                Assert.False(MerkleProof.VerifyConsistency((ulong)first, (ulong)honest.Count, honest.RootOf(first), changed.Root, path));
            }
        });

    [Fact]
    public void Random_nonsense_is_false_and_never_throws()
    {
        var hash = Gen.Byte.Array[32].Select(bytes => MerkleHash.TryRead(bytes, out var value) ? value : default);
        Gen.Select(hash, hash, hash.Array[0, 70], Gen.ULong, Gen.ULong).Sample((first, second, path, a, b) =>
        {
            Assert.False(MerkleProof.VerifyInclusion(first, a, b, path, second));
            Assert.False(MerkleProof.VerifyConsistency(a, b, first, second, path));
        });
        Assert.False(MerkleProof.VerifyConsistency(ulong.MaxValue, ulong.MaxValue, default, MerkleHash.OfNothing, []));
        Assert.False(MerkleProof.VerifyInclusion(default, ulong.MaxValue - 1, ulong.MaxValue, [default], default));
    }

    [Fact]
    public void Trivial_consistency_is_not_given_away()
    {
        var tree = Build([[1], [2]]);
        Assert.True(MerkleProof.VerifyConsistency(0, 2, MerkleHash.OfNothing, tree.Root, []));
        Assert.False(MerkleProof.VerifyConsistency(0, 2, tree.Root, tree.Root, []));
        Assert.False(MerkleProof.VerifyConsistency(0, 0, tree.Root, tree.Root, []));
        Assert.False(MerkleProof.VerifyConsistency(1, 2, tree.Root, tree.Root, []));
        Assert.False(MerkleProof.VerifyConsistency(2, 1, tree.Root, tree.RootOf(1), []));
        Assert.False(MerkleProof.VerifyConsistency(2, 2, tree.Root, tree.Root, [tree.Root]));
    }

    [Fact]
    public void An_entry_cannot_pose_as_a_node()
    {
        var tree = Build([[1], [2]]);
        byte[] node = [.. MerkleHash.OfLeaf([1]).ToArray(), .. MerkleHash.OfLeaf([2]).ToArray()];
        Assert.NotEqual(tree.Root, MerkleHash.OfLeaf(node));
    }

    [Fact]
    public void Sizes_that_the_tree_never_had_are_a_bug_of_the_caller()
    {
        var tree = Build([[1]]);
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.RootOf(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveInclusion(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveConsistency(1, 0));
        Assert.False(MerkleHash.TryRead(new byte[31], out _));
    }

    private static MerkleTree Build(byte[][] entries)
    {
        var tree = new MerkleTree();
        foreach (var (index, entry) in entries.Index()) Assert.Equal(index, tree.Append(entry));
        return tree;
    }

    private static Log NewLog(byte[][] entries)
    {
        // Equal entries would rightly verify at each other's place.
        byte[][] distinct = [.. entries.Select((entry, index) => (byte[])[(byte)index, .. entry])];
        return new(Build(distinct), [.. distinct.Select(entry => MerkleHash.OfLeaf(entry))]);
    }

    private static IEnumerable<MerkleHash[]> WithOneBitFlipped(MerkleHash[] parts)
    {
        for (var part = 0; part < parts.Length; part++)
        {
            for (var bit = 0; bit < MerkleHash.Length * 8; bit++)
            {
                var bytes = parts[part].ToArray();
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                var changed = parts.ToArray();
                Assert.True(MerkleHash.TryRead(bytes, out changed[part]));
                yield return changed;
            }
        }
    }

    private static MerkleHash Definition(ReadOnlySpan<byte[]> entries)
    {
        if (entries.Length == 0) return MerkleHash.OfNothing;
        if (entries.Length == 1) return MerkleHash.OfLeaf(entries[0]);
        var split = 1;
        while (split * 2 < entries.Length) split *= 2;
        return MerkleHash.OfNode(Definition(entries[..split]), Definition(entries[split..]));
    }

    private sealed record Log(MerkleTree Tree, MerkleHash[] Leaves);
}
