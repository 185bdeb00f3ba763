using System.Net;
using System.Security.Cryptography;
using Pendopo.Load.Network;
using Pendopo.Rtc;
using Pendopo.Rtc.Srtp;
using Pendopo.Rtc.Transport;

namespace Pendopo.Load.Clients;

/// <summary>SRTP under a key that both sides are simply given, for the C forwarder, which has neither ICE nor DTLS.</summary>
internal sealed class KeyedConnection : Connection
{
    private const SrtpProfile TheProfile = SrtpProfile.AeadAes128Gcm;

    private readonly SrtpContext _context;

    public KeyedConnection(ClientSocket socket, IPEndPoint server)
        : base(socket)
    {
        socket.Connect(server);
        MasterKey = RandomNumberGenerator.GetBytes(SrtpContext.MasterKeyLength(TheProfile));
        MasterSalt = RandomNumberGenerator.GetBytes(SrtpContext.MasterSaltLength(TheProfile));
        _context = new SrtpContext(TheProfile, MasterKey, MasterSalt);
    }

    public byte[] MasterKey { get; }

    public byte[] MasterSalt { get; }

    public override bool IsConnected => true;

    public override string Profile => TheProfile.ToString();

    public override PacketKind Receive(Instant now, Span<byte> datagram, out int length) =>
        _context.TryUnprotectRtp(datagram, out length, out _) ? PacketKind.Rtp : PacketKind.None;

    public override bool TryProtectRtp(Span<byte> buffer, int length, out int protectedLength) => _context.TryProtectRtp(buffer, length, out protectedLength);

    /// <summary>The forwarder reads no RTCP, so none is sent to it.</summary>
    public override bool TryProtectRtcp(Span<byte> buffer, int length, out int protectedLength)
    {
        protectedLength = 0;
        return false;
    }

    public override void Dispose()
    {
        _context.Dispose();
        base.Dispose();
    }
}
