using System.Buffers.Binary;

namespace Pendopo.Rtc.Rtp;

/// <summary>
/// The transport-wide sequence number that TWCC feedback refers to
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 §2).
/// </summary>
public static class TransportSequence
{
    /// <summary>Bytes of the extension's value.</summary>
    public const int Length = 2;

    public static void Write(Span<byte> value, ushort sequenceNumber) => BinaryPrimitives.WriteUInt16BigEndian(value, sequenceNumber);

    /// <summary>Longer values, as version 2 of the extension has them, begin with the same number.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out ushort sequenceNumber) =>
        BinaryPrimitives.TryReadUInt16BigEndian(value, out sequenceNumber);
}
