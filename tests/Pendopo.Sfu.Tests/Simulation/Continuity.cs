using Pendopo.Rtc;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>What a receiver must never notice of what happens behind its slots.</summary>
internal static class Continuity
{
    private static readonly TimeSpan FrameTime = TimeSpan.FromSeconds(1.0 / 30);

    /// <summary>
    /// The picture goes on: no number is missing, no frame is skipped, pictures count up by one, and the media time of each
    /// frame moves with its arrival, but for the <paramref name="tolerance"/> of network and switch.
    /// </summary>
    public static void AssertSmooth(IncomingStream stream, Instant from, TimeSpan tolerance)
    {
        Assert.Equal(0, stream.MissingSequences);
        Assert.Equal(0, stream.Video.CorruptPackets);
        Assert.Equal(0, stream.Video.SkippedFrames);
        var frames = stream.FramesSince(from).ToList();
        Assert.True(frames.Count > 1, "No picture.");
        for (var i = 1; i < frames.Count; i++)
        {
            Assert.Equal((frames[i - 1].PictureId + 1) & 0x7fff, frames[i].PictureId);
            var media = TimeSpan.FromSeconds((int)(frames[i].Timestamp - frames[i - 1].Timestamp) / 90_000.0);
            var passed = frames[i].At - frames[i - 1].At;
            Assert.True(media > TimeSpan.Zero, $"Media time goes back by {media} at {frames[i].At}.");
            Assert.True((media - passed).Duration() <= tolerance, $"Media time moves by {media} while {passed} pass at {frames[i].At}.");
        }
    }

    /// <summary>The longest time without a new frame since a moment.</summary>
    public static TimeSpan LongestPause(IncomingStream stream, Instant from, Instant now)
    {
        var last = from;
        var longest = TimeSpan.Zero;
        foreach (var frame in stream.FramesSince(from))
        {
            if (frame.At - last > longest) longest = frame.At - last;
            last = frame.At;
        }

        return now - last > longest ? now - last : longest;
    }

    public static byte LayerAt(IncomingStream stream) => stream.Video.Decoded[^1].Layer;

    public static TimeSpan Frames(int count) => FrameTime * count;
}
