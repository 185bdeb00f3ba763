using System.Buffers.Binary;

namespace Pendopo.Rtc.Rtp;

/// <summary>
/// Writes the descriptor of a forwarded packet anew: another frame number, and the decode targets that the receiver gets of
/// those that the sender makes (AV1 RTP specification, A.8.3: who leaves layers out says so in the mask of active decode
/// targets). Everything else is copied bit by bit.
/// </summary>
public static class DependencyDescriptorWriter
{
    /// <summary>Start and end flags, template id and frame number.</summary>
    private const int MandatoryBits = 24;

    /// <summary>The flags that follow in an extended descriptor: structure, mask, and three kinds of custom fields.</summary>
    private const int ExtendedFlags = 5;

    private const int MaskFlag = MandatoryBits + 1;

    /// <summary>Bytes that <see cref="Write"/> fills, for the same arguments.</summary>
    public static int Length(ReadOnlySpan<byte> source, in DependencyDescriptor descriptor, uint? activeTargets)
    {
        if (activeTargets is null || descriptor.HasMask) return source.Length;
        return descriptor.MaskOffset == 0
            ? (MandatoryBits + ExtendedFlags + descriptor.TargetCount + 7) / 8
            : source.Length + ((descriptor.TargetCount + 7) / 8);
    }

    /// <param name="source">The extension as received.</param>
    /// <param name="descriptor">What a reader made of <paramref name="source"/>.</param>
    /// <param name="frameNumber">Takes the place of the source's.</param>
    /// <param name="activeTargets">The mask to write, bit i for target i; null leaves it as it is.</param>
    /// <param name="destination">As long as <see cref="Length"/> says.</param>
    public static void Write(
        ReadOnlySpan<byte> source, in DependencyDescriptor descriptor, ushort frameNumber, uint? activeTargets, Span<byte> destination)
    {
        if (activeTargets is not { } mask)
        {
            source.CopyTo(destination);
        }
        else if (descriptor.HasMask)
        {
            source.CopyTo(destination);
            WriteBits(destination, descriptor.MaskOffset, mask, descriptor.TargetCount);
        }
        else
        {
            destination.Clear();
            var copied = descriptor.MaskOffset == 0 ? MandatoryBits : descriptor.MaskOffset;
            CopyBits(source, 0, destination, 0, copied);
            WriteBits(destination, MaskFlag, 1, 1);
            var at = descriptor.MaskOffset == 0 ? MandatoryBits + ExtendedFlags : copied;
            WriteBits(destination, at, mask, descriptor.TargetCount);
            CopyBits(source, copied, destination, at + descriptor.TargetCount, (source.Length * 8) - copied);
        }

        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], frameNumber);
    }

    /// <summary>Overwrites the mask in a descriptor that <see cref="Write"/> has given one.</summary>
    /// <param name="written">The descriptor as written.</param>
    /// <param name="descriptor">What it was written from.</param>
    /// <param name="activeTargets">Bit i for target i.</param>
    public static void WriteMask(Span<byte> written, in DependencyDescriptor descriptor, uint activeTargets) =>
        WriteBits(written, descriptor.MaskOffset == 0 ? MandatoryBits + ExtendedFlags : descriptor.MaskOffset, activeTargets, descriptor.TargetCount);

    private static void CopyBits(ReadOnlySpan<byte> source, int from, Span<byte> destination, int to, int count)
    {
        for (var i = 0; i < count; i++) SetBit(destination, to + i, (source[(from + i) >> 3] >> (7 - ((from + i) & 7)) & 1) != 0);
    }

    private static void WriteBits(Span<byte> destination, int at, uint value, int count)
    {
        for (var i = 0; i < count; i++) SetBit(destination, at + i, (value >> (count - 1 - i) & 1) != 0);
    }

    private static void SetBit(Span<byte> destination, int position, bool value)
    {
        var bit = (byte)(0x80 >> (position & 7));
        if (value) destination[position >> 3] |= bit;
        else destination[position >> 3] &= (byte)~bit;
    }
}
