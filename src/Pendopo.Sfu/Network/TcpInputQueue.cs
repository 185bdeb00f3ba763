using Pendopo.Rtc.Transport;

namespace Pendopo.Sfu.Network;

/// <summary>A bounded ring between the connections' readers and the one worker thread.</summary>
internal sealed class TcpInputQueue(int capacity)
{
    private readonly Lock _lock = new();
    private readonly (TcpConnection Source, PacketBuffer Packet)[] _ring = new (TcpConnection, PacketBuffer)[capacity];
    private int _start;
    private int _count;
    private bool _isClosed;

    public bool TryEnqueue(TcpConnection source, PacketBuffer packet)
    {
        lock (_lock)
        {
            if (_isClosed || _count == _ring.Length) return false;
            _ring[(_start + _count++) % _ring.Length] = (source, packet);
            return true;
        }
    }

    /// <summary>Takes nothing more; what is inside can still be taken out.</summary>
    public void Close()
    {
        lock (_lock) _isClosed = true;
    }

    public bool TryDequeue(out TransportAddress from, out PacketBuffer packet)
    {
        lock (_lock)
        {
            if (_count == 0)
            {
                from = default;
                packet = null!;
                return false;
            }

            (var source, packet) = _ring[_start];
            _ring[_start] = default;
            _start = (_start + 1) % _ring.Length;
            _count--;
            from = source.Address;
            source.InputTaken();
            return true;
        }
    }
}
