using System.Collections.Concurrent;
using Pendopo.Load.Network;
using Pendopo.Rtc;

namespace Pendopo.Load.Clients;

/// <summary>
/// The thread that plays all clients: sends what is due on time and sweeps the sockets every few milliseconds. Latencies come
/// from the kernel's arrival times, so a slow sweep costs nothing but the freshness of reports.
/// </summary>
internal sealed class LoadLoop : IDisposable
{
    /// <summary>Nanoseconds. While clients join, each flight of their handshakes waits for a sweep; later a rare one takes several packets of a socket at once.</summary>
    private const long JoiningSweep = 300_000;
    private const long SteadySweep = 8_000_000;

    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly List<Client> _clients = [];
    private readonly Dictionary<int, Client> _byDescriptor = [];
    private readonly Poller _poller = new();
    private readonly PacketBatch _batch = new();
    private readonly byte[] _buffer = new byte[2048];
    private readonly Thread _thread;
    private Exception? _fault;
    private volatile bool _stopping;

    public LoadLoop()
    {
        _thread = new Thread(Run) { Name = "load", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Sweeps often, for clients that are connecting.</summary>
    public bool IsJoining { get; set; } = true;

    /// <summary>The clients; on the loop's thread only.</summary>
    public IReadOnlyList<Client> Clients => _clients;

    public void Add(Client client) => _commands.Enqueue(() =>
    {
        _clients.Add(client);
        _byDescriptor[client.Connection.Socket.Descriptor] = client;
        _poller.Add(client.Connection.Socket.Descriptor, client.Connection.Socket.Descriptor);
        client.Advance(Clock.Now, _buffer);
    });

    /// <summary>From any thread: a handshake has something to send or is done.</summary>
    public void Wake(Client client) => _commands.Enqueue(() => client.Advance(Clock.Now, _buffer));

    public async Task<T> InvokeAsync<T>(Func<T> function)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _commands.Enqueue(() =>
        {
            try
            {
                result.TrySetResult(function());
            }
            catch (InvalidOperationException exception)
            {
                result.TrySetException(exception);
            }
        });
        return await result.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        foreach (var client in _clients) client.Dispose();
        _batch.Dispose();
        _poller.Dispose();
        if (_fault is not null) throw new InvalidOperationException("The load generator failed.", _fault);
    }

    private void Run()
    {
        LibC.SleepPrecisely();
        try
        {
            var nextSweep = 0L;
            while (!_stopping)
            {
                while (_commands.TryDequeue(out var command)) command();
                var now = Clock.Nanoseconds;
                var due = SendDue(Clock.ToInstant(now));
                if (now >= nextSweep)
                {
                    nextSweep = now + (IsJoining ? JoiningSweep : SteadySweep);
                    Sweep();
                    continue;
                }

                var wait = Math.Min(nextSweep - now, (due - Clock.ToInstant(now)).Ticks * TimeSpan.NanosecondsPerTick);
                if (wait > 0) LibC.Sleep(1, 0, new LibC.TimeSpec { Nanoseconds = wait }, 0);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _fault = exception;
            foreach (var client in _clients) client.Fail(exception.Message);
        }
    }

    /// <summary>Lets every sender send what is due, and tells when the next is.</summary>
    private Instant SendDue(Instant now)
    {
        var due = now + TimeSpan.FromMilliseconds(10);
        foreach (var client in _clients)
        {
            if (!client.IsSending) continue;
            client.Source!.Advance(now);
            due = Instant.Min(due, client.Source.NextAt);
        }

        return due;
    }

    private void Sweep()
    {
        var ready = _poller.Poll();
        for (var i = 0; i < ready; i++)
        {
            if (!_byDescriptor.TryGetValue(_poller.Index(i), out var client)) continue;
            int count;
            do
            {
                count = _batch.Receive(client.Connection.Socket.Descriptor);
                for (var k = 0; k < count; k++) client.Receive(_batch.ArrivedAt(k), _batch.Slot(k)[.._batch.Length(k)]);
            }
            while (count == PacketBatch.Capacity);
        }

        var now = Clock.Now;
        foreach (var client in _clients) client.Advance(now, _buffer);
    }
}
