using Pendopo.Rtc;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// The last packets of one sound as they were sent to one receiver, encrypted, to be sent again byte by byte: a second, different packet
/// under the same SSRC and index would give the keystream away (RFC 3711 §9.1) and with GCM the authentication key (RFC 7714 §11.2),
/// while the same bytes tell nobody anything new. The receiver drops what it has already by its replay check.
/// </summary>
internal sealed class ProtectedPackets
{
    /// <summary>
    /// Bytes of a packet at most: Opus at 128 kb/s with header, extensions and tag. Music that needs more is not repeated.
    /// </summary>
    public const int MaximumLength = 448;

    /// <summary>A power of two: 640 ms of Opus, within which a player can still use a repair. 14 kB with <see cref="MaximumLength"/>.</summary>
    private const int Count = 32;

    /// <summary>Packets in which those are that may be due for a repeat: the second comes after three more.</summary>
    private const int Recent = 6;

    /// <summary>Later a player has given up, and what stands here was kept by a sound that paused.</summary>
    private static readonly TimeSpan MaximumAge = TimeSpan.FromMilliseconds(640);

    private readonly byte[] _bytes = new byte[Count * MaximumLength];
    private readonly Entry[] _entries = new Entry[Count];
    private int _stored;

    /// <param name="packet">As it is on the wire; a longer one than <see cref="MaximumLength"/> is not kept.</param>
    public void Store(Instant now, in KeptNumbers numbers, ReadOnlySpan<byte> packet)
    {
        if (packet.Length > MaximumLength) return;
        var index = _stored++ & (Count - 1);
        _entries[index] = new() { SentAt = now, Length = packet.Length, Numbers = numbers };
        packet.CopyTo(_bytes.AsSpan(index * MaximumLength));
    }

    /// <summary>The packet of a number, unless it is too old to be of use.</summary>
    public bool TryFind(Instant now, ushort sequence, out KeptNumbers numbers, out ReadOnlySpan<byte> packet)
    {
        for (var i = 0; i < Count; i++)
        {
            ref readonly var entry = ref _entries[i];
            if (entry.Length == 0 || entry.Numbers.Sequence != sequence || now - entry.SentAt > MaximumAge) continue;
            Lend(i, out numbers, out packet);
            return true;
        }

        numbers = default;
        packet = default;
        return false;
    }

    /// <summary>The oldest packet that is due for its next repeat; it then counts as repeated.</summary>
    /// <param name="delays">How long after the packet each of its copies is due.</param>
    public bool TryTakeDue(Instant now, ReadOnlySpan<TimeSpan> delays, out KeptNumbers numbers, out ReadOnlySpan<byte> packet)
    {
        for (var i = Math.Max(0, _stored - Recent); i < _stored; i++)
        {
            ref var entry = ref _entries[i & (Count - 1)];
            var age = now - entry.SentAt;
            if (entry.Repeated >= entry.Numbers.Copies || age < delays[entry.Repeated] || age > MaximumAge) continue;
            entry.Repeated++;
            Lend(i & (Count - 1), out numbers, out packet);
            return true;
        }

        numbers = default;
        packet = default;
        return false;
    }

    private void Lend(int index, out KeptNumbers numbers, out ReadOnlySpan<byte> packet)
    {
        ref readonly var entry = ref _entries[index];
        numbers = entry.Numbers;
        packet = _bytes.AsSpan(index * MaximumLength, entry.Length);
    }

    private struct Entry
    {
        public Instant SentAt;
        public int Length;
        public KeptNumbers Numbers;
        public int Repeated;
    }
}
