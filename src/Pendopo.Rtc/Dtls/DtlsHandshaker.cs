using System.Collections.Concurrent;
using Pendopo.Rtc.Srtp;

namespace Pendopo.Rtc.Dtls;

/// <summary>
/// Runs DTLS 1.2 handshakes (RFC 6347, RFC 5764) through BouncyCastle on a bounded number of threads of its own, never on a
/// media thread, each within a time limit.
/// </summary>
/// <remarks>
/// No HelloVerifyRequest is sent: ICE has already proved that the peer owns its address, and BouncyCastle's verifier drops a
/// ClientHello that comes in several fragments, which is what browsers send since it carries post-quantum key shares.
/// <para>
/// A handshake holds a thread while it waits for the network, so the number of threads bounds how many peers join at one
/// moment and not the processors used; those that find none free wait in a queue, and what finds the queue full is dropped.
/// </para>
/// </remarks>
public sealed class DtlsHandshaker : IDisposable
{
    /// <summary>BouncyCastle's handshake needs a few dozen kB of stack; the default of 8 MB (1.5 MB) would be waste.</summary>
    private const int StackSize = 256 * 1024;

    private readonly SystemTlsCrypto _crypto = new();
    private readonly BlockingCollection<DtlsSession> _waiting;
    private readonly BlockingCollection<DtlsSession> _associations = new();
    private readonly Lock _gate = new();
    private readonly HashSet<DtlsSession> _running = [];
    private readonly List<Thread> _threads = [];
    private readonly int _maximumConcurrent;
    private int _unfinished;
    private int _workers;
    private bool _disposed;

    /// <param name="certificate">The certificate of this process; not disposed here.</param>
    /// <param name="maximumConcurrent">Handshakes at one moment, each on a thread.</param>
    /// <param name="timeout">Time for a handshake, waiting for a thread included.</param>
    /// <param name="maximumWaiting">Handshakes that may wait for a thread.</param>
    public DtlsHandshaker(DtlsCertificate certificate, int maximumConcurrent, TimeSpan timeout, int maximumWaiting = 256)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumConcurrent, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumWaiting, 1);
        Certificate = certificate;
        Timeout = timeout;
        _maximumConcurrent = maximumConcurrent;
        _waiting = new(maximumWaiting);
    }

    public DtlsCertificate Certificate { get; }

    /// <summary>Time for a handshake, waiting for a thread included.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Makes the association of one peer.</summary>
    /// <param name="role">Our role.</param>
    /// <param name="profiles">SRTP profiles in order of preference.</param>
    /// <param name="remoteFingerprint">SHA-256 of the peer's certificate; any other length matches nothing.</param>
    /// <param name="wake">Called on a thread of the handshaker when there is something to write or the state has changed.</param>
    public DtlsSession CreateSession(
        DtlsRole role, IReadOnlyList<SrtpProfile> profiles, ReadOnlyMemory<byte> remoteFingerprint, Action wake)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        ArgumentNullException.ThrowIfNull(wake);
        return new(this, new(_crypto, Certificate, [.. profiles], remoteFingerprint), role, wake);
    }

    /// <summary>Runs one handshake in memory, so that the first peer does not pay for cold code (84 ms of CPU).</summary>
    public void WarmUp()
    {
        using var moved = new AutoResetEvent(false);
        SrtpProfile[] profiles = [SrtpProfile.AeadAes128Gcm];
        using var server = CreateSession(DtlsRole.Server, profiles, Certificate.Fingerprint, () => moved.Set());
        using var client = CreateSession(DtlsRole.Client, profiles, Certificate.Fingerprint, () => moved.Set());
        var threads = new[] { server, client }.Select(session =>
        {
            session.Begin();
            return StartThread("dtls-warm-up", session.RunHandshake);
        }).ToArray();

        Span<byte> datagram = new byte[DtlsRecords.MaximumDatagram];
        while (server.State == DtlsState.Handshaking || client.State == DtlsState.Handshaking)
        {
            moved.WaitOne(Timeout);
            while (client.TryWrite(datagram, out var length)) server.Receive(datagram[..length]);
            while (server.TryWrite(datagram, out var length)) client.Receive(datagram[..length]);
        }

        foreach (var thread in threads) thread.Join();
    }

    /// <summary>Gives up all handshakes and ends the threads.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            _waiting.CompleteAdding();
            _associations.CompleteAdding();
            foreach (var session in _running) session.Abandon();
        }

        // The threads give up what is still waiting before they end.
        foreach (var thread in _threads) thread.Join();
        _waiting.Dispose();
        _associations.Dispose();
    }

    /// <summary>Queues a handshake; false when the queue is full.</summary>
    internal bool TryEnqueue(DtlsSession session)
    {
        lock (_gate)
        {
            if (_disposed || !_waiting.TryAdd(session)) return false;
            if (_threads.Count == 0) _threads.Add(StartThread("dtls-associations", ServeAssociations));
            if (++_unfinished <= _workers || _workers == _maximumConcurrent) return true;
            _workers++;
            _threads.Add(StartThread("dtls-handshake", RunHandshakes));
            return true;
        }
    }

    /// <summary>Queues an association that has received something; a session is queued once at a time.</summary>
    internal void Serve(DtlsSession session)
    {
        lock (_gate)
        {
            if (!_disposed) _associations.Add(session);
        }
    }

    private static Thread StartThread(string name, ThreadStart body)
    {
        var thread = new Thread(body, StackSize) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    private void RunHandshakes()
    {
        foreach (var session in _waiting.GetConsumingEnumerable())
        {
            lock (_gate)
            {
                _running.Add(session);
                if (_disposed) session.Abandon();
            }

            session.RunHandshake();
            lock (_gate)
            {
                _running.Remove(session);
                _unfinished--;
            }
        }
    }

    private void ServeAssociations()
    {
        foreach (var session in _associations.GetConsumingEnumerable()) session.ServeAssociation();
    }
}
