using System.Diagnostics;

namespace Pendopo.Fuzz;

/// <summary>
/// Executes a target again and again on a thread of its own, so that an execution that never ends is seen too. Fails on any
/// exception, on an execution of more than a second, and on memory that grows.
/// </summary>
public sealed class FuzzRunner
{
    /// <summary>A machine under load may pause us that long, so a slow input counts only when it is slow twice.</summary>
    private static readonly TimeSpan SlowExecution = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan EndlessExecution = TimeSpan.FromSeconds(10);

    /// <summary>Bytes that one execution may allocate: an offer at its limits needs some MiB.</summary>
    private const long MostAllocated = 64L << 20;

    /// <summary>Bytes that may live longer than executions, beyond what lived after the corpus was run.</summary>
    private const long MostRetained = 32L << 20;

    private const int ExecutionsPerMemoryCheck = 65536;

    private readonly FuzzTarget _target;
    private readonly ulong _seed;
    private readonly Mutator _mutator;
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _executionStarted;
    private long _executions;
    private long _accepted;
    private bool _isAccepted;
    private byte[] _current = [];
    private string? _failure;

    private FuzzRunner(FuzzTarget target, ulong seed)
    {
        _target = target;
        _seed = seed;
        _mutator = new(target, seed);
    }

    /// <summary>Runs until either limit is reached, the corpus at least, or until the first failure.</summary>
    public static FuzzReport Run(FuzzTarget target, ulong seed, TimeSpan longest, long mostExecutions = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(target);
        var runner = new FuzzRunner(target, seed);
        var thread = new Thread(() => runner.Loop(longest, mostExecutions)) { IsBackground = true, Name = $"fuzz {target.Name}" };
        thread.Start();
        while (!thread.Join(TimeSpan.FromMilliseconds(250)))
        {
            var executionStarted = Volatile.Read(ref runner._executionStarted);
            if (executionStarted == 0 || Stopwatch.GetElapsedTime(executionStarted) <= EndlessExecution) continue;
            return runner.Report($"an execution has not ended for {EndlessExecution.TotalSeconds:F0} s");
        }

        return runner.Report(runner._failure);
    }

    /// <summary>Executes one input, as a failure reports it.</summary>
    public static FuzzReport Replay(FuzzTarget target, byte[] input)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(input);
        var runner = new FuzzRunner(target, 0);
        runner._failure = runner.Execute(input);
        return runner.Report(runner._failure);
    }

    private FuzzReport Report(string? failure) =>
        new(_target.Name, _seed, _executions, _accepted, Stopwatch.GetElapsedTime(_started), failure, failure is null ? null : _current);

    private void Loop(TimeSpan longest, long mostExecutions)
    {
        var corpus = _target.Corpus.Count;
        long retained = 0;
        for (long index = 0; _failure is null && (index < corpus || (index < mostExecutions && Stopwatch.GetElapsedTime(_started) < longest)); index++)
        {
            _failure = Execute(_mutator.Make(index));
            if (_failure is null && index < corpus && !_isAccepted) _failure = $"sample {index} of the corpus is refused";
            if (index == corpus) retained = GC.GetTotalMemory(forceFullCollection: true);
            if (index <= corpus || index % ExecutionsPerMemoryCheck != 0 || _failure is not null) continue;
            var growth = GC.GetTotalMemory(forceFullCollection: true) - retained;
            if (growth > MostRetained) _failure = $"{growth >> 20} MiB more live than at the start";
        }
    }

    private string? Execute(ReadOnlySpan<byte> input)
    {
        // Targets may work in place, so the input is kept apart.
        var copy = input.ToArray();
        _current = input.ToArray();
        try
        {
            if (TimeOf(copy) <= SlowExecution) return null;
            _current.CopyTo(copy, 0);
            return TimeOf(copy) is var again && again > SlowExecution ? $"an execution took {again.TotalMilliseconds:F0} ms" : null;
        }
#pragma warning disable CA1031 // Every exception is the finding.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return exception.ToString();
        }
        finally
        {
            Volatile.Write(ref _executionStarted, 0);
        }
    }

    private TimeSpan TimeOf(byte[] input)
    {
        var started = Stopwatch.GetTimestamp();
        Volatile.Write(ref _executionStarted, started);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        _executions++;
        _isAccepted = _target.Run(input);
        if (_isAccepted) _accepted++;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (allocated > MostAllocated) throw new InvalidOperationException($"an execution allocated {allocated >> 20} MiB");
        return Stopwatch.GetElapsedTime(started);
    }
}
