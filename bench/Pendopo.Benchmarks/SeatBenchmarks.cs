using BenchmarkDotNet.Attributes;
using Pendopo.Rtc;
using Pendopo.Sfu;
using Pendopo.Sfu.Forwarding;
using Pendopo.Sfu.Tests.Simulation;

namespace Pendopo.Benchmarks;

/// <summary>Who sits where and which layers flow in a full meeting: 48 people with 25 tiles and five voices each.</summary>
#pragma warning disable CA1001 // Cleanup is called where Dispose would be.
public class SeatBenchmarks
#pragma warning restore CA1001
{
    private const int People = 48;
    private const int Tiles = 25;
    private const int Voices = 5;

    private SimulatedMeeting _meeting = null!;
    private MediaRoom _room = null!;
    private Instant _now;

    [GlobalSetup]
    public void Setup()
    {
        _meeting = new SimulatedMeeting(seed: 1);
        var people = Enumerable.Range(0, People).Select(i => _meeting.Join($"p{i}", new ClientOptions { Seats = Tiles, Voices = Voices, SendsAudio = i < Voices })).ToList();
        for (var i = 0; i < People; i++)
        {
            _meeting.View(people[i], [.. Enumerable.Range(1, Tiles).Select(step => new ViewItem(people[(i + step) % People].Name, SourceKind.Camera, 180))]);
        }

        _meeting.RunFor(seconds: 2);
        _meeting.IsCountingOnly = true;
        _room = _meeting.Worker.FindRoom(SimulatedMeeting.Room)!;
        _now = _meeting.Now;
    }

    [GlobalCleanup]
    public void Cleanup() => _meeting.Dispose();

    /// <summary>Of everybody at once, as after somebody has come, gone, or switched a source on.</summary>
    [Benchmark]
    public void AssignAllSeats()
    {
        _room.Invalidate();
        _room.Advance(_now);
    }

    /// <summary>The layers of one receiver's 25 tiles.</summary>
    [Benchmark]
    public long PlanLayers()
    {
        var peer = _room.Peers[0];
        peer.Planner.Plan(_now);
        return peer.Prober.Wanted.BitsPerSecond;
    }
}
