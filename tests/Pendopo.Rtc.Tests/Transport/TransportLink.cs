using System.Diagnostics;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Srtp;
using Pendopo.Rtc.Transport;
using Xunit;

namespace Pendopo.Rtc.Tests.Transport;

/// <summary>
/// A server (ICE-lite) and a client transport on a simulated link. Protocol time is virtual and moves only when nothing else
/// does; the handshakes' threads are real, so while they compute the link waits for their wake.
/// </summary>
internal sealed class TransportLink : IDisposable
{
    public static readonly TransportAddress ServerAddress = TransportAddress.FromIpv4(0xC0000201, 443);
    private static readonly DtlsCertificate ServerCertificate = DtlsCertificate.Create(TimeProvider.System);
    private static readonly DtlsCertificate ClientCertificate = DtlsCertificate.Create(TimeProvider.System);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly AutoResetEvent _wake = new(false);
    private readonly DtlsHandshaker _serverHandshaker = new(ServerCertificate, 2, Patience);
    private readonly DtlsHandshaker _clientHandshaker = new(ClientCertificate, 2, Patience);
    private readonly byte[] _buffer = new byte[1500];
    private readonly Random _random = new(4);

    public TransportLink(DtlsRole serverRole = DtlsRole.Server, SrtpProfile profile = SrtpProfile.AeadAes128Gcm, bool wrongFingerprint = false)
    {
        var clientRole = serverRole == DtlsRole.Server ? DtlsRole.Client : DtlsRole.Server;
        var fingerprint = wrongFingerprint ? new byte[32] : ClientCertificate.Fingerprint;
        Server = new(Now, new(ServerIce, ClientIce, fingerprint, serverRole, [profile]), _serverHandshaker, new Random(1), Wake);
        Client = new(Now, new(ClientIce, ServerIce, ServerCertificate.Fingerprint, clientRole, [profile])
        {
            IceRole = IceRole.Controlling,
            RemoteCandidates = [ServerAddress],
        }, _clientHandshaker, new Random(2), Wake);
    }

    public Instant Now { get; private set; } = Instant.FromMilliseconds(1000);

    public IceCredentials ServerIce { get; } = IceCredentials.Generate(new Random(5).NextBytes);

    public IceCredentials ClientIce { get; } = IceCredentials.Generate(new Random(6).NextBytes);

    public PeerTransport Server { get; }

    public PeerTransport Client { get; }

    public List<PeerEvent> ServerEvents { get; } = [];

    public List<PeerEvent> ClientEvents { get; } = [];

    /// <summary>Where the client's datagrams seem to come from, and where it can be reached.</summary>
    public TransportAddress ClientAddress { get; set; } = TransportAddress.FromIpv4(0xC6336401, 40000);

    /// <summary>The part of all datagrams that is lost, from 0 to 1.</summary>
    public double Loss { get; set; }

    public void RunUntil(Func<bool> done)
    {
        var clock = Stopwatch.StartNew();
        while (!done())
        {
            Assert.True(clock.Elapsed < Patience, $"server: {string.Join(", ", ServerEvents)}; client: {string.Join(", ", ClientEvents)}");
            if (Step()) continue;
            _wake.WaitOne(TimeSpan.FromMilliseconds(2));
            Now += TimeSpan.FromMilliseconds(2);
        }
    }

    /// <summary>Lets virtual time pass in jumps of 100 ms.</summary>
    public void Pass(TimeSpan time)
    {
        for (var until = Now + time; Now < until; Now += TimeSpan.FromMilliseconds(100))
        {
            while (Step())
            {
            }
        }
    }

    public void Connect() => RunUntil(() => Server.IsConnected && Client.IsConnected);

    /// <summary>Sends media from the client and from the server; true when both arrive as they were.</summary>
    public bool MediaFlows(ushort number) => Flows(Client, Server, ClientAddress, Rtp(number, 1), PacketKind.Rtp)
        && Flows(Server, Client, ServerAddress, Rtp(number, 2), PacketKind.Rtp)
        && Flows(Client, Server, ClientAddress, [0x80, 204, 0, 3, 0, 0, 0, 1, 116, 101, 115, 116, 1, 2, 3, 4], PacketKind.Rtcp);

    public static byte[] Rtp(ushort number, byte ssrc) => [0x80, 96, (byte)(number >> 8), (byte)number, 0, 0, 0, 1, 0, 0, 0, ssrc, 1, 2, 3, 4];

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
        _clientHandshaker.Dispose();
        _serverHandshaker.Dispose();
        _wake.Dispose();
    }

    private bool Flows(PeerTransport sender, PeerTransport receiver, TransportAddress from, byte[] packet, PacketKind kind)
    {
        var buffer = new byte[packet.Length + 64];
        packet.CopyTo(buffer, 0);
        var isProtected = kind == PacketKind.Rtp
            ? sender.TryProtectRtp(buffer, packet.Length, out var length)
            : sender.TryProtectRtcp(buffer, packet.Length, out length);
        if (!isProtected) return false;
        Assert.False(buffer.AsSpan(0, packet.Length).SequenceEqual(packet));
        return receiver.Receive(Now, from, buffer.AsSpan(0, length), out var plain) == kind && buffer.AsSpan(0, plain).SequenceEqual(packet);
    }

    private void Wake() => _wake.Set();

    private bool Step()
    {
        Client.Advance(Now);
        Server.Advance(Now);
        var moved = false;
        while (Client.TryWrite(Now, _buffer, out var sent))
        {
            moved = true;
            Assert.Equal(ServerAddress, sent.Destination);
            if (_random.NextDouble() >= Loss) Server.Receive(Now, ClientAddress, _buffer.AsSpan(0, sent.Length), out _);
        }

        while (Server.TryWrite(Now, _buffer, out var sent))
        {
            moved = true;
            if (sent.Destination != ClientAddress) continue;
            if (_random.NextDouble() >= Loss) Client.Receive(Now, ServerAddress, _buffer.AsSpan(0, sent.Length), out _);
        }

        while (Server.TryRead(out var value)) ServerEvents.Add(value);
        while (Client.TryRead(out var value)) ClientEvents.Add(value);
        return moved;
    }
}
