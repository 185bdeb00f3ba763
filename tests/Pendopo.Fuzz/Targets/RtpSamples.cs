using Pendopo.Rtc.Rtp;

namespace Pendopo.Fuzz.Targets;

/// <summary>RTP packets with header extensions of both forms.</summary>
internal static class RtpSamples
{
    public static IReadOnlyList<byte[]> All { get; } = [Packet(twoByte: false, padding: 0), Packet(twoByte: true, padding: 0), Packet(twoByte: false, padding: 40), WithContributors()];

    public static IReadOnlyList<byte[]> Tokens { get; } = [[0xBE, 0xDE], [0x10, 0x00], [0x10, 0x0f], [0xF0], [0xFF], [0x90], [0xB0], [0xA0]];

    private static byte[] Packet(bool twoByte, byte padding)
    {
        var buffer = new byte[400];
        var writer = new RtpHeaderWriter(buffer, 96, marker: true, 65535, 0x01020304, 0x05060708, twoByte);
        var added = writer.TryAdd(4, "q"u8) && writer.TryAdd(3, [0x12, 0x34]) && writer.TryAdd(2, [1, 2, 3]) && writer.TryAdd(1, [0x85]);
        if (twoByte) added &= writer.TryAdd(200, new byte[40]) && writer.TryAdd(15, []);
        if (!added) throw new InvalidOperationException("the sample does not fit");
        var length = writer.Complete();
        for (var i = 0; i < 60; i++) buffer[length++] = (byte)i;
        if (padding == 0) return buffer[..length];
        buffer[0] |= 0x20;
        length += padding;
        buffer[length - 1] = padding;
        return buffer[..length];
    }

    private static byte[] WithContributors() => [0x83, 111, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 6, 0x78, 1, 2];
}
