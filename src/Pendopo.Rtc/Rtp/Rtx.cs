using System.Buffers.Binary;

namespace Pendopo.Rtc.Rtp;

/// <summary>Retransmission in a stream of its own (RFC 4588 §4): the original sequence number stands before the payload.</summary>
public static class Rtx
{
    /// <summary>Bytes that encapsulation adds to a packet without padding.</summary>
    public const int OriginalSequenceNumberLength = 2;

    private const byte PaddingFlag = 0x20;
    private const byte MarkerFlag = 0x80;

    /// <summary>False for a payload without a number, as padding sent in the RTX stream has it.</summary>
    public static bool TryReadOriginalSequenceNumber(ReadOnlySpan<byte> payload, out ushort sequenceNumber) =>
        BinaryPrimitives.TryReadUInt16BigEndian(payload, out sequenceNumber);

    /// <summary>
    /// Writes <paramref name="original"/> as a retransmission: same header, extensions, timestamp and marker, with the RTX
    /// stream's payload type, sequence number and SSRC. Padding is not repeated. False if the destination is too short.
    /// </summary>
    public static bool TryEncapsulate(
        in RtpPacket original, byte payloadType, ushort sequenceNumber, uint ssrc, Span<byte> destination, out int length)
    {
        var headerLength = original.HeaderLength;
        var payload = original.Payload;
        length = headerLength + OriginalSequenceNumberLength + payload.Length;
        if (destination.Length < length)
        {
            length = 0;
            return false;
        }

        payload.CopyTo(destination[(headerLength + OriginalSequenceNumberLength)..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination[headerLength..], original.SequenceNumber);
        original.Bytes[..headerLength].CopyTo(destination);
        destination[0] &= unchecked((byte)~PaddingFlag);
        WriteIdentity(destination, payloadType, sequenceNumber, ssrc);
        return true;
    }

    /// <summary>
    /// Turns an RTX packet back into the original in place: the header moves up over the original sequence number, so the
    /// result is the packet without its first two bytes. Padding stays with it. False, with nothing changed, if it is malformed or has
    /// nothing behind the number, as padding that only probes.
    /// </summary>
    public static bool TryRestore(Span<byte> packet, byte payloadType, uint ssrc, out Span<byte> original)
    {
        original = default;
        if (!RtpPacket.TryParse(packet, out var view, out _)) return false;
        if (view.Payload.Length <= OriginalSequenceNumberLength || !TryReadOriginalSequenceNumber(view.Payload, out var sequenceNumber)) return false;

        var headerLength = view.HeaderLength;
        packet[..headerLength].CopyTo(packet[OriginalSequenceNumberLength..]);
        original = packet[OriginalSequenceNumberLength..];
        WriteIdentity(original, payloadType, sequenceNumber, ssrc);
        return true;
    }

    private static void WriteIdentity(Span<byte> packet, byte payloadType, ushort sequenceNumber, uint ssrc)
    {
        packet[1] = (byte)((packet[1] & MarkerFlag) | (payloadType & 0x7F));
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], ssrc);
    }
}
