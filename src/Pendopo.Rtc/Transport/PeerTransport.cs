using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Srtp;

namespace Pendopo.Rtc.Transport;

/// <summary>What a received datagram turned out to be, once the transport has dealt with its own protocols.</summary>
public enum PacketKind : byte
{
    /// <summary>STUN or DTLS (consumed), or dropped and counted.</summary>
    None,
    Rtp,
    Rtcp,
}

public enum PeerEventKind : byte
{
    /// <summary>ICE has a validated path; DTLS may start.</summary>
    IceConnected,

    /// <summary>DTLS is done and the peer's certificate matches; media flows.</summary>
    Connected,

    /// <summary>ICE selected another path (network change, restart).</summary>
    PathChanged,

    /// <summary>Consent is lost (RFC 7675); the path may come back by ICE restart.</summary>
    Disconnected,

    /// <summary>The handshake failed or the certificate does not match; final.</summary>
    Failed,
}

public readonly record struct PeerEvent(PeerEventKind Kind, string? Detail = null);

/// <summary>Everything a transport needs to know, from the offer and the answer.</summary>
/// <param name="Local">Our ICE credentials.</param>
/// <param name="Remote">The peer's ICE credentials.</param>
/// <param name="RemoteFingerprint">SHA-256 of the peer's certificate, 32 bytes, from <c>a=fingerprint</c>.</param>
/// <param name="Role">Our DTLS role.</param>
/// <param name="Profiles">SRTP profiles in order of preference.</param>
public sealed record PeerTransportOptions(
    IceCredentials Local,
    IceCredentials Remote,
    ReadOnlyMemory<byte> RemoteFingerprint,
    DtlsRole Role,
    IReadOnlyList<SrtpProfile> Profiles);

/// <summary>
/// ICE-lite, DTLS and SRTP of one peer: the one facade over them. Sans-IO but for the handshake, which runs in
/// <see cref="DtlsHandshaker"/>'s bounded threads and calls <c>wake</c> when it has something to send or is done.
/// Owned by one worker thread.
/// </summary>
public sealed class PeerTransport : IDisposable
{
    public PeerTransport(Instant now, PeerTransportOptions options, DtlsHandshaker handshaker, Random random, Action wake) =>
        throw new NotSupportedException("not built yet");

    public bool IsConnected => throw new NotSupportedException();

    /// <summary>The selected path; meaningful once ICE is connected.</summary>
    public TransportAddress SelectedPath => throw new NotSupportedException();

    public DropCounters Drops => throw new NotSupportedException();

    public SrtpProfile? Profile => throw new NotSupportedException();

    public Deadline Deadline => throw new NotSupportedException();

    /// <summary>Takes a datagram; for media the plaintext packet is <c>datagram[..length]</c>.</summary>
    public PacketKind Receive(Instant now, TransportAddress from, Span<byte> datagram, out int length) => throw new NotSupportedException();

    public void Advance(Instant now) => throw new NotSupportedException();

    public bool TryWrite(Instant now, Span<byte> destination, out Datagram datagram) => throw new NotSupportedException();

    public bool TryRead(out PeerEvent value) => throw new NotSupportedException();

    public bool TryProtectRtp(Span<byte> buffer, int length, out int protectedLength) => throw new NotSupportedException();

    public bool TryProtectRtcp(Span<byte> buffer, int length, out int protectedLength) => throw new NotSupportedException();

    /// <summary>
    /// New credentials of both sides (RFC 8445 §9): the old pair keeps working until a check with the new ones succeeds, and
    /// at most 3 s.
    /// </summary>
    public void RestartIce(Instant now, IceCredentials local, IceCredentials remote) => throw new NotSupportedException();

    public void Dispose() => throw new NotSupportedException();
}
