using Pendopo.NetBench.Measuring;

namespace Pendopo.NetBench.Tests.Measuring;

/// <summary>Makes the counters of a browser that decodes as told.</summary>
internal sealed class Samples
{
    public const double Interval = 500;
    private readonly List<Sample> _all = [];
    private double _at = 1_000_000;
    private long _frames;
    private double _freezes;
    private long _played;
    private long _concealed;
    private long _bytes;

    public IReadOnlyList<Sample> All => _all;

    public double Now => _at;

    /// <summary>Half a second with that many frames, and what else grew in it.</summary>
    public Samples Add(long frames, int lines = 720, double freeze = 0, long concealed = 0, long bytes = 50_000)
    {
        (_at, _frames, _freezes) = (_at + Interval, _frames + frames, _freezes + freeze);
        (_played, _concealed, _bytes) = (_played + 24_000, _concealed + concealed, _bytes + bytes);
        _all.Add(new(
            _at, "connected", null, null, null,
            [
                new() { Kind = "video", Mid = "1", BytesReceived = _bytes, PacketsReceived = 1, FramesDecoded = _frames, FrameHeight = lines, TotalFreezesDuration = _freezes },
                new() { Kind = "audio", Mid = "2", BytesReceived = 1, TotalSamplesReceived = _played, ConcealedSamples = _concealed },
            ],
            []));
        return this;
    }

    public Samples Repeat(int times, long frames, int lines = 720)
    {
        for (var i = 0; i < times; i++) Add(frames, lines);
        return this;
    }
}
