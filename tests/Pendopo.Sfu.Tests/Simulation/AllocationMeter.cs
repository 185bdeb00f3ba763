using Pendopo.Testing;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>What a worker was doing when it allocated.</summary>
internal enum MeteredWork
{
    /// <summary>A received RTP packet, all that it is forwarded to included.</summary>
    Media,

    /// <summary>A received RTCP packet, the retransmissions and key-frame requests that it causes included.</summary>
    Reports,

    /// <summary>A received STUN or DTLS datagram.</summary>
    Path,

    /// <summary>Time that passes: timers, feedback, reports, layer choice, probes, batches.</summary>
    Time,
}

/// <summary>
/// Counts the bytes that a worker allocates on the media thread, by its work. What the simulated network allocates to carry
/// the worker's datagrams is left out, and so is work during which garbage was collected (<see cref="AllocationWatch"/>).
/// </summary>
internal sealed class AllocationMeter
{
    private readonly long[] _bytes = new long[Enum.GetValues<MeteredWork>().Length];
    private readonly long[] _operations = new long[Enum.GetValues<MeteredWork>().Length];
    private readonly long[] _worst = new long[Enum.GetValues<MeteredWork>().Length];
    private MeteredWork _work;
    private AllocationWatch _watch;
    private long _current;
    private bool _isClear;

    /// <summary>Datagrams that the worker sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Messages to the planes above.</summary>
    public long Told { get; set; }

    public long Bytes(MeteredWork work) => _bytes[(int)work];

    public long Operations(MeteredWork work) => _operations[(int)work];

    /// <summary>The most that one operation allocated.</summary>
    public long Worst(MeteredWork work) => _worst[(int)work];

    /// <summary>RFC 7983 §7 and RFC 5761 §4: the first two bytes tell, also under SRTP.</summary>
    public static MeteredWork WorkOf(ReadOnlySpan<byte> datagram) => datagram switch
    {
        [>= 128 and <= 191, var second, ..] => (second & 0x7F) is >= 64 and <= 95 ? MeteredWork.Reports : MeteredWork.Media,
        _ => MeteredWork.Path,
    };

    public void Begin(MeteredWork work)
    {
        (_work, _current, _isClear) = (work, 0, true);
        _watch = AllocationWatch.Start();
    }

    /// <summary>The worker hands a datagram to the network.</summary>
    public void Pause()
    {
        Read();
        Sent++;
    }

    public void Resume() => _watch = AllocationWatch.Start();

    public void End()
    {
        Read();
        if (!_isClear) return;
        _bytes[(int)_work] += _current;
        _worst[(int)_work] = Math.Max(_worst[(int)_work], _current);
        _operations[(int)_work]++;
    }

    private void Read()
    {
        _isClear &= _watch.TryRead(out var bytes);
        _current += bytes;
    }
}
