using System.Buffers.Binary;
using Pendopo.Rtc;
using Pendopo.Rtc.Rtcp;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Sfu.Forwarding;

/// <summary>The RTCP of one peer: what it tells us, and what is due to be told to it. No allocation after set-up.</summary>
internal sealed class PeerReports(MediaPeer peer)
{
    /// <summary>
    /// Sender and receiver reports: often enough that a browser measures round trips and aligns lips within a second of a
    /// switch, rare enough to cost nothing.
    /// </summary>
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    /// <summary>Keeps RTCP datagrams below every usual MTU once SRTCP's trailer is added.</summary>
    private const int MaximumRtcp = 1150;

    private static readonly TimeSpan PathInterval = TimeSpan.FromMilliseconds(100);

    private static readonly byte[] Cname = "pendopo"u8.ToArray();

    private readonly ReportBlock[] _blocks = new ReportBlock[31];
    private RoundTripMeter _roundTrip;
    private Instant _nextReport;
    private Instant? _keyFrameTurn;

    public TimeSpan RoundTrip(Instant now) => _roundTrip.Value(now, peer.Estimator.RoundTrip);

    public void Receive(Instant now, ReadOnlySpan<byte> compound, NtpClock clock)
    {
        var reader = new RtcpReader(compound);
        while (reader.MoveNext())
        {
            switch (reader.Kind)
            {
                case RtcpKind.SenderReport:
                    OnSenderReport(now, reader.SenderInfo, clock);
                    if (peer.Limits.TryTakeFeedback(now, reader.ReportCount)) OnReports(now, reader, clock);
                    break;
                case RtcpKind.ReceiverReport:
                    if (peer.Limits.TryTakeFeedback(now, reader.ReportCount)) OnReports(now, reader, clock);
                    break;
                case RtcpKind.Nack:
                    if (peer.FindSlot(reader.MediaSsrc) is { } slot)
                    {
                        foreach (var sequence in reader.Nacks)
                        {
                            if (!peer.Limits.TryTakeFeedback(now, 1)) break;
                            slot.Counters.NackedPackets++;
                            slot.Retransmit(now, sequence);
                        }
                    }

                    break;
                case RtcpKind.PictureLoss:
                    OnKeyFrameRequest(now, reader.MediaSsrc);
                    break;
                case RtcpKind.FullIntraRequest:
                    for (var i = 0; i < reader.SsrcCount; i++) OnKeyFrameRequest(now, reader.Ssrc(i));
                    break;
                case RtcpKind.TransportFeedback:
                    if (peer.Limits.TryTakeFeedback(now, ToldPackets(reader.FeedbackControl))) peer.Estimator.OnFeedback(now, reader.FeedbackControl);
                    break;
                case RtcpKind.Remb:
                    peer.Estimator.OnRemb(now, reader.Remb);
                    break;
                default:
                    break;
            }
        }

        if (reader.IsMalformed) peer.Drops.Add(DropReason.RtcpMalformed);
    }

    /// <summary>
    /// Sends what is due. Returns when something will be, as far as time alone tells; what else makes something due says so to the peer.
    /// </summary>
    public Instant Advance(Instant now, NtpClock clock)
    {
        // The path may be heard of again without notice.
        if (!peer.CanSend) return peer.WasConnected ? now + PathInterval : Instant.Never;
        SendFeedback(now);
        SendRequests(now);
        if (peer.HasReportsDue) SendDueReports(now, clock);
        if (now >= _nextReport)
        {
            _nextReport = now + ReportInterval;
            SendReports(now, clock);
        }

        return Instant.Min(Instant.Min(_nextReport, peer.Feedback.Deadline.At), NextRequest(now));
    }

    /// <summary>The packet status count of a transport feedback: what it costs to read, whatever its length.</summary>
    private static int ToldPackets(ReadOnlySpan<byte> control) => control.Length < 4 ? 1 : BinaryPrimitives.ReadUInt16BigEndian(control[2..]);

    private void OnKeyFrameRequest(Instant now, uint ssrc)
    {
        if (peer.FindSlot(ssrc) is not { } slot) return;
        slot.Counters.KeyFrameRequests++;
        slot.OnKeyFrameRequest(now, ref _keyFrameTurn);
    }

    private void OnSenderReport(Instant now, in SenderInfo report, NtpClock clock)
    {
        if (!peer.Incoming.TryFind(report.Ssrc, out var layer) || report.NtpTimestamp == 0) return;
        layer.OnClock(clock.At(now), report.NtpTimestamp, report.RtpTimestamp);
        layer.Statistics.OnSenderReport(now, report.NtpTimestamp);
        layer.Track.RelayClock(layer, clock.At(now), report.NtpTimestamp, report.RtpTimestamp);
    }

    private void OnReports(Instant now, in RtcpReader reader, NtpClock clock)
    {
        var middle = (uint)(clock.At(now) >> 16);
        for (var i = 0; i < reader.ReportCount; i++)
        {
            var block = reader.Report(i);
            if (peer.FindSlot(block.Ssrc) is not { } slot) continue;
            slot.Loss.Set(now, block.FractionLost);
            if (_roundTrip.Add(now, middle, block.LastSenderReport, block.DelaySinceLastSenderReport) is not { } roundTrip) continue;
            if (slot.Kind == MediaKind.Video) peer.Estimator.OnReceiverReport(now, block.FractionLost / 256.0, roundTrip);
        }
    }

    private void SendFeedback(Instant now)
    {
        if (peer.Feedback.Deadline.At > now) return;
        for (var i = 0; i < 8; i++)
        {
            var buffer = peer.Rent();
            if (!peer.Feedback.TryWrite(now, peer.LocalSsrc, peer.FeedbackSsrc, buffer[..MaximumRtcp], out var length)) return;
            peer.CommitRtcp(buffer, length);
        }
    }

    /// <summary>What is missing and which pictures must begin anew: in as few datagrams as it fits, however many streams ask.</summary>
    private void SendRequests(Instant now)
    {
        Span<ushort> missing = stackalloc ushort[64];
        Span<byte> buffer = default;
        var writer = default(RtcpWriter);
        var roundTrip = RoundTrip(now);
        foreach (var track in peer.Incoming.Tracks)
        {
            foreach (var layer in track.Layers)
            {
                if (layer.Cache is { WantsGrowth: true } cache) cache.Grow();
                if (track.IsPublishing && layer.KeyFrames.TakeDue(now, roundTrip))
                {
                    MakeRoom(ref buffer, ref writer);
                    writer.TryWritePictureLoss(peer.LocalSsrc, layer.Ssrc);
                }

                if (layer.Nack is null || layer.Nack.Deadline.At > now) continue;
                var count = layer.Nack.TakeDue(now, roundTrip, missing);
                if (count == 0) continue;
                layer.Counters.NackedPackets += count;
                MakeRoom(ref buffer, ref writer);
                writer.TryWriteNack(peer.LocalSsrc, layer.Ssrc, missing[..count]);
            }
        }

        if (!buffer.IsEmpty) peer.CommitRtcp(buffer, writer.Length);
    }

    private Instant NextRequest(Instant now)
    {
        var next = Instant.Never;
        var roundTrip = _roundTrip.Value(now, peer.Estimator.RoundTrip);
        foreach (var track in peer.Incoming.Tracks)
        {
            foreach (var layer in track.Layers)
            {
                if (track.IsPublishing) next = Instant.Min(next, layer.KeyFrames.Due(roundTrip));
                if (layer.Nack is { } nack) next = Instant.Min(next, nack.Deadline.At);
            }
        }

        return next;
    }

    /// <summary>Room for one more request: 64 numbers far apart take 268 bytes.</summary>
    private void MakeRoom(ref Span<byte> buffer, ref RtcpWriter writer)
    {
        if (!buffer.IsEmpty && writer.Length <= MaximumRtcp - 270) return;
        if (!buffer.IsEmpty) peer.CommitRtcp(buffer, writer.Length);
        buffer = peer.Rent();
        writer = new RtcpWriter(buffer[..MaximumRtcp]);
    }

    /// <summary>
    /// The reports of seats behind which something else flows since the last ones, at once: until then the receiver sets sound
    /// against picture by the wrong clock. Both of a seat, so that they tell of one moment.
    /// </summary>
    private void SendDueReports(Instant now, NtpClock clock)
    {
        peer.HasReportsDue = false;
        var buffer = peer.Rent();
        var writer = new RtcpWriter(buffer[..MaximumRtcp]);
        foreach (var seat in peer.Seats)
        {
            if (seat.Audio is not { IsReportDue: true } && seat.Video is not { IsReportDue: true }) continue;
            AddSenderReport(now, clock, seat.Audio, ref buffer, ref writer);
            AddSenderReport(now, clock, seat.Video, ref buffer, ref writer);
        }

        foreach (var voice in peer.Voices)
        {
            if (voice.IsReportDue) AddSenderReport(now, clock, voice, ref buffer, ref writer);
        }

        peer.CommitRtcp(buffer, writer.Length);
    }

    private void SendReports(Instant now, NtpClock clock)
    {
        var blocks = 0;
        foreach (var track in peer.Incoming.Tracks)
        {
            foreach (var layer in track.Layers)
            {
                if (blocks == _blocks.Length || !layer.Statistics.HasNews) continue;
                var report = _blocks[blocks++] = layer.Statistics.TakeReport(now, layer.Ssrc);
                if (track.Source == SourceKind.Microphone) peer.MicrophoneLoss.Set(now, report.FractionLost);
            }
        }

        var buffer = peer.Rent();
        var writer = new RtcpWriter(buffer[..MaximumRtcp]);
        writer.TryWriteReceiverReport(peer.LocalSsrc, _blocks.AsSpan(0, blocks));
        writer.TryWriteCname(peer.LocalSsrc, Cname);
        foreach (var seat in peer.Seats)
        {
            AddSenderReport(now, clock, seat.Audio, ref buffer, ref writer);
            AddSenderReport(now, clock, seat.Video, ref buffer, ref writer);
        }

        foreach (var voice in peer.Voices) AddSenderReport(now, clock, voice, ref buffer, ref writer);
        peer.CommitRtcp(buffer, writer.Length);
    }

    private void AddSenderReport(Instant now, NtpClock clock, ReceiveSlot? slot, ref Span<byte> buffer, ref RtcpWriter writer)
    {
        if (slot is null) return;
        if (!slot.TryGetSenderReport(now, clock, out var report)) return; // its source tells its own clock sooner or later, and then it stays due

        slot.IsReportDue = false;
        if (writer.Length > MaximumRtcp - 60)
        {
            peer.CommitRtcp(buffer, writer.Length);
            buffer = peer.Rent();
            writer = new RtcpWriter(buffer[..MaximumRtcp]);
        }

        writer.TryWriteSenderReport(report, []);
        writer.TryWriteCname(slot.Ssrc, Cname);
    }
}
