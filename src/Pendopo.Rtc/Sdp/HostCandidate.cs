using System.Net;
using Pendopo.Rtc.Transport;

namespace Pendopo.Rtc.Sdp;

/// <summary>A host candidate of ours, for the answer.</summary>
public sealed record HostCandidate(IPAddress Address, int Port, TransportProtocol Protocol);
