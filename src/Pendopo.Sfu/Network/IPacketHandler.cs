using Pendopo.Rtc.Transport;

namespace Pendopo.Sfu.Network;

/// <summary>Takes what an endpoint received.</summary>
internal interface IPacketHandler
{
    /// <summary>
    /// Called on the thread that called <see cref="UdpEndpoint.Receive"/>. The span may be written (unprotecting in place) and
    /// dies when the call returns; there is no promise of room behind its end.
    /// </summary>
    void OnDatagram(TransportAddress from, Span<byte> datagram);
}
