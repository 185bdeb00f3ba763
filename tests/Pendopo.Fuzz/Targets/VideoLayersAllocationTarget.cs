using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Fuzz.Targets;

/// <summary>The video-layers-allocation extension.</summary>
public sealed class VideoLayersAllocationTarget : FuzzTarget
{
    public override string Name => "video-layers-allocation";

    // Three streams with three temporal layers each; the same with one stream switched off; one stream with sizes; nothing.
    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        [0x21, 0xA8, 50, 80, 100, 0x96, 1, 0xC8, 1, 0xAC, 2, 0xF4, 3, 0xDC, 11, 0xC4, 19],
        [0x20, 0x11, 0x00, 0xA0, 50, 80, 100, 0x96, 1, 0xC8, 1, 0xAC, 2],
        [0x01, 0x00, 100, 0x02, 0x7f, 0x01, 0x67, 30],
        [0],
    ];

    public override IReadOnlyList<byte[]> Dictionary { get; } = [[0x0f], [0x30], [0x80, 0x01], [0xff, 0xff, 0xff, 0xff, 0x0f], [0x02, 0x7f, 0x01, 0x67, 30]];

    public override bool Run(Span<byte> input)
    {
        if (!VideoLayersAllocation.TryParse(input, out var allocation)) return false;
        Require(allocation.StreamCount == 0 ? input.Length == 1 : allocation.StreamIndex < allocation.StreamCount, "a stream beyond those that are told of");
        var (active, values) = (0, 0);
        for (var stream = 0; stream < VideoLayersAllocation.MaximumStreams; stream++)
        {
            for (var spatial = 0; spatial < VideoLayersAllocation.MaximumSpatialLayers; spatial++)
            {
                var temporal = allocation.TemporalLayers(stream, spatial);
                Require(allocation.IsActive(stream, spatial) == temporal is >= 1 and <= 4, "a layer without a temporal one");
                Require(temporal > 0 || allocation.TargetRate(stream, spatial, 0) == DataRate.Zero, "a rate of a layer that is not sent");
                Require(temporal == 0 || stream < allocation.StreamCount, "a layer of a stream that is not told of");
                Require(temporal == 0 || allocation.Size(stream, spatial).Height > 0 == allocation.HasSizes, "a size that was not told");
                active += temporal > 0 ? 1 : 0;
                values += temporal;
            }
        }

        Require(values + (allocation.HasSizes ? active * 5 : 0) < input.Length || input.Length == 1, "more values than bytes");
        return true;
    }
}
