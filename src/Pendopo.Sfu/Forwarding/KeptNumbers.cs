namespace Pendopo.Sfu.Forwarding;

/// <summary>What names a packet that is kept as it was sent.</summary>
/// <param name="Sequence">Of RTP.</param>
/// <param name="TransportSequence">The transport-wide number that it carries, if it does.</param>
/// <param name="Copies">Times that it shall be sent again without being asked for.</param>
internal readonly record struct KeptNumbers(ushort Sequence, ushort? TransportSequence, int Copies);
