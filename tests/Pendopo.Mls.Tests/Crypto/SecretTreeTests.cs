using System.Text.Json;
using Pendopo.Mls.Crypto;
using Xunit;

namespace Pendopo.Mls.Tests.Crypto;

public sealed class SecretTreeTests
{
    private static readonly SymmetricSuite Suite = Get(1);

    public static TheoryData<int> Suites => [1, 2, 3, 4, 5, 6, 7];

    [Theory]
    [MemberData(nameof(Suites))]
    public void Sender_data_and_ratchets_agree_with_the_published_vectors(int suite)
    {
        var crypto = Get(suite);
        var cases = Vectors.Read("secret-tree.json").Where(vector => vector.Number("cipher_suite") == suite).ToList();
        Assert.NotEmpty(cases);
        foreach (var vector in cases)
        {
            var sender = vector.GetProperty("sender_data");
            using var senderKey = crypto.SenderDataKey(sender.Hex("sender_data_secret"), sender.Hex("ciphertext"));
            Assert.Equal(sender.Hex("key"), senderKey.Key.ToArray());
            Assert.Equal(sender.Hex("nonce"), senderKey.Nonce.ToArray());

            var leaves = vector.GetProperty("leaves");
            using var tree = new SecretTree(crypto, vector.Hex("encryption_secret"), (uint)leaves.GetArrayLength());
            foreach (var (leaf, generations) in leaves.EnumerateArray().Index())
            {
                foreach (var expected in generations.EnumerateArray())
                {
                    AssertKey(tree, (uint)leaf, RatchetKind.Application, expected, "application");
                    AssertKey(tree, (uint)leaf, RatchetKind.Handshake, expected, "handshake");
                }
            }
        }
    }

    [Fact]
    public void Leaves_and_generations_may_come_in_any_order_and_each_key_comes_once()
    {
        using var forward = NewTree();
        using var shuffled = NewTree();
        var expected = new Dictionary<(uint, uint), byte[]>();
        for (uint leaf = 0; leaf < 8; leaf++)
        {
            for (uint generation = 0; generation < 20; generation++) expected[(leaf, generation)] = Take(forward, leaf, generation);
        }

        var order = expected.Keys.ToArray();
        new Random(5).Shuffle(order);
        foreach (var (leaf, generation) in order)
        {
            Assert.Equal(expected[(leaf, generation)], Take(shuffled, leaf, generation));
            Assert.Equal(RatchetError.Consumed, shuffled.TryTake(leaf, RatchetKind.Application, generation, out var again));
            Assert.Null(again);
        }

        Assert.Equal(160, expected.Values.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void A_sender_walks_the_generations_that_a_receiver_takes()
    {
        using var sender = NewTree();
        using var receiver = NewTree();
        for (uint i = 0; i < 5; i++)
        {
            Assert.Equal(RatchetError.None, sender.TryNext(3, RatchetKind.Handshake, out var generation, out var key));
            Assert.Equal(i, generation);
            Assert.Equal(RatchetError.None, receiver.TryTake(3, RatchetKind.Handshake, generation, out var same));
            Assert.Equal(key!.Key.ToArray(), same!.Key.ToArray());
            Assert.Equal(key.Nonce.ToArray(), same.Nonce.ToArray());
        }
    }

    [Fact]
    public void A_generation_too_far_ahead_is_refused_without_losing_the_ratchet()
    {
        using var tree = NewTree();
        Assert.Equal(RatchetError.TooFarAhead, tree.TryTake(0, RatchetKind.Application, SecretTree.MaximumSkip + 1, out _));
        Assert.Equal(RatchetError.TooFarAhead, tree.TryTake(0, RatchetKind.Application, uint.MaxValue, out _));
        Assert.Equal(RatchetError.None, tree.TryTake(0, RatchetKind.Application, SecretTree.MaximumSkip, out _));
        Assert.Equal(RatchetError.None, tree.TryTake(0, RatchetKind.Application, 0, out _));
    }

    [Fact]
    public void Skipped_keys_are_bounded_and_the_oldest_go_first()
    {
        using var tree = NewTree();
        for (uint jump = 1; jump <= 3; jump++)
        {
            Assert.Equal(RatchetError.None, tree.TryTake(0, RatchetKind.Application, (jump * (SecretTree.MaximumSkip + 1)) - 1, out _));
        }

        Assert.Equal(RatchetError.Consumed, tree.TryTake(0, RatchetKind.Application, 0, out _));
        Assert.Equal(RatchetError.Consumed, tree.TryTake(0, RatchetKind.Application, SecretTree.MaximumSkip - 1, out _));
        Assert.Equal(RatchetError.None, tree.TryTake(0, RatchetKind.Application, SecretTree.MaximumSkip + 1, out _));
    }

    [Fact]
    public void A_leaf_outside_the_tree_is_unknown()
    {
        using var tree = NewTree();
        Assert.Equal(RatchetError.UnknownLeaf, tree.TryTake(8, RatchetKind.Application, 0, out _));
        Assert.Equal(RatchetError.UnknownLeaf, tree.TryNext(uint.MaxValue, RatchetKind.Application, out _, out _));
    }

    private static SecretTree NewTree() => new(Suite, [.. Enumerable.Range(1, 32).Select(value => (byte)value)], 8);

    private static byte[] Take(SecretTree tree, uint leaf, uint generation)
    {
        Assert.Equal(RatchetError.None, tree.TryTake(leaf, RatchetKind.Application, generation, out var key));
        return [.. key!.Key, .. key.Nonce];
    }

    private static void AssertKey(SecretTree tree, uint leaf, RatchetKind kind, JsonElement expected, string name)
    {
        Assert.Equal(RatchetError.None, tree.TryTake(leaf, kind, expected.Number("generation"), out var key));
        Assert.Equal(expected.Hex($"{name}_key"), key!.Key.ToArray());
        Assert.Equal(expected.Hex($"{name}_nonce"), key.Nonce.ToArray());
        key.Dispose();
        Assert.True(key.Key.IndexOfAnyExcept((byte)0) < 0);
    }

    private static SymmetricSuite Get(int suite) =>
        SymmetricSuite.TryGet((CipherSuite)suite, out var crypto) ? crypto : throw new ArgumentOutOfRangeException(nameof(suite));
}
