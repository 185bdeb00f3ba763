using Org.BouncyCastle.Tls;
using Pendopo.Rtc.Srtp;

namespace Pendopo.Rtc.Dtls;

/// <summary>How far the DTLS association of a peer has come.</summary>
public enum DtlsState
{
    /// <summary>Nothing was sent or received.</summary>
    New,

    /// <summary>Waits for a thread, or runs on one.</summary>
    Handshaking,

    /// <summary>Done; <see cref="DtlsSession.TakeKeys"/> gives the SRTP keys.</summary>
    Connected,

    /// <summary>The peer has sent close_notify, or we have closed.</summary>
    Closed,

    /// <summary>Refused, timed out, or ended by a fatal alert; final.</summary>
    Failed,
}

/// <summary>
/// The DTLS association of one peer. BouncyCastle blocks while it waits for a flight, so it runs on a thread of
/// <see cref="DtlsHandshaker"/>; the media thread only puts datagrams into one bounded queue and takes them from another.
/// All members but <see cref="RunHandshake"/> and <see cref="ServeAssociation"/> belong to the media thread.
/// </summary>
/// <remarks>
/// After the handshake the association lives on for alerts and for the peer's repeated final flight, which must be answered
/// until its Finished has arrived (RFC 6347 §4.2.4). Those rare datagrams are served by a thread of the handshaker too.
/// <para>Locks: <c>_association</c> is taken before <c>_gate</c>, never the other way round; wake is called under none.</para>
/// </remarks>
public sealed class DtlsSession : IDisposable
{
    /// <summary>A flight has at most ten records or so; several of them, and duplicates.</summary>
    private const int MaximumQueued = 64;

    private readonly DtlsHandshaker _handshaker;
    private readonly DtlsNegotiation _negotiation;
    private readonly DtlsRole _role;
    private readonly Action _wake;
    private readonly object _gate = new();
    private readonly object _association = new();
    private readonly QueueTransport _transport;
    private readonly Queue<byte[]> _inbound = new();
    private readonly Queue<byte[]> _outbound = new();

    private volatile int _state = (int)DtlsState.New;
    private SrtpKeys? _keys;
    private DtlsTransport? _records;
    private long _startedAt;
    private bool _served;
    private bool _abandoned;
    private bool _timedOut;
    private volatile bool _silenced;

    internal DtlsSession(DtlsHandshaker handshaker, DtlsNegotiation negotiation, DtlsRole role, Action wake)
    {
        _handshaker = handshaker;
        _negotiation = negotiation;
        _role = role;
        _wake = wake;
        _transport = new(this);
    }

    public DtlsState State => (DtlsState)_state;

    /// <summary>Why the association failed or closed, for logs; null before.</summary>
    public string? Detail { get; private set; }

    /// <summary>
    /// Begins a handshake as the client (a server begins by itself with the first ClientHello).
    /// </summary>
    /// <returns>False when the handshaker is busy; try again later.</returns>
    public bool TryStart()
    {
        if (State != DtlsState.New) return true;
        Begin();
        if (_handshaker.TryEnqueue(this)) return true;
        _state = (int)DtlsState.New;
        return false;
    }

    /// <summary>Hands over the SRTP keys once; null before the handshake is done, and after a failed one.</summary>
    public SrtpKeys? TakeKeys() => State < DtlsState.Connected ? null : Interlocked.Exchange(ref _keys, null);

    /// <summary>Takes a datagram of the peer, from a path that ICE has validated.</summary>
    /// <returns>
    /// <see cref="DropReason.None"/>, or why it was dropped: malformed, no thread free (the peer repeats its ClientHello), or a
    /// full queue.
    /// </returns>
    public DropReason Receive(ReadOnlySpan<byte> datagram)
    {
        var state = State;
        if (!DtlsRecords.AreAcceptable(datagram, state is not (DtlsState.New or DtlsState.Handshaking))) return DropReason.DtlsMalformed;
        if (state == DtlsState.New)
        {
            if (_role == DtlsRole.Client || !DtlsRecords.StartsHandshake(datagram)) return DropReason.DtlsMalformed;
            if (!TryStart()) return DropReason.DtlsBusy;
        }

        bool serve;
        lock (_gate)
        {
            if (_abandoned || State is DtlsState.Closed or DtlsState.Failed) return DropReason.None;

            // One by one: BouncyCastle throws away a whole datagram whose first record is of another epoch than it expects,
            // and with it the Finished that a repeated flight was for.
            while (!datagram.IsEmpty)
            {
                if (_inbound.Count == MaximumQueued) return DropReason.BufferFull;
                _inbound.Enqueue(DtlsRecords.TakeFirst(ref datagram).ToArray());
            }

            Monitor.Pulse(_gate);
            serve = State == DtlsState.Connected && !_served;
            _served |= serve;
        }

        if (serve) _handshaker.Serve(this);
        return DropReason.None;
    }

    /// <summary>Hands over the next datagram for the peer; works after <see cref="Dispose"/> too, for the close_notify.</summary>
    public bool TryWrite(Span<byte> destination, out int length)
    {
        length = 0;
        byte[]? datagram;
        lock (_gate)
        {
            if (!_outbound.TryDequeue(out datagram)) return false;
        }

        if (datagram.Length > destination.Length) return false;
        datagram.CopyTo(destination);
        length = datagram.Length;
        return true;
    }

    /// <summary>
    /// Ends the association. A finished one leaves its close_notify to <see cref="TryWrite"/>; a handshake is given up, and its
    /// thread comes back at once. Wake is called no more.
    /// </summary>
    public void Dispose()
    {
        _silenced = true;
        Abandon();
        lock (_association)
        {
            if (State is DtlsState.New or DtlsState.Connected) _state = (int)DtlsState.Closed;
            _records?.Close();
            _records = null;
            if (State != DtlsState.Handshaking) _transport.Flush();
        }
    }

    /// <summary>The clock of the handshake starts.</summary>
    internal void Begin()
    {
        lock (_gate)
        {
            _startedAt = Environment.TickCount64;
            _state = (int)DtlsState.Handshaking;
        }
    }

    /// <summary>Runs the handshake to its end; on a thread of the handshaker.</summary>
    internal void RunHandshake()
    {
        DtlsTransport? records = null;
        string? failure = null;
        try
        {
            records = _role == DtlsRole.Server
                ? new DtlsServerProtocol { VerifyRequests = false }.Accept(new SrtpTlsServer(_negotiation, OnAlert), _transport)
                : new DtlsClientProtocol().Connect(new SrtpTlsClient(_negotiation, OnAlert), _transport);
            if (_negotiation.Keys is null) failure = "the handshake gave no keys";
        }
        catch (TlsFatalAlertReceived alert)
        {
            failure = $"the peer refused: {AlertDescription.GetName(alert.AlertDescription)}";
        }
        catch (TlsFatalAlert alert)
        {
            failure = _timedOut ? "the handshake timed out" : _negotiation.Refusal ?? $"refused: {AlertDescription.GetName(alert.AlertDescription)}";
        }
        catch (IOException exception)
        {
            failure = exception.Message;
        }

        Finish(records, failure);
    }

    /// <summary>Serves what came after the handshake; on a thread of the handshaker.</summary>
    internal void ServeAssociation()
    {
        var buffer = new byte[DtlsRecords.MaximumDatagram];
        var more = true;
        while (more)
        {
            lock (_association)
            {
                ServeOnce(buffer);
            }

            lock (_gate)
            {
                more = _inbound.Count > 0 && State == DtlsState.Connected;
                _served = more;
            }
        }
    }

    /// <summary>Gives up a handshake, or one that has not begun.</summary>
    internal void Abandon()
    {
        lock (_gate)
        {
            _abandoned = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void ServeOnce(byte[] buffer)
    {
        if (_records is null) return;
        try
        {
            // One millisecond is the shortest wait; application data, which we do not speak, is read and ignored.
            while (_records.Receive(buffer, 0, buffer.Length, 1) >= 0)
            {
            }
        }
        catch (TlsFatalAlertReceived alert)
        {
            Fail($"the peer ended it: {AlertDescription.GetName(alert.AlertDescription)}");
        }
        catch (IOException exception)
        {
            Fail(exception.Message);
        }

        _transport.Flush();
    }

    private void Finish(DtlsTransport? records, string? failure)
    {
        bool serve;
        lock (_association)
        {
            lock (_gate)
            {
                if (_abandoned) failure ??= "closed";
                _keys = failure is null ? _negotiation.Keys : null;
                Detail = failure;
                _records = failure is null ? records : null;
                _state = (int)(failure is null ? DtlsState.Connected : DtlsState.Failed);
                serve = failure is null && _inbound.Count > 0 && !_served;
                _served |= serve;
            }

            if (failure is not null) records?.Close();
            _transport.Flush();
        }

        if (serve) _handshaker.Serve(this);
        Wake();
    }

    private void Fail(string detail)
    {
        lock (_gate)
        {
            Detail = detail;
            _state = (int)DtlsState.Failed;
        }

        Wake();
    }

    private void OnAlert(short level, short description)
    {
        if (level != AlertLevel.warning || description != AlertDescription.close_notify || State != DtlsState.Connected) return;
        lock (_gate)
        {
            Detail = "close_notify";
            _state = (int)DtlsState.Closed;
        }

        Wake();
    }

    /// <summary>An alert, since BouncyCastle takes a time-out of the transport for one quiet moment and goes on.</summary>
    private TlsFatalAlert TimedOut()
    {
        _timedOut = true;
        return new(AlertDescription.user_canceled);
    }

    private void Wake()
    {
        if (!_silenced) _wake();
    }

    /// <summary>What BouncyCastle sees: a blocking datagram socket.</summary>
    private sealed class QueueTransport(DtlsSession session) : DatagramTransport
    {
        /// <summary>
        /// Below the 1232 bytes that any IPv6 path carries, with room for tunnels on the way.
        /// </summary>
        private const int SendLimit = 1200;

        /// <summary>More than any datagram we queue, since the record layer takes its overhead off before it reads.</summary>
        private const int ReceiveLimit = 2048;

        private readonly byte[] _flight = new byte[SendLimit];
        private int _flightLength;

        public int GetReceiveLimit() => ReceiveLimit;

        public int GetSendLimit() => SendLimit;

        public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

        public int Receive(Span<byte> buffer, int waitMillis)
        {
            Flush();
            var until = Environment.TickCount64 + waitMillis;
            lock (session._gate)
            {
                while (true)
                {
                    var now = Environment.TickCount64;
                    var remaining = until - now;
                    if (session.State == DtlsState.Handshaking)
                    {
                        // Before the queue, so that a peer that never stops sending cannot hold the thread.
                        if (session._abandoned) throw new TlsFatalAlert(AlertDescription.user_canceled);
                        var left = session._startedAt + (long)session._handshaker.Timeout.TotalMilliseconds - now;
                        if (left <= 0) throw session.TimedOut();
                        remaining = Math.Min(remaining, left);
                    }
                    else if (session._abandoned)
                    {
                        return -1;
                    }

                    if (session._inbound.TryDequeue(out var datagram))
                    {
                        if (datagram.Length > buffer.Length) return -1;
                        datagram.CopyTo(buffer);
                        return datagram.Length;
                    }

                    if (remaining <= 0) return -1;
                    Monitor.Wait(session._gate, (int)remaining);
                }
            }
        }

        public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

        /// <summary>
        /// Adds a record to the flight that is being written. BouncyCastle sends each record by itself; joined into datagrams
        /// a flight is lost or arrives as one (RFC 6347 §4.2.3), which on a lossy path decides how many repetitions it takes.
        /// </summary>
        public void Send(ReadOnlySpan<byte> buffer)
        {
            if (_flightLength > 0 && _flightLength + buffer.Length > SendLimit) Flush();
            if (buffer.Length > SendLimit) return;
            buffer.CopyTo(_flight.AsSpan(_flightLength));
            _flightLength += buffer.Length;
        }

        /// <summary>Hands what is written to the media thread; called before each wait and at the end.</summary>
        public void Flush()
        {
            if (_flightLength == 0) return;
            lock (session._gate)
            {
                // A full queue is a lost datagram, which DTLS repeats.
                if (session._outbound.Count < MaximumQueued) session._outbound.Enqueue(_flight.AsSpan(0, _flightLength).ToArray());
            }

            _flightLength = 0;
            session.Wake();
        }

        public void Close()
        {
        }
    }
}
