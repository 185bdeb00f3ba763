using System.Buffers.Binary;
using System.Security.Cryptography;
using Pendopo.Rtc;

namespace Pendopo.Client.Sframe;

/// <summary>
/// The frame keys of one member of a meeting: base keys by epoch (RFC 9605 §5.2), from which each sender's key follows when it is met. Sans-IO:
/// time is passed in. Not safe for several threads.
/// </summary>
public sealed class FrameKeys : IDisposable
{
    /// <summary>Bytes of a base key, AEAD.Nk of the suite.</summary>
    public const int BaseKeyLength = 32;

    /// <summary>Longest life of receive keys after their epoch: what was sent before the commit may still be on its way.</summary>
    public static readonly TimeSpan LongestRetirement = TimeSpan.FromSeconds(10);

    private const SframeCipherSuite Suite = SframeCipherSuite.Aes256GcmSha512Tag128;

    private readonly Dictionary<byte, Epoch> _epochs = [];

    /// <summary>Hashes of all base keys ever given, of which nothing follows.</summary>
    private readonly HashSet<UInt128> _given = [];

    private HashSet<ushort> _leaves = [];
    private (Epoch Epoch, FrameKeyId KeyId)? _sending;

    /// <summary>
    /// Takes an epoch's base key, MLS-Exporter("SFrame 1.0 Base Key", "", 32), for all leaves. Evicts an older epoch with the same low 8 bits,
    /// and one with the same number: where a commit was void, another takes its place.
    /// </summary>
    /// <exception cref="ArgumentException">A base key of another length, or one that was given before.</exception>
    public void AddEpoch(ulong epoch, ReadOnlySpan<byte> baseKey)
    {
        if (baseKey.Length != BaseKeyLength) throw new ArgumentException($"A base key has {BaseKeyLength} bytes.", nameof(baseKey));
        if (!_given.Add(Fingerprint(baseKey))) throw new ArgumentException("This base key was given before: its counters would begin again.", nameof(baseKey));
        if (_epochs.TryGetValue((byte)epoch, out var held)) Drop(held);

        _epochs.Add((byte)epoch, new Epoch(epoch, baseKey.ToArray(), new SframeContext(Suite)));
    }

    /// <summary>
    /// From now on frames are sent under (context, leaf, epoch). Where they were before, the counter goes on; another instance must come as
    /// another leaf.
    /// </summary>
    /// <exception cref="ArgumentException">The epoch is not held; then nothing is sent.</exception>
    public void SendAs(ushort leaf, ulong epoch, byte context)
    {
        StopSending();
        if (!_epochs.TryGetValue((byte)epoch, out var held) || held.Number != epoch) throw new ArgumentException("The epoch is not held.", nameof(epoch));
        var keyId = FrameKeyId.Of(context, leaf, epoch);
        if (held.Sent.Add(keyId))
        {
            held.Own.Add(leaf);
            // What claims to come from one's own leaf is a reflection or a forgery.
            foreach (var received in held.Received.Where(other => other.Leaf == leaf).ToList()) held.Forget(received);
            held.Keys.AddSendKey(keyId.Value, held.BaseKey);
        }

        _sending = (held, keyId);
    }

    /// <summary>Frames are refused from now on, never sent clear.</summary>
    public void StopSending() => _sending = null;

    /// <summary>Receive keys of the epoch are dropped at the moment, never later than <see cref="LongestRetirement"/> from now.</summary>
    public void RetireEpoch(Instant now, ulong epoch, Instant at)
    {
        if (!_epochs.TryGetValue((byte)epoch, out var held) || held.Number != epoch) return;
        var latest = now + LongestRetirement;
        var moment = at < latest ? at : latest;
        if (held.RetiresAt is not { } known || moment < known) held.RetiresAt = moment;
        Advance(now);
    }

    /// <summary>Drops the epochs whose moment has come.</summary>
    public void Advance(Instant now)
    {
        foreach (var held in _epochs.Values)
        {
            if (held.RetiresAt is { } moment && now >= moment) Drop(held);
        }
    }

    /// <summary>
    /// Leaves that may be heard; frames of others are refused at once. Whom one call leaves out is not heard again under the epochs that are held
    /// then: the number may be another's in a later one.
    /// </summary>
    public void SetLeaves(IEnumerable<ushort> leaves)
    {
        _leaves = [.. leaves];
        foreach (var held in _epochs.Values)
        {
            if (held.Leaves is { } stay) stay.IntersectWith(_leaves);
            else held.Leaves = [.. _leaves];
            foreach (var received in held.Received.Where(keyId => !held.Leaves.Contains(keyId.Leaf)).ToList()) held.Forget(received);
        }
    }

    public void Dispose()
    {
        foreach (var held in _epochs.Values) Drop(held);
    }

    /// <summary>Writes an SFrame ciphertext under the sending key.</summary>
    internal SframeError TryEncrypt(ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> plaintext, Span<byte> destination, out int written)
    {
        written = 0;
        return _sending is { } sending
            ? sending.Epoch.Keys.TryEncrypt(sending.KeyId.Value, metadata, plaintext, destination, out written)
            : SframeError.NotSending;
    }

    internal SframeError TryDecrypt(ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> ciphertext, Span<byte> destination, out int written, out FrameSender sender)
    {
        written = 0;
        sender = default;
        if (!SframeHeader.TryParse(ciphertext, out var header) || !FrameKeyId.TryParse(header.KeyId, out var keyId)) return SframeError.Malformed;
        if (!_epochs.TryGetValue(keyId.EpochBits, out var held)) return SframeError.UnknownKey;
        if (!(held.Leaves ?? _leaves).Contains(keyId.Leaf) || held.Own.Contains(keyId.Leaf) || _sending?.KeyId.Leaf == keyId.Leaf) return SframeError.ForeignLeaf;
        if (held.Received.Add(keyId)) held.Keys.AddReceiveKey(keyId.Value, held.BaseKey);
        var error = held.Keys.TryDecrypt(metadata, ciphertext, destination, out written, out header);
        if (error == SframeError.None) sender = new(keyId.Leaf, held.Number, header.Counter);
        else if (held.Keys.IsUnused(keyId.Value)) held.Forget(keyId); // made-up key ids must not fill the memory
        return error;
    }

    private static UInt128 Fingerprint(ReadOnlySpan<byte> baseKey)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(baseKey, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private void Drop(Epoch held)
    {
        _epochs.Remove((byte)held.Number);
        if (_sending?.Epoch == held) StopSending();
        held.Keys.Dispose();
        CryptographicOperations.ZeroMemory(held.BaseKey);
    }

    private sealed class Epoch(ulong number, byte[] baseKey, SframeContext keys)
    {
        public ulong Number { get; } = number;

        public byte[] BaseKey { get; } = baseKey;

        public SframeContext Keys { get; } = keys;

        /// <summary>Leaves that every call has named since the epoch was added; null before the first.</summary>
        public HashSet<ushort>? Leaves { get; set; }

        public HashSet<FrameKeyId> Sent { get; } = [];

        public HashSet<FrameKeyId> Received { get; } = [];

        /// <summary>One's own leaves in the epoch.</summary>
        public HashSet<ushort> Own { get; } = [];

        public Instant? RetiresAt { get; set; }

        public void Forget(FrameKeyId keyId)
        {
            Received.Remove(keyId);
            Keys.Remove(keyId.Value);
        }
    }
}
