using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;
using Pendopo.Sfu.Tests.Simulation;

namespace Pendopo.Benchmarks;

/// <summary>A packet's way through the media worker, without sockets.</summary>
#pragma warning disable CA1001 // Cleanup is called where Dispose would be.
public class ForwardingBenchmarks
#pragma warning restore CA1001
{
    private const int Subscribers = 10;

    private readonly byte[] _datagram = new byte[2048];
    private SimulatedMeeting _meeting = null!;
    private MediaClient _sender = null!;
    private byte[] _template = [];
    private Instant _now;
    private ushort _sequence;
    private ushort _transportSequence;
    private int _transportSequenceAt;

    [GlobalSetup]
    public void Setup()
    {
        _meeting = new SimulatedMeeting(seed: 1);
        _sender = _meeting.Join("sender", new ClientOptions { Seats = 0, SendsAudio = false, Simulcast = false });
        for (var i = 0; i < Subscribers; i++) _meeting.Join($"viewer{i}", new ClientOptions { SendsVideo = false, SendsAudio = false, Seats = 1 });
        _meeting.RunFor(seconds: 3);
        _meeting.IsCountingOnly = true;

        // The last packet of the next frame goes on for ever: a packet like any other within a picture.
        _sender.Vp8.Advance(_now = _sender.Vp8.NextAt, packet => _template = packet.ToArray());
        Require.That(RtpPacket.TryParse(_template, out var packet, out _));
        Require.That(packet.TryGetExtension(ClientOffer.Extensions.Id(RtpExtensionKind.TransportWideCc), out var transportSequence));
        Require.That(packet.Bytes.Overlaps(transportSequence, out _transportSequenceAt));
        (_sequence, _transportSequence) = (packet.SequenceNumber, BinaryPrimitives.ReadUInt16BigEndian(transportSequence));
    }

    [GlobalCleanup]
    public void Cleanup() => _meeting.Dispose();

    /// <summary>
    /// From the protected datagram to ten protected datagrams under AES-128-GCM. The sender's own protection is part of the
    /// operation, since no packet is taken twice.
    /// </summary>
    [Benchmark]
    public long ForwardToTenSubscribers()
    {
        _now += TimeSpan.FromMilliseconds(1);
        var packet = _datagram.AsSpan();
        _template.CopyTo(packet);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], _sequence++);
        BinaryPrimitives.WriteUInt16BigEndian(packet[_transportSequenceAt..], _transportSequence++);
        Require.That(_sender.Transport.TryProtectRtp(packet, _template.Length, out var length));
        var before = _meeting.CountedDatagrams;
        _meeting.Worker.Receive(_now, _meeting.Endpoint(_sender).Address, packet[..length]);
        var sent = _meeting.CountedDatagrams - before;
        Require.That(sent == Subscribers);
        return sent;
    }
}
