namespace Pendopo.Sfu.Capture;

/// <summary>
/// A running capture of one peer's headers. <see cref="CopyToAsync"/> writes the file while packets come and returns when the capture is
/// over; dispose it in any case.
/// </summary>
public sealed class PacketCapture : IAsyncDisposable
{
    /// <summary>The ring between takes a tenth of a second of the fastest peer.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly PacketTap _tap;
    private readonly TimeProvider _time;
    private readonly TimeSpan _duration;
    private readonly Func<Task> _stop;
    private readonly long _start;
    private int _stopped;

    internal PacketCapture(PacketTap tap, CaptureLimits limits, TimeProvider time, Func<Task> stop)
    {
        _tap = tap;
        _time = time;
        _duration = limits.Duration;
        _stop = stop;
        _start = time.GetTimestamp();
    }

    /// <summary>Packets captured so far.</summary>
    public long Packets => _tap.Packets;

    /// <summary>Packets that came faster than they could be written.</summary>
    public long Dropped => _tap.Dropped;

    /// <summary>Writes a pcapng file until time, size, the peer or <paramref name="cancellation"/> ends the capture.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public async Task CopyToAsync(Stream destination, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        await destination.WriteAsync(PcapngFormat.Begin(), cancellation).ConfigureAwait(false);
        bool isOver;
        do
        {
            // Looked at before the ring: what is written after it is over is in the ring already.
            isOver = _tap.IsOver || _time.GetElapsedTime(_start) >= _duration;
            await DrainAsync(destination, cancellation).ConfigureAwait(false);
            await destination.FlushAsync(cancellation).ConfigureAwait(false);
            if (!isOver) await Task.Delay(Pace, _time, cancellation).ConfigureAwait(false);
        }
        while (!isOver);

        await StopAsync().ConfigureAwait(false);
        await DrainAsync(destination, cancellation).ConfigureAwait(false);
        var now = (ulong)(_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        await destination.WriteAsync(PcapngFormat.End(now, Dropped), cancellation).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private async Task DrainAsync(Stream destination, CancellationToken cancellation)
    {
        while (_tap.Ring.Peek() is { Length: > 0 } ready)
        {
            await destination.WriteAsync(ready, cancellation).ConfigureAwait(false);
            _tap.Ring.Advance(ready.Length);
        }
    }

    private Task StopAsync() => Interlocked.Exchange(ref _stopped, 1) == 0 ? _stop() : Task.CompletedTask;
}
