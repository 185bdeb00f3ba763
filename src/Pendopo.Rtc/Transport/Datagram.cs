namespace Pendopo.Rtc.Transport;

/// <summary>What a machine wrote into the caller's buffer, and where it wants to go.</summary>
public readonly record struct Datagram(TransportAddress Destination, int Length);
