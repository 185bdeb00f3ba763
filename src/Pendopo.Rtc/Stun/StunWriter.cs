using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Pendopo.Rtc.Transport;

namespace Pendopo.Rtc.Stun;

/// <summary>
/// Writes a STUN message (RFC 8489) into the caller's buffer without allocation. Attributes are written in the order of the
/// calls; <see cref="AddMessageIntegrity"/> and then <see cref="AddFingerprint"/> come last. A buffer that is too small is
/// remembered and told by <see cref="TryFinish"/>.
/// </summary>
[SuppressMessage("Performance", "CA1815", Justification = "A ref struct is never compared.")]
public ref struct StunWriter
{
    private readonly Span<byte> _buffer;
    private int _length;
    private bool _overflow;

    /// <summary>Starts a binding message.</summary>
    /// <param name="buffer">Where the message goes; 160 bytes hold every message of ICE with short user names.</param>
    /// <param name="class">Request, indication, success or error.</param>
    /// <param name="transactionId">12 bytes.</param>
    public StunWriter(Span<byte> buffer, StunClass @class, ReadOnlySpan<byte> transactionId)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(transactionId.Length, StunHeader.TransactionIdLength);
        _buffer = buffer.Length > StunHeader.MaximumMessageLength ? buffer[..StunHeader.MaximumMessageLength] : buffer;
        _overflow = buffer.Length < StunHeader.Length;
        _length = StunHeader.Length;
        if (_overflow) return;
        var type = StunHeader.BindingMethod | (((int)@class & 1) << 4) | (((int)@class & 2) << 7);
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)type);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], StunHeader.MagicCookie);
        transactionId.CopyTo(buffer[8..]);
    }

    /// <summary>Any other attribute, such as SOFTWARE (§14.14).</summary>
    public void AddAttribute(ushort type, ReadOnlySpan<byte> value)
    {
        var room = Add(type, value.Length);
        if (!room.IsEmpty) value.CopyTo(room);
    }

    public void AddUsername(ReadOnlySpan<byte> username) => AddAttribute(StunAttribute.Username, username);

    public void AddPriority(uint priority) => AddNumber(StunAttribute.Priority, priority);

    public void AddUseCandidate() => Add(StunAttribute.UseCandidate, 0);

    public void AddIceControlling(ulong tieBreaker) => AddTieBreaker(StunAttribute.IceControlling, tieBreaker);

    public void AddIceControlled(ulong tieBreaker) => AddTieBreaker(StunAttribute.IceControlled, tieBreaker);

    /// <summary>XOR-MAPPED-ADDRESS (§14.2), in the address's own family.</summary>
    public void AddXorMappedAddress(TransportAddress address)
    {
        var value = Add(StunAttribute.XorMappedAddress, address.IsIpv4 ? 8 : 20);
        if (value.IsEmpty) return;
        value[0] = 0;
        value[1] = (byte)(address.IsIpv4 ? 1 : 2);
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(address.Port ^ (StunHeader.MagicCookie >> 16)));
        if (address.IsIpv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value[4..], (uint)address.Ip ^ StunHeader.MagicCookie);
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(value[4..], address.Ip ^ BinaryPrimitives.ReadUInt128BigEndian(_buffer[4..]));
        }
    }

    /// <summary>ERROR-CODE (§14.8) with an ASCII reason phrase.</summary>
    public void AddErrorCode(int code, ReadOnlySpan<byte> reason)
    {
        var value = Add(StunAttribute.ErrorCode, 4 + reason.Length);
        if (value.IsEmpty) return;
        value[..2].Clear();
        value[2] = (byte)(code / 100);
        value[3] = (byte)(code % 100);
        reason.CopyTo(value[4..]);
    }

    /// <summary>UNKNOWN-ATTRIBUTES (§14.9), beside error 420.</summary>
    public void AddUnknownAttributes(ReadOnlySpan<ushort> types)
    {
        var value = Add(StunAttribute.UnknownAttributes, types.Length * 2);
        if (value.IsEmpty) return;
        for (var i = 0; i < types.Length; i++) BinaryPrimitives.WriteUInt16BigEndian(value[(2 * i)..], types[i]);
    }

    /// <summary>MESSAGE-INTEGRITY: HMAC-SHA1 over what is written so far (§14.5).</summary>
    public void AddMessageIntegrity(ReadOnlySpan<byte> key)
    {
        var before = _length;
        var value = Add(StunAttribute.MessageIntegrity, StunHeader.IntegrityLength);
        if (!value.IsEmpty) StunMessage.ComputeIntegrity(_buffer[..before], key, value);
    }

    /// <summary>FINGERPRINT: CRC-32 over what is written so far (§14.7).</summary>
    public void AddFingerprint()
    {
        var before = _length;
        var value = Add(StunAttribute.Fingerprint, 4);
        if (value.IsEmpty) return;
        WriteLength();
        BinaryPrimitives.WriteUInt32BigEndian(value, Crc32.Compute(_buffer[..before]) ^ StunMessage.FingerprintMask);
    }

    /// <summary>Ends the message; false when it did not fit.</summary>
    public bool TryFinish(out int length)
    {
        length = _overflow ? 0 : _length;
        if (!_overflow) WriteLength();
        return !_overflow;
    }

    private readonly void WriteLength() => BinaryPrimitives.WriteUInt16BigEndian(_buffer[2..], (ushort)(_length - StunHeader.Length));

    private void AddNumber(ushort type, uint number)
    {
        var value = Add(type, 4);
        if (!value.IsEmpty) BinaryPrimitives.WriteUInt32BigEndian(value, number);
    }

    private void AddTieBreaker(ushort type, ulong tieBreaker)
    {
        var value = Add(type, 8);
        if (!value.IsEmpty) BinaryPrimitives.WriteUInt64BigEndian(value, tieBreaker);
    }

    /// <summary>Makes room for an attribute; empty on overflow (and for attributes without a value).</summary>
    private Span<byte> Add(ushort type, int length)
    {
        var end = _length + StunHeader.AttributeHeaderLength + StunMessage.Padded(length);
        _overflow |= end > _buffer.Length;
        if (_overflow) return default;
        var header = _buffer[_length..end];
        BinaryPrimitives.WriteUInt16BigEndian(header, type);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)length);
        header[(StunHeader.AttributeHeaderLength + length)..].Clear();
        _length = end;
        return header.Slice(StunHeader.AttributeHeaderLength, length);
    }
}
