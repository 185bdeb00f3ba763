using System.Text;
using Pendopo.Load.Network;
using Pendopo.Rtc;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Srtp;
using Pendopo.Rtc.Stun;
using Pendopo.Rtc.Transport;

namespace Pendopo.Load.Clients;

/// <summary>ICE (controlling), DTLS (client) and SRTP towards an ICE-lite server, as a browser's transport does it.</summary>
internal sealed class RtcConnection : Connection
{
    private readonly byte[] _buffer = new byte[2048];
    private readonly TransportAddress _server;
    private readonly byte[] _localKey;
    private readonly PeerTransport _transport;
    private readonly Action<string> _failed;

    public RtcConnection(ClientSocket socket, IceCredentials local, SessionText remote, SrtpProfile profile, DtlsHandshaker handshaker, Action wake, Action<string> failed)
        : base(socket)
    {
        var endPoint = remote.Candidates.FirstOrDefault() ?? throw new InvalidOperationException("The server gives no candidate for UDP.");
        socket.Connect(endPoint);
        _server = TransportAddress.From(socket.Remote!);
        _failed = failed;
        _localKey = Encoding.UTF8.GetBytes(local.Password);
        var options = new PeerTransportOptions(local, remote.Ice, remote.Fingerprint, DtlsRole.Client, [profile])
        {
            IceRole = IceRole.Controlling,
            RemoteCandidates = [_server],
        };
        _transport = new PeerTransport(Clock.Now, options, handshaker, new Random(), wake);
    }

    public override bool IsConnected => _transport.IsConnected;

    public override string? Profile => _transport.Profile?.ToString();

    public override PacketKind Receive(Instant now, Span<byte> datagram, out int length)
    {
        if (datagram[0] < 4 && StunMessage.TryParse(datagram, out var message) && message is { Class: StunClass.Request, IsBinding: true })
        {
            length = 0;
            Answer(message);
            return PacketKind.None;
        }

        var kind = _transport.Receive(now, _server, datagram, out length);
        if (kind == PacketKind.None) Drain(now);
        return kind;
    }

    public override bool TryProtectRtp(Span<byte> buffer, int length, out int protectedLength) => _transport.TryProtectRtp(buffer, length, out protectedLength);

    public override bool TryProtectRtcp(Span<byte> buffer, int length, out int protectedLength) => _transport.TryProtectRtcp(buffer, length, out protectedLength);

    public override void Advance(Instant now)
    {
        _transport.Advance(now);
        Drain(now);
    }

    public override void Dispose()
    {
        _transport.Dispose();
        Drain(Clock.Now); // the close_notify
        base.Dispose();
    }

    /// <summary>libnice says it is lite and checks all the same: it wants an answer before it takes a path for good.</summary>
    private void Answer(in StunMessage request)
    {
        if (!request.VerifyIntegrity(_localKey)) return;
        var writer = new StunWriter(_buffer, StunClass.Success, request.TransactionId);
        writer.AddXorMappedAddress(_server);
        writer.AddMessageIntegrity(_localKey);
        writer.AddFingerprint();
        if (writer.TryFinish(out var length)) Socket.Send(_buffer.AsSpan(0, length));
    }

    private void Drain(Instant now)
    {
        while (_transport.TryWrite(now, _buffer, out var datagram)) Socket.Send(_buffer.AsSpan(0, datagram.Length));
        while (_transport.TryRead(out var value))
        {
            if (value.Kind is PeerEventKind.Failed or PeerEventKind.Disconnected) _failed($"{value.Kind}: {value.Detail}");
        }
    }
}
