using System.Buffers.Binary;
using Pendopo.Load.Network;
using Pendopo.Rtc;
using Pendopo.Rtc.Congestion;
using Pendopo.Rtc.Rtcp;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Transport;
using Pendopo.Testing.Media;

namespace Pendopo.Load.Clients;

/// <summary>What one client receives, and what it tells the server about it: receiver reports and transport feedback.</summary>
internal sealed class MediaSink
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    /// <summary>libwebrtc sends transport feedback every 50 to 250 ms, 100 ms at usual rates.</summary>
    private static readonly TimeSpan FeedbackInterval = TimeSpan.FromMilliseconds(100);

    private readonly Connection _connection;
    private readonly Dictionary<uint, ReceivedStream> _bySsrc = [];
    private readonly TransportFeedbackRecorder? _feedback;
    private readonly byte _transportId;
    private readonly uint _localSsrc;
    private readonly IReadOnlyList<OutgoingTrack> _tracks;
    private readonly LatencyHistogram _latency;
    private readonly ReportBlock[] _blocks = new ReportBlock[31];
    private Instant _nextReport;
    private Instant _nextFeedback;

    /// <param name="connection">The way to the server.</param>
    /// <param name="streams">What the server announced.</param>
    /// <param name="transportId">Id of the transport-wide sequence number; 0 sends no feedback.</param>
    /// <param name="localSsrc">Under which reports are sent; its last bits spread the clients' reports over the second.</param>
    /// <param name="tracks">All that is sent by any client, for matching.</param>
    /// <param name="latency">Takes the latency of each matched packet.</param>
    public MediaSink(
        Connection connection, IReadOnlyList<ReceivedStream> streams, byte transportId, uint localSsrc, IReadOnlyList<OutgoingTrack> tracks, LatencyHistogram latency)
    {
        (_connection, Streams, _transportId, _localSsrc, _tracks, _latency) = (connection, streams, transportId, localSsrc, tracks, latency);
        if (transportId != 0) _feedback = new TransportFeedbackRecorder();
        foreach (var stream in streams) _bySsrc[stream.Ssrc] = stream;
        var phase = TimeSpan.FromMilliseconds(localSsrc % 1000);
        _nextReport = Clock.Now + phase;
        _nextFeedback = Clock.Now + (phase / 10);
    }

    public IReadOnlyList<ReceivedStream> Streams { get; }

    /// <summary>RTP of other SSRCs: retransmissions and probing.</summary>
    public long OtherPackets { get; private set; }

    public long RtcpSent { get; private set; }

    public long RtcpReceived { get; private set; }

    /// <summary>Every packet is decrypted and judged.</summary>
    public bool IsSampled { get; private set; }

    public void Sample()
    {
        IsSampled = true;
        foreach (var stream in Streams)
        {
            if (stream.IsVideo) stream.Pictures = new FrameAssembler();
        }
    }

    /// <summary>An RTP packet, still protected.</summary>
    public void OnRtp(long arrivedAt, Span<byte> packet)
    {
        var now = Clock.ToInstant(arrivedAt);
        if (_feedback is not null && TryReadTransportSequence(packet, out var transport)) _feedback.Add(now, transport);
        if (!_bySsrc.TryGetValue(BinaryPrimitives.ReadUInt32BigEndian(packet[8..]), out var stream))
        {
            OtherPackets++;
            return;
        }

        if (!stream.OnHeader(packet)) return;
        if (stream.TryGetLatency(packet, arrivedAt, out var latency)) _latency.Add(latency);
        if (!IsSampled && !stream.WantsMatch) return;

        // A server that is done with its handshake may send before the client is.
        if (!_connection.IsConnected) return;
        if (_connection.Receive(now, packet, out var length) != PacketKind.Rtp)
        {
            stream.Corrupt++;
            return;
        }

        if (IsSampled) stream.Verify(now, packet[..length], _tracks);
        if (stream.WantsMatch && RtpPacket.TryParse(packet[..length], out var rtp, out _) && !rtp.Payload.IsEmpty) stream.Match(rtp, _tracks);
    }

    public void OnRtcp(long now, in RtcpReader reader)
    {
        RtcpReceived++;
        if (reader.Kind == RtcpKind.SenderReport && _bySsrc.TryGetValue(reader.SenderInfo.Ssrc, out var stream)) stream.OnSenderReport(now, reader.SenderInfo);
    }

    public void Advance(Instant now, byte[] buffer)
    {
        if (now >= _nextReport)
        {
            _nextReport += ReportInterval;
            SendReports(buffer);
        }

        if (_feedback is null || now < _nextFeedback) return;
        _nextFeedback += FeedbackInterval;
        while (_feedback.TryWrite(now, _localSsrc, Streams[^1].Ssrc, buffer.AsSpan(0, 1200), out var length)) Send(buffer, length);
    }

    /// <summary>The one-byte form of header extensions (RFC 8285 §4.2), read from a packet that is still encrypted.</summary>
    private bool TryReadTransportSequence(ReadOnlySpan<byte> packet, out ushort sequence)
    {
        sequence = 0;
        var offset = 12 + (4 * (packet[0] & 0x0f));
        if ((packet[0] & 0x10) == 0 || packet.Length < offset + 4 || packet[offset] != 0xbe || packet[offset + 1] != 0xde) return false;
        var end = Math.Min(packet.Length, offset + 4 + (4 * BinaryPrimitives.ReadUInt16BigEndian(packet[(offset + 2)..])));
        for (offset += 4; offset < end;)
        {
            if (packet[offset] == 0)
            {
                offset++;
                continue;
            }

            var length = (packet[offset] & 0x0f) + 1;
            if (packet[offset] >> 4 == _transportId && length >= 2 && offset + 3 <= end)
            {
                sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[(offset + 1)..]);
                return true;
            }

            offset += 1 + length;
        }

        return false;
    }

    private void SendReports(byte[] buffer)
    {
        var count = 0;
        var now = Clock.Nanoseconds;
        foreach (var stream in Streams)
        {
            if (stream.Received == 0) continue;
            _blocks[count++] = stream.TakeReport(now);
            if (count < _blocks.Length) continue;
            SendReport(buffer, count);
            count = 0;
        }

        SendReport(buffer, count);
    }

    private void SendReport(byte[] buffer, int count)
    {
        var writer = new RtcpWriter(buffer.AsSpan(0, 1200));
        writer.TryWriteReceiverReport(_localSsrc, _blocks.AsSpan(0, count));
        writer.TryWriteCname(_localSsrc, "load"u8);
        Send(buffer, writer.Length);
    }

    private void Send(byte[] buffer, int length)
    {
        if (!_connection.TryProtectRtcp(buffer, length, out var protectedLength)) return;
        _connection.Socket.Send(buffer.AsSpan(0, protectedLength));
        RtcpSent++;
    }
}
