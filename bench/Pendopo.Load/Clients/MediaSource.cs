using System.Buffers.Binary;
using Pendopo.Load.Network;
using Pendopo.Rtc;
using Pendopo.Rtc.Rtcp;
using Pendopo.Rtc.Rtp;
using Pendopo.Testing.Media;

namespace Pendopo.Load.Clients;

/// <summary>How the packets of a frame leave the sender.</summary>
internal enum Burst
{
    /// <summary>Back to back, as Chromium's pacer lets a frame go.</summary>
    Frame,

    /// <summary>Three packets every five milliseconds: a pacer with a short burst interval, the hard case for batching.</summary>
    Three,
}

/// <summary>What one client sends.</summary>
internal sealed record SourceOptions
{
    public required uint AudioSsrc { get; init; }

    public required IReadOnlyList<Vp8Layer> Layers { get; init; }

    public Burst Burst { get; init; } = Burst.Frame;

    public int Seed { get; init; }

    /// <summary>Added to the start, so that not all clients' frames fall on one moment.</summary>
    public TimeSpan Phase { get; init; }

    /// <summary>Speaks, or is silent: Opus with DTX then sends one packet every 400 ms.</summary>
    public Func<bool> IsSpeaking { get; init; } = static () => true;
}

/// <summary>Microphone and camera of one client: synthetic Opus and VP8 at their real pace, key frames on request.</summary>
internal sealed class MediaSource : IDisposable
{
    private const int BurstPackets = 3;
    private static readonly TimeSpan BurstInterval = TimeSpan.FromMilliseconds(5);

    private readonly SourceOptions _options;
    private readonly Connection _connection;
    private readonly PacketBatch _batch = new();
    private readonly (OutgoingTrack Track, ushort Sequence)[] _queued = new (OutgoingTrack, ushort)[PacketBatch.Capacity];
    private readonly OutgoingTrack[] _videos;
    private readonly OpusGenerator _opus;
    private readonly Vp8SimulcastGenerator _vp8;
    private ushort _transportSequence;
    private int _count;
    private int _sent;
    private Instant _nextBurst;

    public MediaSource(SourceOptions options, Connection connection, Instant start)
    {
        _options = options;
        _connection = connection;
        Audio = new OutgoingTrack(options.AudioSsrc, false, OpusGenerator.ClockRate);
        _videos = [.. options.Layers.Select(static layer => new OutgoingTrack(layer.Ssrc, true, Vp8SimulcastGenerator.ClockRate))];
        var stream = new StreamOptions { Extensions = OfferText.Extensions, PayloadType = OfferText.Opus, Mid = OfferText.Microphone, NextTransportSequence = () => _transportSequence++ };
        _opus = new OpusGenerator(start, options.AudioSsrc, stream, options.Seed) { DiscontinuousTransmission = true };
        _vp8 = new Vp8SimulcastGenerator(start, options.Layers, stream with { PayloadType = OfferText.Vp8, Mid = OfferText.Camera }, options.Seed + 1);
        Tracks = [Audio, .. _videos];
    }

    public OutgoingTrack Audio { get; }

    public IReadOnlyList<OutgoingTrack> Tracks { get; }

    public long PacketsSent => Tracks.Sum(static track => track.Packets);

    public long KeyFrameRequests { get; private set; }

    /// <summary>Packets that the kernel did not take.</summary>
    public long SendFailures { get; private set; }

    /// <summary>How late the latest frame left since this was read last: the generator's own trouble.</summary>
    public TimeSpan WorstDelay { get; private set; }

    public Instant NextAt => Instant.Min(_sent < _count ? _nextBurst : Instant.Never, Instant.Min(_opus.NextAt, _vp8.NextAt));

    public TimeSpan TakeWorstDelay()
    {
        var worst = WorstDelay;
        WorstDelay = TimeSpan.Zero;
        return worst;
    }

    public void RequestKeyFrame(uint ssrc)
    {
        KeyFrameRequests++;
        _vp8.RequestKeyFrame(ssrc);
    }

    public void Advance(Instant now)
    {
        if (_sent < _count && now >= _nextBurst) SendBurst(now);
        if (_opus.NextAt <= now)
        {
            Note(now - _opus.NextAt);
            _opus.IsSpeaking = _options.IsSpeaking();
            _opus.Advance(now, SendAudio);
        }

        if (_vp8.NextAt > now) return;
        Note(now - _vp8.NextAt);
        _vp8.Advance(now, QueueVideo);
        if (_options.Burst == Burst.Frame) Flush(_count - _sent);
        else if (now >= _nextBurst) SendBurst(now);
    }

    public void SendReports(long now, byte[] buffer)
    {
        foreach (var track in Tracks)
        {
            if (!track.TryReport(now, out var report)) continue;
            var writer = new RtcpWriter(buffer.AsSpan(0, 1200));
            writer.TryWriteSenderReport(report, []);
            writer.TryWriteCname(track.Ssrc, "load"u8);
            if (_connection.TryProtectRtcp(buffer, writer.Length, out var length)) _connection.Socket.Send(buffer.AsSpan(0, length));
        }
    }

    public void Dispose() => _batch.Dispose();

    private void Note(TimeSpan delay)
    {
        if (delay > WorstDelay) WorstDelay = delay;
    }

    private void QueueVideo(ReadOnlySpan<byte> packet)
    {
        foreach (var track in _videos)
        {
            if (track.Ssrc == BinaryPrimitives.ReadUInt32BigEndian(packet[8..])) Enqueue(packet, track);
        }
    }

    private void Enqueue(ReadOnlySpan<byte> packet, OutgoingTrack track)
    {
        if (_count == PacketBatch.Capacity) Flush(_count - _sent);
        if (!RtpPacket.TryParse(packet, out var rtp, out _)) return;
        track.OnSending(rtp);
        var slot = _batch.Slot(_count);
        packet.CopyTo(slot);
        if (!_connection.TryProtectRtp(slot, packet.Length, out var length)) return;
        _batch.SetLength(_count, length);
        _queued[_count++] = (track, rtp.SequenceNumber);
    }

    private void SendBurst(Instant now)
    {
        Flush(Math.Min(BurstPackets, _count - _sent));
        _nextBurst = now + BurstInterval;
    }

    private void Flush(int packets)
    {
        if (packets <= 0) return;

        // The moment before the call: what the calls of a burst take is part of the latency that a receiver sees.
        var now = Clock.Nanoseconds;
        for (var i = 0; i < packets; i++) _queued[_sent + i].Track.OnSent(_queued[_sent + i].Sequence, now);
        SendFailures += packets - _batch.Send(_connection.Socket.Descriptor, _sent, packets);
        _sent += packets;
        if (_sent == _count) _sent = _count = 0;
    }

    /// <summary>Sound does not wait behind a picture that is being paced.</summary>
    private void SendAudio(ReadOnlySpan<byte> packet)
    {
        if (!RtpPacket.TryParse(packet, out var rtp, out _)) return;
        Audio.OnSending(rtp);
        Span<byte> buffer = stackalloc byte[512];
        packet.CopyTo(buffer);
        if (!_connection.TryProtectRtp(buffer, packet.Length, out var length)) return;
        Audio.OnSent(rtp.SequenceNumber, Clock.Nanoseconds);
        if (!_connection.Socket.Send(buffer[..length])) SendFailures++;
    }
}
