using System.Buffers.Binary;
using Pendopo.Rtc;
using Pendopo.Rtc.Transport;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>What a simulation shows follows from its seed: a failure can be run again.</summary>
public sealed class DeterminismTests
{
    private static readonly LinkOptions Lossy = new()
    {
        Delay = TimeSpan.FromMilliseconds(10), Jitter = TimeSpan.FromMilliseconds(5), Loss = 0.1, Rate = DataRate.FromKilobits(3000), QueueBytes = 60_000,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_same_seed_sends_the_same_packets_at_the_same_moments(bool batching)
    {
        var (first, second) = (Run(batching), Run(batching));
        Assert.True(first.Count > 10_000, $"{first.Count} datagrams are too few to say anything.");
        for (var i = 0; i < Math.Min(first.Count, second.Count); i++) Assert.True(first[i] == second[i], $"Datagram {i}: {first[i]}, then {second[i]}.");
        Assert.Equal(first.Count, second.Count);
    }

    private static List<Sent> Run(bool batching)
    {
        using var meeting = new SimulatedMeeting(seed: 50, batching: batching);
        var sent = new List<Sent>();
        meeting.Observer = (to, datagram) =>
        {
            // Handshakes are real.
            if (datagram[0] is >= 20 and <= 63) return;
            sent.Add(new(meeting.Now, to, datagram.Length, BinaryPrimitives.ReadUInt32BigEndian(datagram)));
        };
        var options = new ClientOptions { AudioRtx = true, RoundTrip = TimeSpan.FromMilliseconds(25) };
        meeting.Join("one", options, Lossy, Lossy);
        meeting.RunFor(1);
        var two = meeting.Join("two", options, Lossy, Lossy);
        meeting.RunFor(5);
        meeting.Join("three", options, Lossy, Lossy);
        meeting.RunFor(10);
        meeting.Leave(two);
        meeting.RunFor(5);
        return sent;
    }

    /// <param name="Beginning">Type, payload type and sequence number of RTP; type and length of all else.</param>
    private sealed record Sent(Instant At, TransportAddress To, int Length, uint Beginning);
}
