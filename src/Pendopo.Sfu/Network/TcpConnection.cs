using System.Buffers.Binary;
using System.Net.Sockets;
using Pendopo.Rtc.Transport;

namespace Pendopo.Sfu.Network;

/// <summary>
/// One ICE-TCP connection. Frames are a 16-bit length and that many bytes (RFC 4571). Reading is one asynchronous loop; sending
/// appends to a buffer under a lock while at most one send is under way, so that packets that come meanwhile leave together.
/// </summary>
internal sealed class TcpConnection : IDisposable
{
    /// <summary>What the send buffers start with; they double up to the limit when a peer is slow.</summary>
    private const int InitialSendBytes = 4 << 10;

    private const uint StunMagicCookie = 0x2112A442;
    private const int StunHeaderBytes = 20;

    private readonly TcpEndpoint _owner;
    private readonly Socket _socket;
    private readonly Lock _sendLock = new();
    private readonly SocketAsyncEventArgs _sendArguments = new(true);
    private byte[] _filling = new byte[InitialSendBytes];
    private byte[] _sending = new byte[InitialSendBytes];
    private int _filled;
    private int _sendOffset;
    private int _sendEnd;
    private bool _isSending;
    private int _isDisposed;
    private int _inputQueued;
    private int _isEstablished;
    private long _lastReceived;

    public TcpConnection(TcpEndpoint owner, Socket socket, TransportAddress address, long timestamp)
    {
        _owner = owner;
        _socket = socket;
        _socket.Blocking = false;
        Address = address;
        AcceptedAt = timestamp;
        _lastReceived = timestamp;
        _sendArguments.Completed += (_, _) => ContinueSending(hasCompleted: true);
    }

    public TransportAddress Address { get; }

    /// <summary>Timestamp of the endpoint's time provider.</summary>
    public long AcceptedAt { get; }

    /// <summary>Timestamp of the endpoint's time provider.</summary>
    public long LastReceived => Volatile.Read(ref _lastReceived);

    /// <summary>The first frame has come and was STUN.</summary>
    public bool IsEstablished => Volatile.Read(ref _isEstablished) != 0;

    public int InputQueued => Volatile.Read(ref _inputQueued);

    private bool IsDisposed => Volatile.Read(ref _isDisposed) != 0;

    public void InputTaken() => Interlocked.Decrement(ref _inputQueued);

    /// <summary>Reads until the peer or the endpoint closes, then removes the connection. Never throws.</summary>
    public async Task RunAsync()
    {
        var reason = TcpCloseReason.Peer;
        try
        {
            var framer = new StreamFramer(PacketPool.BufferBytes);
            while (true)
            {
                var read = await _socket.ReceiveAsync(framer.GetMemory(), SocketFlags.None).ConfigureAwait(false);
                if (read == 0) break;
                Volatile.Write(ref _lastReceived, _owner.Timestamp);
                framer.Advance(read);
                if (!TryTakeFrames(framer, out reason)) break;
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // A reset by the peer, or Dispose by the endpoint.
        }

        _owner.Remove(this, reason);
    }

    /// <summary>Queues a frame; false when it does not fit. Never waits for the peer.</summary>
    public bool TrySend(ReadOnlySpan<byte> datagram)
    {
        lock (_sendLock)
        {
            if (IsDisposed || !TryReserve(StreamFramer.HeaderLength + datagram.Length)) return false;
            var frame = _filling.AsSpan(_filled);
            BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)datagram.Length);
            datagram.CopyTo(frame[StreamFramer.HeaderLength..]);
            _filled += StreamFramer.HeaderLength + datagram.Length;
            if (_isSending) return true;
            _isSending = true;
        }

        ContinueSending(hasCompleted: false);
        return true;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        _socket.Dispose();
        _sendArguments.Dispose();
    }

    private static bool IsStun(ReadOnlySpan<byte> frame) =>
        frame.Length >= StunHeaderBytes
        && (frame[0] & 0xC0) == 0
        && BinaryPrimitives.ReadUInt16BigEndian(frame[2..]) == frame.Length - StunHeaderBytes
        && BinaryPrimitives.ReadUInt32BigEndian(frame[4..]) == StunMagicCookie;

    /// <summary>Hands over whole frames. False: the connection must close.</summary>
    private bool TryTakeFrames(StreamFramer framer, out TcpCloseReason reason)
    {
        while (framer.TryRead(out var frame))
        {
            if (!IsEstablished && !IsStun(frame))
            {
                reason = TcpCloseReason.FirstFrameNotStun;
                return false;
            }

            Volatile.Write(ref _isEstablished, 1);
            Deliver(frame);
        }

        reason = framer.IsFaulted ? TcpCloseReason.OversizeFrame : TcpCloseReason.Peer;
        return !framer.IsFaulted;
    }

    private void Deliver(ReadOnlySpan<byte> frame)
    {
        var queued = Interlocked.Increment(ref _inputQueued);
        if (!_owner.TryDeliver(this, frame, queued)) Interlocked.Decrement(ref _inputQueued);
    }

    private bool TryReserve(int bytes)
    {
        var needed = _filled + bytes;
        if (needed <= _filling.Length) return true;
        if (needed > _owner.SendQueueBytes) return false;
        Array.Resize(ref _filling, Math.Min(_owner.SendQueueBytes, Math.Max(needed, _filling.Length * 2)));
        return true;
    }

    /// <summary>
    /// Sends until a send stays under way or nothing is left. Only one caller at a time: who set <see cref="_isSending"/>, or the
    /// completion of the send that it left under way.
    /// </summary>
    private void ContinueSending(bool hasCompleted)
    {
        try
        {
            while (true)
            {
                if (hasCompleted && !TryAccountSent())
                {
                    // The reader sees the closed socket and removes the connection.
                    Dispose();
                    return;
                }

                if (!TryPrepareNext()) return;
                var sent = _socket.Send(_sending.AsSpan(_sendOffset, _sendEnd - _sendOffset), SocketFlags.None, out var error);
                hasCompleted = false;
                if (error == SocketError.Success && sent > 0)
                {
                    _sendOffset += sent;
                    continue;
                }

                // The usual send is done by then; the runtime's queue, which allocates, only waits for a receiver that is behind.
                _sendArguments.SetBuffer(_sending, _sendOffset, _sendEnd - _sendOffset);
                hasCompleted = !_socket.SendAsync(_sendArguments);
                if (!hasCompleted) return;
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile; what was queued is lost with the connection.
        }
    }

    private bool TryAccountSent()
    {
        if (_sendArguments.SocketError != SocketError.Success || _sendArguments.BytesTransferred == 0) return false;
        _sendOffset += _sendArguments.BytesTransferred;
        return true;
    }

    /// <summary>The rest of what was begun, or what was queued since; false when there is neither, and sending has ended.</summary>
    private bool TryPrepareNext()
    {
        lock (_sendLock)
        {
            if (_sendOffset == _sendEnd)
            {
                if (_filled == 0)
                {
                    _isSending = false;
                    return false;
                }

                (_filling, _sending) = (_sending, _filling);
                (_sendOffset, _sendEnd, _filled) = (0, _filled, 0);
            }

            return true;
        }
    }
}
