using System.Runtime.InteropServices;
using System.Numerics;

namespace Pendopo.Rtc.Srtp;

/// <summary>Exclusive-or of byte runs, as wide as the machine's vectors.</summary>
internal static class Xor
{
    /// <summary>XORs <paramref name="mask"/> into <paramref name="target"/>; the mask is at least as long.</summary>
    public static void Into(Span<byte> target, ReadOnlySpan<byte> mask)
    {
        mask = mask[..target.Length];
        var wide = target.Length - target.Length % Vector<byte>.Count;
        var targets = MemoryMarshal.Cast<byte, Vector<byte>>(target[..wide]);
        var masks = MemoryMarshal.Cast<byte, Vector<byte>>(mask[..wide]);
        for (var i = 0; i < targets.Length; i++) targets[i] ^= masks[i];
        for (var i = wide; i < target.Length; i++) target[i] ^= mask[i];
    }
}
