namespace Pendopo.Client.Sframe;

/// <summary>
/// Keys by key id, as RFC 9605 appendix A outlines: each encrypts or decrypts, never both, counts what it sends and remembers what it has
/// received. Allocates nothing per frame once its buffer has grown; not safe for several threads.
/// </summary>
public sealed class SframeContext(SframeCipherSuite suite) : IDisposable
{
    /// <summary>Frames one key may encrypt; far fewer than AES-GCM bears, far more than a meeting has.</summary>
    public const ulong CounterLimit = 1UL << 48;

    private readonly Dictionary<ulong, Entry> _keys = [];
    private byte[] _associatedData = new byte[256];

    /// <summary>Bytes of the tag in this suite.</summary>
    public int TagLength { get; } = SuiteParameters.Of(suite).TagLength;

    /// <summary>The counter of the next frame under a send key; 0 for a key that is not here.</summary>
    public ulong NextCounter(ulong keyId) => _keys.TryGetValue(keyId, out var entry) ? entry.Next : 0;

    /// <exception cref="ArgumentException">There is a key with this id: its counter must not begin again.</exception>
    public void AddSendKey(ulong keyId, ReadOnlySpan<byte> baseKey) => Add(keyId, baseKey, window: null);

    /// <exception cref="ArgumentException">There is a key with this id: its window must not be forgotten.</exception>
    public void AddReceiveKey(ulong keyId, ReadOnlySpan<byte> baseKey) => Add(keyId, baseKey, new ReplayWindow());

    /// <summary>Erases a key; false where there is none.</summary>
    public bool Remove(ulong keyId)
    {
        if (!_keys.Remove(keyId, out var entry)) return false;
        entry.Key.Dispose();
        return true;
    }

    /// <summary>Writes header ‖ ciphertext ‖ tag under the key's next counter.</summary>
    /// <param name="metadata">Authenticated beside the header (RFC 9605 §4.4.3).</param>
    public SframeError TryEncrypt(ulong keyId, ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> plaintext, Span<byte> destination, out int written)
    {
        written = 0;
        if (!_keys.TryGetValue(keyId, out var entry) || entry.Window is not null) return SframeError.UnknownKey;
        if (entry.Next >= CounterLimit) return SframeError.CounterUsedUp;
        var header = new SframeHeader(keyId, entry.Next);
        var headerLength = header.Length;
        var length = headerLength + plaintext.Length + TagLength;
        if (destination.Length < length) return SframeError.DestinationTooShort;
        entry.Next++; // before use: a counter is never used twice, whatever fails
        header.Write(destination);
        var associatedData = Join(destination[..headerLength], metadata);
        entry.Key.Encrypt(header.Counter, associatedData, plaintext, destination[headerLength..length]);
        written = length;
        return SframeError.None;
    }

    /// <summary>Writes the plaintext of an SFrame ciphertext: one key, one attempt. On any error nothing of it is told.</summary>
    /// <param name="header">What was read of the header; believe it only with <see cref="SframeError.None"/>.</param>
    public SframeError TryDecrypt(ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> ciphertext, Span<byte> destination, out int written, out SframeHeader header)
    {
        written = 0;
        if (!SframeHeader.TryParse(ciphertext, out header)) return SframeError.Malformed;
        var headerLength = header.Length;
        var length = ciphertext.Length - headerLength - TagLength;
        if (length < 0) return SframeError.Malformed;
        if (!_keys.TryGetValue(header.KeyId, out var entry) || entry.Window is not { } window) return SframeError.UnknownKey;
        if (!window.IsFresh(header.Counter)) return SframeError.Replayed;
        if (destination.Length < length) return SframeError.DestinationTooShort;
        var associatedData = Join(ciphertext[..headerLength], metadata);
        if (!entry.Key.TryDecrypt(header.Counter, associatedData, ciphertext[headerLength..], destination)) return SframeError.Undecryptable;
        window.Record(header.Counter);
        written = length;
        return SframeError.None;
    }

    /// <summary>Whether a key is here for receiving.</summary>
    public bool CanDecrypt(ulong keyId) => _keys.TryGetValue(keyId, out var entry) && entry.Window is not null;

    /// <summary>True for a receive key under which nothing was ever decrypted.</summary>
    public bool IsUnused(ulong keyId) => _keys.TryGetValue(keyId, out var entry) && entry.Window is { IsEmpty: true };

    public void Dispose()
    {
        foreach (var entry in _keys.Values) entry.Key.Dispose();
        _keys.Clear();
    }

    private void Add(ulong keyId, ReadOnlySpan<byte> baseKey, ReplayWindow? window)
    {
        if (_keys.ContainsKey(keyId)) throw new ArgumentException("There is a key with this id.", nameof(keyId));
        _keys.Add(keyId, new(SframeKey.Derive(suite, keyId, baseKey), window));
    }

    private ReadOnlySpan<byte> Join(ReadOnlySpan<byte> header, ReadOnlySpan<byte> metadata)
    {
        var length = header.Length + metadata.Length;
        if (_associatedData.Length < length) _associatedData = new byte[length * 2];
        header.CopyTo(_associatedData);
        metadata.CopyTo(_associatedData.AsSpan(header.Length));
        return _associatedData.AsSpan(0, length);
    }

    private sealed class Entry(SframeKey key, ReplayWindow? window)
    {
        public SframeKey Key { get; } = key;

        /// <summary>Of receive keys only.</summary>
        public ReplayWindow? Window { get; } = window;

        /// <summary>Of send keys: the counter of the next frame.</summary>
        public ulong Next { get; set; }
    }
}
