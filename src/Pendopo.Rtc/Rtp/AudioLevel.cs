namespace Pendopo.Rtc.Rtp;

/// <summary>How loud a packet's audio is, said by its sender in the clear (RFC 6464 §3).</summary>
/// <param name="Attenuation">In −dBov: 0 is the loudest, 127 is silence.</param>
/// <param name="Voice">The sender believes that it is speech.</param>
public readonly record struct AudioLevel(byte Attenuation, bool Voice)
{
    /// <summary>The attenuation that stands for digital silence.</summary>
    public const byte Silence = 127;

    /// <summary>Reads the extension's value; false if it is empty.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out AudioLevel level)
    {
        level = default;
        if (value.IsEmpty) return false;
        level = new AudioLevel((byte)(value[0] & 0x7F), (value[0] & 0x80) != 0);
        return true;
    }

    /// <summary>The extension's one byte.</summary>
    public byte ToByte() => (byte)((Voice ? 0x80 : 0) | Math.Min(Attenuation, Silence));
}
