using System.Security.Cryptography;
using Pendopo.Mls.Tree;

namespace Pendopo.Mls.Crypto;

/// <summary>Which of a member's two ratchets (RFC 9420 section 9.1).</summary>
public enum RatchetKind
{
    Handshake,
    Application,
}

/// <summary>Why a ratchet gave no key.</summary>
public enum RatchetError
{
    None,

    /// <summary>No such leaf in the tree.</summary>
    UnknownLeaf,

    /// <summary>The generation's key was given out before, or dropped because too many were waiting.</summary>
    Consumed,

    /// <summary>So far ahead that deriving it would be work an attacker can order.</summary>
    TooFarAhead,
}

/// <summary>
/// The secret tree of one epoch (RFC 9420 section 9): from one secret it derives, for each member, the keys of its messages. A secret is
/// erased as soon as what follows from it has been derived (section 9.2), so a stolen state does not open older messages, and each key
/// is given out once. Not safe for several threads.
/// </summary>
public sealed class SecretTree : IDisposable
{
    /// <summary>
    /// Generations that one request may skip. Ten seconds of a sender's lost messages at 100 a second; each costs three hashes.
    /// </summary>
    public const int MaximumSkip = 1000;

    /// <summary>Skipped keys kept per ratchet for late messages; the oldest go first.</summary>
    public const int MaximumKept = 2 * MaximumSkip;

    private readonly SymmetricSuite _suite;
    private readonly uint _leafCount;
    private readonly Dictionary<uint, byte[]> _nodeSecrets = [];
    private readonly Dictionary<(uint Leaf, RatchetKind Kind), Ratchet> _ratchets = [];

    /// <param name="leafCount">A power of two: the width of the ratchet tree.</param>
    /// <exception cref="ArgumentException">The secret has not the hash's length, or the width is no power of two.</exception>
    public SecretTree(SymmetricSuite suite, ReadOnlySpan<byte> encryptionSecret, uint leafCount)
    {
        ArgumentNullException.ThrowIfNull(suite);
        if (encryptionSecret.Length != suite.HashLength)
        {
            throw new ArgumentException("A secret has the length of the hash.", nameof(encryptionSecret));
        }

        _suite = suite;
        _leafCount = leafCount;
        _nodeSecrets.Add(TreeMath.Root(leafCount), encryptionSecret.ToArray());
    }

    /// <summary>The key of a member's next message, with its generation: for the sender.</summary>
    public RatchetError TryNext(uint leaf, RatchetKind kind, out uint generation, out RatchetKey? key)
    {
        generation = 0;
        key = null;
        if (leaf >= _leafCount) return RatchetError.UnknownLeaf;
        var ratchet = Open(leaf, kind);
        generation = ratchet.Generation;
        return ratchet.Take(generation, out key);
    }

    /// <summary>The key of one generation: for the receiver. The caller gets it once and erases it.</summary>
    public RatchetError TryTake(uint leaf, RatchetKind kind, uint generation, out RatchetKey? key)
    {
        key = null;
        return leaf >= _leafCount ? RatchetError.UnknownLeaf : Open(leaf, kind).Take(generation, out key);
    }

    public void Dispose()
    {
        foreach (var secret in _nodeSecrets.Values) CryptographicOperations.ZeroMemory(secret);
        foreach (var ratchet in _ratchets.Values) ratchet.Dispose();
        _nodeSecrets.Clear();
        _ratchets.Clear();
    }

    private Ratchet Open(uint leaf, RatchetKind kind)
    {
        if (_ratchets.TryGetValue((leaf, kind), out var ratchet)) return ratchet;
        var secret = TakeNodeSecret(2 * leaf);
        foreach (var each in new[] { RatchetKind.Handshake, RatchetKind.Application })
        {
            var label = each == RatchetKind.Handshake ? "handshake" : "application";
            _ratchets.Add((leaf, each), new(_suite, _suite.ExpandWithLabel(secret, label, [], _suite.HashLength)));
        }

        CryptographicOperations.ZeroMemory(secret);
        return _ratchets[(leaf, kind)];
    }

    /// <summary>Walks up to the lowest secret still held and down again, leaving only the secrets beside the path.</summary>
    private byte[] TakeNodeSecret(uint node)
    {
        if (!_nodeSecrets.Remove(node, out var secret))
        {
            var parent = TreeMath.Parent(node, _leafCount) ?? throw new ObjectDisposedException(nameof(SecretTree));
            var parentSecret = TakeNodeSecret(parent);
            var left = _suite.ExpandWithLabel(parentSecret, "tree", "left"u8, _suite.HashLength);
            var right = _suite.ExpandWithLabel(parentSecret, "tree", "right"u8, _suite.HashLength);
            CryptographicOperations.ZeroMemory(parentSecret);
            var isLeft = node < parent;
            _nodeSecrets.Add(TreeMath.Sibling(node, _leafCount)!.Value, isLeft ? right : left);
            secret = isLeft ? left : right;
        }

        return secret;
    }

    private sealed class Ratchet(SymmetricSuite suite, byte[] secret) : IDisposable
    {
        private readonly SortedDictionary<uint, RatchetKey> _kept = [];
        private byte[] _secret = secret;
        private bool _isExhausted;

        public uint Generation { get; private set; }

        public RatchetError Take(uint generation, out RatchetKey? key)
        {
            key = null;
            if (generation < Generation || _isExhausted) return _kept.Remove(generation, out key) ? RatchetError.None : RatchetError.Consumed;
            if (generation - Generation > MaximumSkip) return RatchetError.TooFarAhead;
            while (Generation < generation) Keep(Generation, Step());
            key = Step();
            return RatchetError.None;
        }

        public void Dispose()
        {
            CryptographicOperations.ZeroMemory(_secret);
            foreach (var key in _kept.Values) key.Dispose();
            _kept.Clear();
        }

        private RatchetKey Step()
        {
            var key = new RatchetKey(
                suite.DeriveTreeSecret(_secret, "key", Generation, suite.KeyLength),
                suite.DeriveTreeSecret(_secret, "nonce", Generation, SymmetricSuite.NonceLength));
            var next = suite.DeriveTreeSecret(_secret, "secret", Generation, suite.HashLength);
            CryptographicOperations.ZeroMemory(_secret);
            _secret = next;
            if (Generation == uint.MaxValue) _isExhausted = true;
            else Generation++;
            return key;
        }

        private void Keep(uint generation, RatchetKey key)
        {
            _kept.Add(generation, key);
            if (_kept.Count <= MaximumKept) return;
            var oldest = _kept.First();
            _kept.Remove(oldest.Key);
            oldest.Value.Dispose();
        }
    }
}
