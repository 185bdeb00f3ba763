using Pendopo.Rtc.Transport;

namespace Pendopo.Rtc.Ice;

/// <summary>A ring of small messages that wait to be written, allocated once.</summary>
internal sealed class StunOutbox
{
    /// <summary>More than the checks that one receive batch of a peer can hold; beyond that the peer repeats itself.</summary>
    private const int Capacity = 16;

    /// <summary>
    /// A check with two fragments of 256 characters, the longest that RFC 8839 allows, is below 640 bytes.
    /// </summary>
    private const int MessageLength = 640;

    private readonly byte[] _bytes = new byte[Capacity * MessageLength];
    private readonly Datagram[] _datagrams = new Datagram[Capacity];
    private int _first;
    private int _count;

    public bool TryReserve(out Span<byte> buffer)
    {
        buffer = _count == Capacity ? default : _bytes.AsSpan((_first + _count) % Capacity * MessageLength, MessageLength);
        return _count < Capacity;
    }

    public void Commit(TransportAddress destination, int length) =>
        _datagrams[(_first + _count++) % Capacity] = new(destination, length);

    public bool TryTake(Span<byte> destination, out Datagram datagram)
    {
        datagram = default;
        if (_count == 0) return false;
        datagram = _datagrams[_first];
        _bytes.AsSpan(_first * MessageLength, datagram.Length).CopyTo(destination);
        _first = (_first + 1) % Capacity;
        _count--;
        return true;
    }
}
