namespace Pendopo.Client.Sframe;

/// <summary>Whose key decrypted a frame. Any member could have made it (RFC 9605 §7.2); only the leaf's signed digests tell more.</summary>
public readonly record struct FrameSender(ushort Leaf, ulong Epoch, ulong Counter);
