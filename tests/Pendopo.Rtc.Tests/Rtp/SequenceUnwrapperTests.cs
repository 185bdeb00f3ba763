using CsCheck;
using Pendopo.Rtc.Rtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Rtp;

public sealed class SequenceUnwrapperTests
{
    [Fact]
    public void Numbers_keep_their_distance_over_wraps_and_reordering()
    {
        Gen.Select(Gen.UShort, Gen.Int[-200, 3000].Array[1, 200]).Sample((first, steps) =>
        {
            var unwrapper = new SequenceUnwrapper();
            var start = unwrapper.Unwrap(first);
            Assert.Equal(0x10000 + first, start);
            var newest = start;
            foreach (var step in steps)
            {
                var actual = newest + step;
                Assert.Equal(actual, unwrapper.Unwrap((ushort)actual));
                newest = Math.Max(newest, actual);
                Assert.Equal(newest, unwrapper.Newest);
            }
        });
    }

    [Fact]
    public void A_late_packet_before_the_first_stays_positive()
    {
        var unwrapper = new SequenceUnwrapper();
        Assert.Equal(65538, unwrapper.Unwrap(2));
        Assert.Equal(65535, unwrapper.Unwrap(65535));
        Assert.Equal(65538, unwrapper.Newest);
    }

    [Fact]
    public void Extension_ids_and_kinds_map_both_ways()
    {
        var map = new RtpExtensionMap(((byte)3, RtpExtensionKind.Mid), ((byte)200, RtpExtensionKind.DependencyDescriptor));

        Assert.Equal(RtpExtensionKind.Mid, map.Kind(3));
        Assert.Equal(RtpExtensionKind.DependencyDescriptor, map.Kind(200));
        Assert.Equal(RtpExtensionKind.None, map.Kind(4));
        Assert.Equal(200, map.Id(RtpExtensionKind.DependencyDescriptor));
        Assert.Equal(0, map.Id(RtpExtensionKind.Rid));
    }
}
