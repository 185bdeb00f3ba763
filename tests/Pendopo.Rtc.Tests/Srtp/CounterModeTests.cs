using Pendopo.Rtc.Srtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Srtp;

/// <summary>Every tier of AES counter mode against the platform's, to the byte and to the byte beside it.</summary>
public sealed class CounterModeTests
{
    private const byte Guard = 0x5A;

    public static TheoryData<string> Tiers => [.. SrtpTiers.Supported.Select(tier => tier.ToString())];

    [Theory]
    [MemberData(nameof(Tiers))]
    public void Every_length_equals_the_platform_in_place_and_from_elsewhere_with_any_room_behind(string tier)
    {
        var random = new Random(51);
        var (key, salt) = (Bytes(random, 16), Bytes(random, 14));
        using var platform = CounterMode.Create(key, salt, SrtpTier.Platform);
        using var mode = CounterMode.Create(key, salt, SrtpTiers.Choose(tier));
        for (var length = 0; length <= 1600; length++)
        {
            var (ssrc, index) = ((uint)random.Next(), (ulong)random.NextInt64(1L << 48));
            var text = Bytes(random, length);
            var expected = new byte[length];
            platform.Apply(text, expected, ssrc, index);
            foreach (var inPlace in (bool[])[false, true])
            {
                var (offset, room) = (random.Next(0, 65), random.Next(0, 300));
                var buffer = new byte[offset + length + room + 64];
                Array.Fill(buffer, Guard);
                var destination = buffer.AsSpan(offset, length + room);
                text.CopyTo(destination);

                mode.Apply(inPlace ? destination[..length] : text.ToArray(), destination, ssrc, index);

                Assert.Equal(expected, destination[..length]);
                Assert.Equal(-1, buffer.AsSpan(0, offset).IndexOfAnyExcept(Guard));
                Assert.Equal(-1, buffer.AsSpan(offset + length + room).IndexOfAnyExcept(Guard));
                if (room == 0) Assert.Equal(Guard, buffer[offset + length]);
            }
        }
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
