using Pendopo.Rtc.Transport;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>Puts a datagram on the client's network.</summary>
internal delegate void SendDatagram(TransportAddress destination, ReadOnlySpan<byte> datagram);
