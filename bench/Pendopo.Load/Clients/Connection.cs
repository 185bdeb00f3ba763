using Pendopo.Load.Network;
using Pendopo.Rtc;
using Pendopo.Rtc.Transport;

namespace Pendopo.Load.Clients;

/// <summary>A client's way to the server: its socket and what protects the packets on it.</summary>
internal abstract class Connection(ClientSocket socket) : IDisposable
{
    public ClientSocket Socket { get; } = socket;

    public abstract bool IsConnected { get; }

    /// <summary>The negotiated SRTP profile, for the report.</summary>
    public abstract string? Profile { get; }

    /// <summary>Takes a datagram; for media the plaintext is <c>datagram[..length]</c>.</summary>
    public abstract PacketKind Receive(Instant now, Span<byte> datagram, out int length);

    public abstract bool TryProtectRtp(Span<byte> buffer, int length, out int protectedLength);

    public abstract bool TryProtectRtcp(Span<byte> buffer, int length, out int protectedLength);

    public virtual void Advance(Instant now)
    {
    }

    public virtual void Dispose() => Socket.Dispose();
}
