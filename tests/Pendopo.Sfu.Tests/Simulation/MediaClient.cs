using System.Buffers.Binary;
using Pendopo.Rtc;
using Pendopo.Rtc.Congestion;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Rtcp;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Transport;
using Pendopo.Testing.Media;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>
/// A client as a browser behaves, without sockets and clocks: real ICE, DTLS and SRTP; synthetic sound and picture; answers
/// NACK by RTX and PLI by a key frame; sends sender reports, transport feedback, NACKs and PLIs for what it receives.
/// </summary>
internal sealed partial class MediaClient : IDisposable
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    /// <summary>A browser asks for a key frame when a frame waits in vain for about that long.</summary>
    private static readonly TimeSpan StuckTime = TimeSpan.FromMilliseconds(200);

    private readonly DtlsHandshaker _handshaker;
    private readonly Random _random;
    private readonly SendDatagram _send;
    private readonly Action _wake;
    private readonly int _seed;
    private readonly byte[] _buffer = new byte[2048];
    private readonly Dictionary<uint, OutgoingStream> _outgoing = [];
    private readonly Dictionary<uint, (IncomingStream Stream, bool IsRtx)> _incoming = [];
    private readonly TransportFeedbackRecorder _feedback = new();
    private readonly HashSet<ushort> _unreported = [];
    private readonly RedEncoder _red = new();
    private readonly ulong _ntpEpoch;
    private IceCredentials _ice;
    private PeerTransport? _transport;
    private OpusGenerator? _opus;
    private Vp8SimulcastGenerator? _vp8;
    private SvcGenerator? _svc;
    private ushort _transportSequence;
    private Instant _nextReport;
    private int _version;

    public MediaClient(string name, ClientOptions options, DtlsHandshaker handshaker, int seed, SendDatagram send, Action wake)
    {
        (Name, Options, _handshaker, _seed, _send, _wake) = (name, options, handshaker, seed, send, wake);
        _random = new Random(seed);
        _ice = IceCredentials.Generate(_random.NextBytes);
        (AudioSsrc, VideoSsrc) = ((uint)(seed * 100_000) + 1, (uint)(seed * 100_000) + 1001);

        // Every computer has a clock of its own.
        _ntpEpoch = (3_900_000_000UL + (ulong)_random.Next(100_000)) << 32;
    }

    public string Name { get; }

    public ClientOptions Options { get; }

    public uint AudioSsrc { get; }

    public uint VideoSsrc { get; }

    public PeerTransport Transport => _transport ?? throw new InvalidOperationException("The client has no answer yet.");

    public bool IsConnected => _transport is { IsConnected: true };

    public IReadOnlyDictionary<uint, OutgoingStream> Outgoing => _outgoing;

    public IEnumerable<IncomingStream> Incoming => _incoming.Values.Where(static entry => !entry.IsRtx).Select(static entry => entry.Stream);

    public OpusGenerator Opus => _opus!;

    public Vp8SimulcastGenerator Vp8 => _vp8!;

    /// <summary>What its pictures say of the layers that it sends; null for nothing.</summary>
    public byte[]? Allocation { get; set; }

    /// <summary>When the first frame of picture was captured; frame n is n thirtieths of a second later.</summary>
    public Instant VideoStart { get; private set; }

    /// <summary>When each packet of sound was captured, by its first eight bytes.</summary>
    public Dictionary<ulong, Instant> SoundsCaptured { get; } = [];

    public int PictureLossesReceived { get; private set; }

    public List<(Instant At, uint Ssrc)> PictureLosses { get; } = [];

    public int NacksReceived { get; private set; }

    public List<PeerEvent> Events { get; } = [];

    /// <summary>Sends each sound twice, the second time with the next one.</summary>
    public bool SendsRed { get; set; }

    /// <summary>Switches sending off without telling the server: nothing, or the like.</summary>
    public bool SendsMedia { get; set; } = true;

    /// <summary>False: only connectivity checks leave the client.</summary>
    public bool SendsHandshake { get; set; } = true;

    /// <summary>Transport sequence numbers that no feedback has told as received.</summary>
    public int UnreportedSequences => _unreported.Count;

    public IncomingStream Audio(int seat = 0) => Incoming.Single(stream => stream.Mid == ClientOffer.SeatAudio(seat));

    public IncomingStream Voice(int voice = 0) => Incoming.Single(stream => stream.Mid == ClientOffer.VoiceAudio(voice));

    public IncomingStream Video(int seat = 0) => Incoming.Single(stream => stream.Mid == ClientOffer.SeatVideo(seat));

    public ClientOffer Offer(bool restartIce = false)
    {
        if (restartIce) _ice = IceCredentials.Generate(_random.NextBytes);
        return new ClientOffer(Options, _ice, _handshaker.Certificate.Fingerprint, AudioSsrc, VideoSsrc, ++_version);
    }

    public void Accept(Instant now, string answerSdp, TransportProtocol protocol = TransportProtocol.Udp)
    {
        var answer = new AnswerText(answerSdp);
        if (_transport is not null)
        {
            _transport.RestartIce(now, _ice, answer.Ice);
            Drain(now);
            return;
        }

        _transport = new PeerTransport(
            now,
            new PeerTransportOptions(_ice, answer.Ice, answer.Fingerprint, DtlsRole.Client, [Options.Profile])
            {
                IceRole = IceRole.Controlling,
                RemoteCandidates = [.. answer.Candidates.Where(candidate => candidate.Protocol == protocol)],
            },
            _handshaker,
            _random,
            _wake);
        for (var seat = 0; seat < Options.Seats; seat++)
        {
            AddIncoming(ClientOffer.SeatAudio(seat), isVideo: false, answer);
            AddIncoming(ClientOffer.SeatVideo(seat), isVideo: true, answer);
        }

        for (var voice = 0; voice < Options.Voices; voice++) AddIncoming(ClientOffer.VoiceAudio(voice), isVideo: false, answer);
        Drain(now);
    }

    /// <summary>Begins to capture.</summary>
    public void StartMedia(Instant now)
    {
        Func<ushort>? counter = Options.TransportWideCc ? NextTransportSequence : null;
        if (Options.SendsAudio)
        {
            var stream = new StreamOptions { Extensions = ClientOffer.Extensions, PayloadType = ClientOffer.Opus, Mid = "mic", NextTransportSequence = counter };
            _opus = new OpusGenerator(now, AudioSsrc, stream, _seed + 1)
            {
                IsSpeaking = true, DiscontinuousTransmission = Options.DiscontinuousTransmission, SpeechBytes = Options.SpeechBytes,
            };
            _outgoing[AudioSsrc] = new OutgoingStream(AudioSsrc, AudioSsrc + 100, "", OpusGenerator.ClockRate);
        }

        if (!Options.SendsVideo) return;
        var layers = Options.Layers(VideoSsrc);
        VideoStart = now;
        if (Options.Svc is { } svc)
        {
            var scalable = new StreamOptions { Extensions = ClientOffer.Extensions, PayloadType = ClientOffer.Vp8, Mid = "cam", NextTransportSequence = counter };
            _svc = new SvcGenerator(now, SvcLayers.New(svc.Mode, svc.Form, VideoSsrc), scalable, _seed + 2);
            _outgoing[VideoSsrc] = new OutgoingStream(VideoSsrc, VideoSsrc + 100, "", SvcGenerator.ClockRate);
            return;
        }

        var video = new StreamOptions { Extensions = ClientOffer.Extensions, PayloadType = ClientOffer.Vp8, Mid = "cam", NextTransportSequence = counter, Allocation = () => Allocation };
        _vp8 = new Vp8SimulcastGenerator(now, layers, Options.Simulcast ? video : video with { Mid = null }, _seed + 2);
        foreach (var layer in layers) _outgoing[layer.Ssrc] = new OutgoingStream(layer.Ssrc, layer.Ssrc + 100, layer.Rid, Vp8SimulcastGenerator.ClockRate);
    }

    public void Receive(Instant now, TransportAddress from, Span<byte> datagram)
    {
        if (_transport is null) return;
        switch (_transport.Receive(now, from, datagram, out var length))
        {
            case PacketKind.Rtp:
                OnRtp(now, datagram[..length]);
                break;
            case PacketKind.Rtcp:
                OnRtcp(now, datagram[..length]);
                break;
            default:
                Drain(now);
                break;
        }
    }

    public void Advance(Instant now)
    {
        if (_transport is null) return;
        _transport.Advance(now);
        Drain(now);
        if (!_transport.IsConnected) return;
        SendFrames(now);
        SendPictures(now);
        if (!SendsFeedback) return;
        SendRequests(now);
        if (now < _nextReport) return;
        _nextReport = now + ReportInterval;
        SendReports(now);
    }

    public void Dispose() => _transport?.Dispose();

    /// <summary>Says goodbye (close_notify) and ends.</summary>
    public void Leave(Instant now)
    {
        Dispose();
        Drain(now);
    }

    private ulong NtpAt(Instant now) => _ntpEpoch + Pendopo.Sfu.Forwarding.NtpClock.FromTicks(now.Ticks);

    private ushort NextTransportSequence()
    {
        _unreported.Add(_transportSequence);
        return _transportSequence++;
    }

    private void AddIncoming(string mid, bool isVideo, AnswerText answer)
    {
        if (!answer.Ssrcs.TryGetValue(mid, out var ssrcs)) return;
        var stream = new IncomingStream(mid, isVideo, ssrcs.Ssrc, ssrcs.RtxSsrc, asks: ssrcs.RtxSsrc != 0 || Options.AudioNack)
        {
            H264 = Options.H264,
            Svc = isVideo && Options.Svc is { } svc ? new SvcAssembler(svc.Form, ClientOffer.Extensions) : null,
        };
        _incoming[ssrcs.Ssrc] = (stream, false);
        if (ssrcs.RtxSsrc != 0) _incoming[ssrcs.RtxSsrc] = (stream, true);
    }

    private void Drain(Instant now)
    {
        while (_transport!.TryWrite(now, _buffer, out var datagram))
        {
            if (SendsHandshake || _buffer[0] < 4) _send(datagram.Destination, _buffer.AsSpan(0, datagram.Length));
        }

        while (_transport.TryRead(out var value)) Events.Add(value);
    }

    private void SendFrames(Instant now)
    {
        while (_opus is not null && _opus.NextAt <= now)
        {
            var at = _opus.NextAt;
            _opus.Advance(at, packet =>
            {
                if (RtpPacket.TryParse(packet, out var rtp, out _) && rtp.Payload.Length >= 8) SoundsCaptured[BinaryPrimitives.ReadUInt64BigEndian(rtp.Payload)] = at;
                SendRtp(at, packet);
            });
        }

        while (_vp8 is not null && _vp8.NextAt <= now)
        {
            var at = _vp8.NextAt;
            _vp8.Advance(at, packet => SendRtp(at, packet));
        }
    }

    private void SendPictures(Instant now)
    {
        while (_svc is not null && _svc.NextAt <= now)
        {
            var at = _svc.NextAt;
            _svc.Advance(at, packet => SendRtp(at, packet));
        }
    }

    private void SendRtp(Instant capturedAt, ReadOnlySpan<byte> packet)
    {
        if (!SendsMedia) return;
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);
        if (SendsRed && ssrc == AudioSsrc) packet = _red.Encode(packet);
        else if (ssrc == AudioSsrc) _red.Clear();
        else if (SendsH264) packet = ToH264(packet);
        _outgoing[ssrc].OnSent(capturedAt, packet);
        packet.CopyTo(_buffer);
        var length = SendProtected(packet.Length);
        if (Options.AudioNack && ssrc == AudioSsrc) KeepSound(_buffer.AsSpan(0, length));
    }

    private int SendProtected(int length)
    {
        if (_transport!.TryProtectRtp(_buffer, length, out var protectedLength)) _send(_transport.SelectedPath, _buffer.AsSpan(0, protectedLength));
        return protectedLength;
    }

    private void OnRtp(Instant now, Span<byte> packet)
    {
        if (!RtpPacket.TryParse(packet, out var rtp, out _)) return;
        if (Options.TransportWideCc && rtp.TryGetExtension(ClientOffer.Extensions.Id(RtpExtensionKind.TransportWideCc), out var value) && TransportSequence.TryRead(value, out var sequence))
        {
            _feedback.Add(now, sequence);
        }

        if (_incoming.TryGetValue(rtp.Ssrc, out var entry)) entry.Stream.Receive(now, packet, entry.IsRtx);
    }

    private void OnRtcp(Instant now, ReadOnlySpan<byte> compound)
    {
        var reader = new RtcpReader(compound);
        while (reader.MoveNext())
        {
            switch (reader.Kind)
            {
                case RtcpKind.Nack when _outgoing.TryGetValue(reader.MediaSsrc, out var stream):
                    NacksReceived++;
                    foreach (var sequence in reader.Nacks) Retransmit(now, stream, sequence);
                    break;
                case RtcpKind.TransportFeedback:
                    var feedback = new TransportFeedbackReader(reader.FeedbackControl);
                    while (feedback.MoveNext())
                    {
                        if (feedback.IsReceived) _unreported.Remove(feedback.Sequence);
                    }

                    break;
                case RtcpKind.PictureLoss:
                    PictureLossesReceived++;
                    PictureLosses.Add((now, reader.MediaSsrc));
                    _vp8?.RequestKeyFrame(reader.MediaSsrc);
                    _svc?.RequestKeyFrame(reader.MediaSsrc);
                    break;
                case RtcpKind.SenderReport when _incoming.TryGetValue(reader.SenderInfo.Ssrc, out var entry):
                    entry.Stream.OnSenderReport(now, reader.SenderInfo);
                    break;
                default:
                    break;
            }
        }
    }

    private void SendRequests(Instant now)
    {
        Span<ushort> missing = stackalloc ushort[64];
        foreach (var stream in Incoming)
        {
            var count = stream.Nack?.TakeDue(now, Options.RoundTrip, missing) ?? 0;
            if (count > 0)
            {
                var writer = new RtcpWriter(_buffer.AsSpan(0, 1200));
                writer.TryWriteNack(AudioSsrc, stream.Ssrc, missing[..count]);
                SendRtcp(writer.Length);
            }

            if (!stream.IsVideo || (stream.Svc is null ? stream.Video.StuckSince : stream.Svc.StuckSince) is not { } since || now - since < StuckTime || now - stream.LastPictureLoss < StuckTime) continue;
            stream.LastPictureLoss = now;
            SendPictureLoss(stream.Ssrc);
        }

        while (_feedback.Deadline.At <= now && _feedback.TryWrite(now, AudioSsrc, 0, _buffer.AsSpan(0, 1200), out var length)) SendRtcp(length);
    }

    /// <summary>Sends a packet of a stream that nobody negotiated.</summary>
    public void SendForeign(uint ssrc, ushort sequence, byte payloadType)
    {
        var writer = new RtpHeaderWriter(_buffer, payloadType, false, sequence, 1, ssrc);
        if (writer.TryReserve(ClientOffer.Extensions.Id(RtpExtensionKind.TransportWideCc), 2, out var value)) TransportSequence.Write(value, NextTransportSequence());
        SendProtected(writer.Complete() + 20);
    }

    public void SendPictureLoss(uint ssrc)
    {
        var writer = new RtcpWriter(_buffer.AsSpan(0, 1200));
        writer.TryWritePictureLoss(AudioSsrc, ssrc);
        SendRtcp(writer.Length);
    }

    private void SendReports(Instant now)
    {
        foreach (var stream in Incoming)
        {
            if (!stream.TryReport(now, out var block)) continue;
            var writer = new RtcpWriter(_buffer.AsSpan(0, 1200));
            writer.TryWriteReceiverReport(AudioSsrc, [block]);
            SendRtcp(writer.Length);
        }

        foreach (var stream in _outgoing.Values)
        {
            if (!stream.TryReport(now, NtpAt(now), out var report)) continue;
            var writer = new RtcpWriter(_buffer.AsSpan(0, 1200));
            writer.TryWriteSenderReport(report, []);
            writer.TryWriteCname(stream.Ssrc, "client"u8);
            SendRtcp(writer.Length);
        }
    }

    private void SendRtcp(int length)
    {
        if (_transport!.TryProtectRtcp(_buffer, length, out var protectedLength)) _send(_transport.SelectedPath, _buffer.AsSpan(0, protectedLength));
    }
}
