using Pendopo.Rtc;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Srtp;

namespace Pendopo.Fuzz.Targets;

/// <summary>
/// The first datagrams that a DTLS server gets. A good ClientHello is answered; the wait for that is what makes this the
/// slowest target. Frames of two bytes of length keep several datagrams apart.
/// </summary>
public sealed class DtlsTarget : FuzzTarget, IDisposable
{
    /// <summary>For a handshake thread to answer, or to give up: what is silently dropped costs this much.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2);

    private static readonly SrtpProfile[] Profiles = [SrtpProfile.AeadAes128Gcm];

    private readonly Lazy<DtlsHandshaker> _handshaker = new(() => new(DtlsCertificate.Create(TimeProvider.System), 4, TimeSpan.FromSeconds(5)));
    private IReadOnlyList<byte[]>? _corpus;

    public override string Name => "dtls";

    public override IReadOnlyList<byte[]> Corpus => _corpus ??= [ClientHello()];

    public override IReadOnlyList<byte[]> Dictionary { get; } = [[22, 0xfe, 0xfd], [22, 0xfe, 0xff], [20, 0xfe, 0xfd], [21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 2, 40], [1, 0, 0], [0, 14], [0, 23], [0xc0, 0x2b]];

    public override bool Run(Span<byte> input)
    {
        // Not disposed of: a handshake that outlasts our patience still says when it ends.
        var woken = new SemaphoreSlim(0);
        using var server = _handshaker.Value.CreateSession(DtlsRole.Server, Profiles, new byte[32], () => woken.Release());
        var accepted = false;
        while (input.Length > 2)
        {
            var length = Math.Min((input[0] << 8) | input[1], input.Length - 2);
            accepted |= server.Receive(input.Slice(2, length)) == DropReason.None;
            input = input[(2 + length)..];
        }

        if (accepted) woken.Wait(Patience);
        Span<byte> answer = stackalloc byte[2048];
        while (server.TryWrite(answer, out var length)) Require(length > 0, "an empty datagram");
        Require(server.State != DtlsState.Connected, "a handshake without its end");
        return accepted;
    }

    public void Dispose()
    {
        if (_handshaker.IsValueCreated) _handshaker.Value.Dispose();
    }

    private byte[] ClientHello()
    {
        var woken = new SemaphoreSlim(0);
        using var client = _handshaker.Value.CreateSession(DtlsRole.Client, Profiles, new byte[32], () => woken.Release());
        var datagram = new byte[2048];
        if (!client.TryStart()) throw new InvalidOperationException("the handshaker is busy");
        int length;
        while (!client.TryWrite(datagram, out length))
        {
            if (!woken.Wait(TimeSpan.FromSeconds(10))) throw new InvalidOperationException("no ClientHello came");
        }

        return [(byte)(length >> 8), (byte)length, .. datagram[..length]];
    }
}
