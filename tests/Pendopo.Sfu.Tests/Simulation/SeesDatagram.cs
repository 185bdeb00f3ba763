using Pendopo.Rtc.Transport;

namespace Pendopo.Sfu.Tests.Simulation;

internal delegate void SeesDatagram(TransportAddress to, ReadOnlySpan<byte> datagram);
