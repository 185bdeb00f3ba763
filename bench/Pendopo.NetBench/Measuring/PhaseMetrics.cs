namespace Pendopo.NetBench.Measuring;

/// <summary>
/// What one receiver had in one stretch of time, from its own counters, and what its path did meanwhile. Counters are
/// differences over the stretch; the first sample is the last one before it.
/// </summary>
internal sealed class PhaseMetrics
{
    /// <summary>Frame rates are means of so many seconds: shorter ones jump with the sampling.</summary>
    private const double RateWindow = 2;

    private readonly double _start;
    private readonly double _end;
    private readonly IReadOnlyList<Sample> _samples;
    private readonly IReadOnlyList<PathSample> _path;

    private PhaseMetrics(double start, double end, IReadOnlyList<Sample> samples, IReadOnlyList<PathSample> path) =>
        (_start, _end, _samples, _path) = (start, end, samples, path);

    /// <summary>False when the browser told nothing: no bound may pass on that.</summary>
    public bool HasData => _samples.Count >= 2 && First.Video is not null;

    public double Seconds => (_end - _start) / 1000;

    /// <summary>Decoded frames per second.</summary>
    public double FramesPerSecond => PerSecond(static sample => sample.Video?.FramesDecoded);

    public double Kilobits => PerSecond(static sample => sample.Inbound.Sum(stream => stream.BytesReceived + stream.HeaderBytesReceived)) * 8 / 1000;

    /// <summary>Lines of the picture in the mean of the samples.</summary>
    public double Lines => _samples.Count == 0 ? double.NaN : _samples.Skip(1).DefaultIfEmpty(_samples[0]).Average(static sample => sample.Video?.FrameHeight ?? 0);

    public double LastLines => _samples.Count == 0 ? double.NaN : _samples[^1].Video?.FrameHeight ?? 0;

    public double Freezes => Growth(static sample => sample.Video?.FreezeCount);

    public double FreezeSeconds => Growth(static sample => sample.Video?.TotalFreezesDuration);

    /// <summary>
    /// Seconds of the longest freeze in this stretch. A browser counts a freeze when it is over and tells only the sum: of two
    /// within half a second the sum is taken. Firefox does not count the longest ones at all, so samples without a new frame
    /// count too, as the time that is certain to have passed between two frames.
    /// </summary>
    public double LongestFreeze
    {
        get
        {
            if (!HasData) return double.NaN;
            var longest = 0.0;
            var moved = First.At;
            foreach (var (earlier, later) in _samples.Zip(_samples.Skip(1)))
            {
                longest = Math.Max(longest, (later.Video?.TotalFreezesDuration ?? 0) - (earlier.Video?.TotalFreezesDuration ?? 0));
                if ((later.Video?.FramesDecoded ?? 0) > (earlier.Video?.FramesDecoded ?? 0)) moved = later.At;
                else longest = Math.Max(longest, (later.At - moved) / 1000);
            }

            return longest;
        }
    }

    /// <summary>Share of the played samples that were made up because nothing had arrived; silence in DTX pauses is none.</summary>
    public double ConcealedPercent
    {
        get
        {
            var concealed = Growth(static sample => sample.Audio?.ConcealedSamples) - Growth(static sample => sample.Audio?.SilentConcealedSamples);
            return 100 * concealed / Growth(static sample => sample.Audio?.TotalSamplesReceived);
        }
    }

    public double AudioBufferMilliseconds => 1000 * Growth(static sample => sample.Audio?.JitterBufferDelay) / Growth(static sample => sample.Audio?.JitterBufferEmittedCount);

    public double VideoBufferMilliseconds => 1000 * Growth(static sample => sample.Video?.JitterBufferDelay) / Growth(static sample => sample.Video?.JitterBufferEmittedCount);

    public double KeyFrames => Growth(static sample => sample.Video?.KeyFramesDecoded);

    public double PictureLossIndications => Growth(static sample => sample.Video?.PliCount);

    /// <summary>Waiting before the bottleneck, over all datagrams.</summary>
    public double QueueMilliseconds => _path.Sum(static sample => sample.Offered * sample.MeanWaitMilliseconds) / Math.Max(1, _path.Sum(static sample => sample.Offered));

    public double QueueDropPercent => 100.0 * _path.Sum(static sample => sample.QueueDrops) / Math.Max(1, _path.Sum(static sample => sample.Offered));

    public double LostPercent => 100.0 * _path.Sum(static sample => sample.Lost) / Math.Max(1, _path.Sum(static sample => sample.Offered));

    /// <summary>The same from the middle to the end, when a change should have been digested.</summary>
    public PhaseMetrics SecondHalf => Of((_start + _end) / 2, _end, _samples, _path);

    private Sample First => _samples[0];

    private Sample Last => _samples[^1];

    /// <param name="start">In milliseconds since 1970, as the moments of the samples are.</param>
    public static PhaseMetrics Of(double start, double end, IReadOnlyList<Sample> samples, IReadOnlyList<PathSample> path)
    {
        var before = samples.LastOrDefault(sample => sample.At <= start);
        IEnumerable<Sample> inside = samples.Where(sample => sample.At > start && sample.At <= end);
        return new(start, end, [.. before is null ? inside : inside.Prepend(before)], [.. path.Where(sample => sample.At > start && sample.At <= end)]);
    }

    /// <summary>Seconds from the start until frames come at that rate for two seconds; infinite if never.</summary>
    public double SecondsUntilFrameRate(double framesPerSecond)
    {
        if (!HasData) return double.NaN;
        for (var i = 0; i < _samples.Count; i++)
        {
            var from = _samples[i];
            if (_samples.Skip(i + 1).FirstOrDefault(sample => sample.At >= from.At + RateWindow * 950) is not { } to) break;
            var rate = ((to.Video?.FramesDecoded ?? 0) - (from.Video?.FramesDecoded ?? 0)) / (to.At - from.At) * 1000;
            if (rate >= framesPerSecond) return Math.Max(0, (from.At - _start) / 1000);
        }

        return double.PositiveInfinity;
    }

    /// <summary>Seconds from the start until the picture has that many lines for the rest of the stretch; infinite if never.</summary>
    public double SecondsUntilLines(double lines)
    {
        if (!HasData) return double.NaN;
        var whole = _samples.Reverse().TakeWhile(sample => sample.Video?.FrameHeight >= lines).LastOrDefault();
        return whole is null ? double.PositiveInfinity : Math.Max(0, (whole.At - _start) / 1000);
    }

    private double Growth(Func<Sample, double?> counter) => HasData ? (counter(Last) ?? 0) - (counter(First) ?? 0) : double.NaN;

    private double PerSecond(Func<Sample, double?> counter) => Growth(counter) / (HasData ? (Last.At - First.At) / 1000 : double.NaN);
}
