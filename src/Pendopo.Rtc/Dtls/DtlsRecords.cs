using System.Buffers.Binary;

namespace Pendopo.Rtc.Dtls;

/// <summary>
/// Looks at the clear record headers of a datagram (RFC 6347 §4.1) before it costs a thread anything.
/// </summary>
internal static class DtlsRecords
{
    public const int MaximumDatagram = 1500;

    private const int HeaderLength = 13;
    private const byte ChangeCipherSpec = 20;
    private const byte ApplicationData = 23;
    private const byte Handshake = 22;
    private const byte ClientHello = 1;

    /// <summary>
    /// True when the datagram is a run of whole DTLS 1.x records. Once the handshake is done, records of epoch 0 prove nothing:
    /// of them only a repeated flight is let through, and never an alert, with which anybody could end the association.
    /// </summary>
    public static bool AreAcceptable(ReadOnlySpan<byte> datagram, bool handshakeDone)
    {
        if (datagram.Length is < HeaderLength or > MaximumDatagram) return false;
        while (!datagram.IsEmpty)
        {
            if (datagram.Length < HeaderLength) return false;
            var type = datagram[0];
            if (type is < ChangeCipherSpec or > ApplicationData || datagram[1] != 0xFE) return false;
            var epoch = BinaryPrimitives.ReadUInt16BigEndian(datagram[3..]);
            if (handshakeDone && epoch == 0 && type is not (Handshake or ChangeCipherSpec)) return false;
            var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[11..]);
            if (length == 0 || HeaderLength + length > datagram.Length) return false;
            datagram = datagram[(HeaderLength + length)..];
        }

        return true;
    }

    /// <summary>Takes the first record off an acceptable datagram.</summary>
    public static ReadOnlySpan<byte> TakeFirst(ref ReadOnlySpan<byte> datagram)
    {
        var length = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(datagram[11..]);
        var record = datagram[..length];
        datagram = datagram[length..];
        return record;
    }

    /// <summary>True when an acceptable datagram begins with a piece of a ClientHello, the only thing a server starts for.</summary>
    public static bool StartsHandshake(ReadOnlySpan<byte> datagram) =>
        datagram.Length > HeaderLength && datagram[0] == Handshake && datagram[3] == 0 && datagram[4] == 0 && datagram[HeaderLength] == ClientHello;
}
