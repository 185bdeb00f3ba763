using System.Diagnostics;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Srtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Dtls;

/// <summary>A client and a server session in memory, with a hook on every datagram between them.</summary>
internal sealed class DtlsLink : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly AutoResetEvent _moved = new(false);
    private readonly byte[] _buffer = new byte[1500];

    public DtlsLink(TimeSpan? timeout = null, SrtpProfile[]? server = null, SrtpProfile[]? client = null,
        byte[]? fingerprintOfClient = null, byte[]? fingerprintOfServer = null)
    {
        Handshaker = new(Certificate, 4, timeout ?? Patience);
        ClientCertificate = DtlsCertificate.Create(TimeProvider.System);
        ClientHandshaker = new(ClientCertificate, 4, timeout ?? Patience);
        SrtpProfile[] all = [SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes256Gcm, SrtpProfile.Aes128CmHmacSha1Tag80];
        Server = Handshaker.CreateSession(DtlsRole.Server, server ?? all, fingerprintOfClient ?? ClientCertificate.Fingerprint, Wake);
        Client = ClientHandshaker.CreateSession(DtlsRole.Client, client ?? all, fingerprintOfServer ?? Certificate.Fingerprint, Wake);
    }

    public static DtlsCertificate Certificate { get; } = DtlsCertificate.Create(TimeProvider.System);

    public DtlsCertificate ClientCertificate { get; }

    public DtlsHandshaker Handshaker { get; }

    public DtlsHandshaker ClientHandshaker { get; }

    public DtlsSession Server { get; }

    public DtlsSession Client { get; }

    /// <summary>What becomes of a datagram to the server; the default delivers it once.</summary>
    public Func<byte[], IEnumerable<byte[]>> ToServer { get; set; } = datagram => [datagram];

    public Func<byte[], IEnumerable<byte[]>> ToClient { get; set; } = datagram => [datagram];

    public void Wake() => _moved.Set();

    /// <summary>Moves datagrams until the condition holds; fails when that takes too long.</summary>
    public void RunUntil(Func<bool> done)
    {
        var clock = Stopwatch.StartNew();
        while (!done())
        {
            Assert.True(clock.Elapsed < Patience, $"server {Server.State} {Server.Detail}, client {Client.State} {Client.Detail}");
            Exchange();
            if (!done()) _moved.WaitOne(TimeSpan.FromMilliseconds(20));
        }
    }

    public void Exchange()
    {
        foreach (var datagram in Drain(Client).SelectMany(ToServer)) Server.Receive(datagram);
        foreach (var datagram in Drain(Server).SelectMany(ToClient)) Client.Receive(datagram);
    }

    public List<byte[]> Drain(DtlsSession session)
    {
        var datagrams = new List<byte[]>();
        while (session.TryWrite(_buffer, out var length)) datagrams.Add(_buffer[..length]);
        return datagrams;
    }

    public void Connect()
    {
        Assert.True(Client.TryStart());
        RunUntil(() => Server.State == DtlsState.Connected && Client.State == DtlsState.Connected);
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
        ClientHandshaker.Dispose();
        Handshaker.Dispose();
        ClientCertificate.Dispose();
        _moved.Dispose();
    }
}
