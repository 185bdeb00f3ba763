using Pendopo.Testing;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>The path of a packet through the worker costs no memory.</summary>
[Collection(nameof(MeasuringCollection))]
public sealed class AllocationTests
{
    [Fact]
    public void Forwarding_and_its_reports_allocate_nothing()
    {
        using var meeting = new SimulatedMeeting(seed: 51);
        var sender = meeting.Join("sender", new ClientOptions { Seats = 0, AudioRtx = true });
        var viewers = Enumerable.Range(0, 6).Select(i => meeting.Join($"viewer{i}", new ClientOptions { SendsVideo = false, SendsAudio = false, Seats = 1, TransportWideCc = false })).ToList();
        meeting.RunFor(3); // nobody answers afterwards, which is silence only to who expects feedback
        var recorded = meeting.Record(sender, seconds: 12);
        var peer = meeting.Worker.Find(SimulatedMeeting.Room, viewers[0].Name)!;
        meeting.IsCountingOnly = true;

        // The first tenth warms up; ticks with feedback, reports and layer choice are part of what is measured.
        var buffer = new byte[2048];
        var warm = recorded.Count / 10;
        long allocated = 0, forwarded = 0, worst = 0;
        for (var i = 0; i < recorded.Count; i++)
        {
            var (at, datagram) = recorded[i];
            datagram.CopyTo(buffer, 0);
            var sent = meeting.CountedDatagrams;
            var allocations = AllocationWatch.Start();
            meeting.Worker.Receive(at, meeting.Endpoint(sender).Address, buffer.AsSpan(0, datagram.Length));
            meeting.Worker.Advance(at);
            if (!allocations.TryRead(out var bytes) || i < warm) continue;
            (allocated, forwarded, worst) = (allocated + bytes, forwarded + meeting.CountedDatagrams - sent, Math.Max(worst, bytes));
        }

        Assert.True(forwarded >= 9_000, $"Only {forwarded} datagrams were sent.");
        Assert.NotNull(peer.Seats[0].Video!.Current);
        Assert.True(allocated == 0, $"{allocated} bytes for {forwarded} datagrams, at most {worst} at once.");
    }
}
