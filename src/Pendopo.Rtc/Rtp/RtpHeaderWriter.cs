namespace Pendopo.Rtc.Rtp;

/// <summary>
/// Writes an RTP header with extensions into a lent buffer: fixed header first, then elements one by one, then
/// <see cref="Complete"/> which pads the block and returns the header length. Uses the one-byte form unless
/// <c>twoByte</c> is asked for (an id above 14 or a value longer than 16 bytes needs it).
/// </summary>
public ref struct RtpHeaderWriter
{
    public RtpHeaderWriter(Span<byte> destination, byte payloadType, bool marker, ushort sequenceNumber, uint timestamp, uint ssrc, bool twoByte = false) =>
        throw new NotSupportedException("not built yet");

    /// <summary>Adds an element; false (and nothing written) if it does not fit the form or the buffer. An id of 0 is ignored.</summary>
    public bool TryAdd(byte id, ReadOnlySpan<byte> value) => throw new NotSupportedException();

    /// <summary>Like <see cref="TryAdd"/> but leaves the value for the caller to fill in.</summary>
    public bool TryReserve(byte id, int length, out Span<byte> value) => throw new NotSupportedException();

    /// <summary>Ends the block; the payload starts at the returned offset.</summary>
    public int Complete() => throw new NotSupportedException();
}
