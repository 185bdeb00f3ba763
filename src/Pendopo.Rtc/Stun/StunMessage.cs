using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Pendopo.Rtc.Transport;

namespace Pendopo.Rtc.Stun;

/// <summary>
/// A view of a received STUN message (RFC 8489). Parsing checks the structure and finds the attributes; it copies and
/// allocates nothing. Whether the message is genuine is asked separately: <see cref="VerifyFingerprint"/> and
/// <see cref="VerifyIntegrity"/>.
/// </summary>
[SuppressMessage("Performance", "CA1815", Justification = "A ref struct is never compared.")]
public readonly ref struct StunMessage
{
    /// <summary>What FINGERPRINT is XORed with, so that it differs from a CRC of another protocol (§14.7).</summary>
    internal const uint FingerprintMask = 0x5354554E;

    private readonly ReadOnlySpan<byte> _message;
    private readonly Attributes _attributes;

    private StunMessage(ReadOnlySpan<byte> message, StunClass @class, ushort method, Attributes attributes)
    {
        _message = message;
        _attributes = attributes;
        Class = @class;
        Method = method;
    }

    public StunClass Class { get; }

    /// <summary>The method; 1 is binding, the only one of ICE.</summary>
    public ushort Method { get; }

    public bool IsBinding => Method == StunHeader.BindingMethod;

    /// <summary>The 96 bits that pair a response with its request.</summary>
    public ReadOnlySpan<byte> TransactionId => _message.Slice(8, StunHeader.TransactionIdLength);

    public bool HasUsername => _attributes.Username != 0;

    /// <summary>USERNAME as UTF-8; empty when absent.</summary>
    public ReadOnlySpan<byte> Username => Value(_attributes.Username);

    public ReadOnlySpan<byte> Realm => Value(_attributes.Realm);

    public ReadOnlySpan<byte> Nonce => Value(_attributes.Nonce);

    public bool HasIntegrity => _attributes.Integrity != 0;

    public bool HasFingerprint => _attributes.Fingerprint != 0;

    /// <summary>The checks with this attribute nominate (RFC 8445 §7.1.2).</summary>
    public bool UseCandidate => _attributes.UseCandidate != 0;

    /// <summary>PRIORITY, or null when absent.</summary>
    public uint? Priority => _attributes.Priority == 0 ? null : BinaryPrimitives.ReadUInt32BigEndian(Value(_attributes.Priority));

    /// <summary>The tie-breaker of a peer that thinks it controls, or null.</summary>
    public ulong? IceControlling => TieBreaker(_attributes.IceControlling);

    /// <summary>The tie-breaker of a peer that thinks it is controlled, or null.</summary>
    public ulong? IceControlled => TieBreaker(_attributes.IceControlled);

    /// <summary>ERROR-CODE as a number from 300 to 699, or null when absent.</summary>
    public int? ErrorCode
    {
        get
        {
            var value = Value(_attributes.ErrorCode);
            return value.Length < 4 ? null : ((value[2] & 7) * 100) + value[3];
        }
    }

    /// <summary>True when an attribute that must be understood is not; such a request is answered by 420 (§6.3.1).</summary>
    public bool HasUnknownAttributes => _attributes.HasUnknown;

    /// <summary>
    /// Reads <paramref name="datagram"/>, which must hold exactly one message. Attributes behind MESSAGE-INTEGRITY are not
    /// covered by it and are ignored, but for FINGERPRINT, which must come last (§14.5, §14.7).
    /// </summary>
    /// <returns>False when the structure is wrong in any way.</returns>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out StunMessage message)
    {
        message = default;
        if (datagram.Length is < StunHeader.Length or > StunHeader.MaximumMessageLength || (datagram[0] & 0xC0) != 0) return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if ((length & 3) != 0 || length + StunHeader.Length != datagram.Length) return false;
        if (BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) != StunHeader.MagicCookie) return false;

        if (!TryFindAttributes(datagram, out var attributes)) return false;
        var type = BinaryPrimitives.ReadUInt16BigEndian(datagram);
        var @class = (StunClass)(((type >> 4) & 1) | ((type >> 7) & 2));
        var method = (ushort)((type & 0x000F) | ((type >> 1) & 0x0070) | ((type >> 2) & 0x0F80));
        message = new(datagram, @class, method, attributes);
        return true;
    }

    /// <summary>True when FINGERPRINT is present and right.</summary>
    public bool VerifyFingerprint()
    {
        if (_attributes.Fingerprint == 0) return false;
        var expected = Crc32.Compute(_message[.._attributes.Fingerprint]) ^ FingerprintMask;
        return BinaryPrimitives.ReadUInt32BigEndian(Value(_attributes.Fingerprint)) == expected;
    }

    /// <summary>
    /// True when MESSAGE-INTEGRITY is present and is the HMAC-SHA1 under <paramref name="key"/> (§14.5). The comparison takes
    /// the same time wherever the difference lies.
    /// </summary>
    public bool VerifyIntegrity(ReadOnlySpan<byte> key)
    {
        if (_attributes.Integrity == 0) return false;
        Span<byte> expected = stackalloc byte[StunHeader.IntegrityLength];
        ComputeIntegrity(_message[.._attributes.Integrity], key, expected);
        return CryptographicOperations.FixedTimeEquals(expected, Value(_attributes.Integrity));
    }

    /// <summary>Reads XOR-MAPPED-ADDRESS (§14.2); false when it is absent or of an unknown family.</summary>
    public bool TryGetXorMappedAddress(out TransportAddress address)
    {
        address = default;
        var value = Value(_attributes.XorMappedAddress);
        if (value.Length < 8) return false;
        var port = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ (StunHeader.MagicCookie >> 16));
        switch (value[1])
        {
            case 1 when value.Length == 8:
                address = TransportAddress.FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(value[4..]) ^ StunHeader.MagicCookie, port);
                return true;
            case 2 when value.Length == 20:
                var mask = BinaryPrimitives.ReadUInt128BigEndian(_message[4..]);
                address = TransportAddress.Udp(BinaryPrimitives.ReadUInt128BigEndian(value[4..]) ^ mask, port);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Copies the types of the attributes that should be understood and are not; returns how many were written.</summary>
    public int CopyUnknownAttributes(Span<ushort> types)
    {
        var count = 0;
        for (var offset = StunHeader.Length; offset < _message.Length && count < types.Length;)
        {
            var type = BinaryPrimitives.ReadUInt16BigEndian(_message[offset..]);
            if (type == StunAttribute.MessageIntegrity) break;
            if (StunAttribute.IsComprehensionRequired(type) && !IsKnown(type)) types[count++] = type;
            offset += StunHeader.AttributeHeaderLength + Padded(BinaryPrimitives.ReadUInt16BigEndian(_message[(offset + 2)..]));
        }

        return count;
    }

    internal static int Padded(int length) => (length + 3) & ~3;

    /// <summary>
    /// HMAC-SHA1 over the message before MESSAGE-INTEGRITY, with the header's length as if that attribute ended it (§14.5).
    /// </summary>
    internal static void ComputeIntegrity(ReadOnlySpan<byte> before, ReadOnlySpan<byte> key, Span<byte> destination)
    {
        Span<byte> copy = stackalloc byte[StunHeader.MaximumMessageLength];
        copy = copy[..before.Length];
        before.CopyTo(copy);
        var length = before.Length - StunHeader.Length + StunHeader.AttributeHeaderLength + StunHeader.IntegrityLength;
        BinaryPrimitives.WriteUInt16BigEndian(copy[2..], (ushort)length);
        HMACSHA1.HashData(key, copy, destination);
    }

    private static bool TryFindAttributes(ReadOnlySpan<byte> datagram, out Attributes found)
    {
        found = default;
        for (var offset = StunHeader.Length; offset < datagram.Length;)
        {
            // Both the length and the offset are multiples of 4, so the attribute's header is always inside.
            var type = BinaryPrimitives.ReadUInt16BigEndian(datagram[offset..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[(offset + 2)..]);
            var end = offset + StunHeader.AttributeHeaderLength + Padded(length);
            if (end > datagram.Length || found.Fingerprint != 0) return false;
            if (found.Integrity == 0 || type == StunAttribute.Fingerprint)
            {
                if (!found.TryNote(type, length, (ushort)offset)) return false;
            }

            offset = end;
        }

        return true;
    }

    private static bool IsKnown(ushort type) => type is StunAttribute.Username or StunAttribute.MessageIntegrity
        or StunAttribute.ErrorCode or StunAttribute.UnknownAttributes or StunAttribute.XorMappedAddress or StunAttribute.Priority
        or StunAttribute.UseCandidate or StunAttribute.Realm or StunAttribute.Nonce or StunAttribute.MessageIntegritySha256;

    private ulong? TieBreaker(ushort offset) => offset == 0 ? null : BinaryPrimitives.ReadUInt64BigEndian(Value(offset));

    /// <summary>The value of the attribute whose header lies at <paramref name="offset"/>; 0 stands for absent.</summary>
    private ReadOnlySpan<byte> Value(ushort offset) => offset == 0
        ? default
        : _message.Slice(offset + StunHeader.AttributeHeaderLength, BinaryPrimitives.ReadUInt16BigEndian(_message[(offset + 2)..]));

    /// <summary>Where each known attribute starts; the first of a kind counts (§14).</summary>
    private struct Attributes
    {
        public ushort Username;
        public ushort Realm;
        public ushort Nonce;
        public ushort Integrity;
        public ushort Fingerprint;
        public ushort ErrorCode;
        public ushort XorMappedAddress;
        public ushort Priority;
        public ushort UseCandidate;
        public ushort IceControlling;
        public ushort IceControlled;
        public bool HasUnknown;

        public bool TryNote(ushort type, int length, ushort offset)
        {
            switch (type)
            {
                case StunAttribute.Username: return Keep(ref Username, offset, length <= 513);
                case StunAttribute.Realm: return Keep(ref Realm, offset, length <= 763);
                case StunAttribute.Nonce: return Keep(ref Nonce, offset, length <= 763);
                case StunAttribute.MessageIntegrity: return Keep(ref Integrity, offset, length == StunHeader.IntegrityLength);
                case StunAttribute.Fingerprint: return Keep(ref Fingerprint, offset, length == 4);
                case StunAttribute.ErrorCode: return Keep(ref ErrorCode, offset, length >= 4);
                case StunAttribute.XorMappedAddress: return Keep(ref XorMappedAddress, offset, length is 8 or 20);
                case StunAttribute.Priority: return Keep(ref Priority, offset, length == 4);
                case StunAttribute.UseCandidate: return Keep(ref UseCandidate, offset, length == 0);
                case StunAttribute.IceControlling: return Keep(ref IceControlling, offset, length == 8);
                case StunAttribute.IceControlled: return Keep(ref IceControlled, offset, length == 8);
                default:
                    HasUnknown |= StunAttribute.IsComprehensionRequired(type) && !IsKnown(type);
                    return true;
            }
        }

        private static bool Keep(ref ushort slot, ushort offset, bool wellFormed)
        {
            if (slot == 0) slot = offset;
            return wellFormed;
        }
    }
}
