using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Pendopo.Rtc.Srtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Srtp;

/// <summary>Every tier of AES-GCM against published cases and against the platform's, to the byte and to the byte beside it.</summary>
public sealed class GcmKeyTests
{
    private const int LongestText = 1600;
    private const int TagLength = GcmKey.TagLength;
    private const byte Guard = 0xA5;

    private const string Plaintext =
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";

    private const string Associated = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
    private const string Key = "feffe9928665731c6d6a8f9467308308";
    private const string Nonce = "cafebabefacedbaddecaf888";

    private const string Ciphertext128 =
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985";

    private const string Ciphertext256 =
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad";

    public static TheoryData<string, int> Keys
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var tier in SrtpTiers.Supported)
            {
                data.Add(tier.ToString(), 16);
                data.Add(tier.ToString(), 32);
            }

            return data;
        }
    }

    /// <summary>McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B: the cases with nonces of 96 bits.</summary>
    [Theory]
    [InlineData("00000000000000000000000000000000", "000000000000000000000000", "", "", "", "58e2fccefa7e3061367f1d57a4e7455a")]
    [InlineData("00000000000000000000000000000000", "000000000000000000000000", "", "00000000000000000000000000000000",
        "0388dace60b6a392f328c2b971b2fe78", "ab6e47d42cec13bdf53a67b21257bddf")]
    [InlineData(Key, Nonce, "", Plaintext, Ciphertext128, "4d5c2af327cd64a62cf35abd2ba6fab4")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "", "", "",
        "530f8afbc74536b9a963b4f1c4cb738b")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "",
        "00000000000000000000000000000000", "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919")]
    [InlineData(Key + Key, Nonce, "", Plaintext, Ciphertext256, "b094dac5d93471bdec1a502270e3cc6c")]
    public void It_follows_the_published_cases(string key, string nonce, string associated, string plaintext, string ciphertext, string tag)
    {
        foreach (var tier in SrtpTiers.Supported)
        {
            using var gcm = GcmKey.Create(Hex(key), tier);
            var text = Hex(plaintext);
            var sealedText = new byte[text.Length + TagLength];
            gcm.Seal(Wide(Hex(nonce)), Hex(associated), text, sealedText);

            Assert.Equal(ciphertext, Convert.ToHexStringLower(sealedText.AsSpan(0, text.Length)));
            Assert.Equal(tag, Convert.ToHexStringLower(sealedText.AsSpan(text.Length)));
            Assert.True(gcm.Open(Wide(Hex(nonce)), Hex(associated), sealedText));
            Assert.Equal(text, sealedText[..text.Length]);
        }
    }

    [Theory]
    [InlineData(Key, Ciphertext128, "5bc94fbc3221a5db94fae95ae7121a47")]
    [InlineData(Key + Key, Ciphertext256, "76fc6ece0f4e1768cddf8853bb2d551b")]
    public void It_follows_the_published_cases_that_end_within_a_block(string key, string ciphertext, string tag)
    {
        foreach (var tier in SrtpTiers.Supported)
        {
            using var gcm = GcmKey.Create(Hex(key), tier);
            var text = Hex(Plaintext)[..60];
            var sealedText = new byte[text.Length + TagLength];
            gcm.Seal(Wide(Hex(Nonce)), Hex(Associated), text, sealedText);
            Assert.Equal(ciphertext[..120] + tag, Convert.ToHexStringLower(sealedText));
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_length_equals_the_platform_from_another_buffer_and_writes_nothing_beside(string tier, int keyLength)
    {
        var random = new Random(31);
        var key = Bytes(random, keyLength);
        using var gcm = GcmKey.Create(key, SrtpTiers.Choose(tier));
        for (var length = 0; length <= LongestText; length++)
        {
            var (nonce, associated, text) = (Bytes(random, 12), Bytes(random, random.Next(0, 80)), Bytes(random, length));
            var offset = random.Next(0, 65);
            var source = Guarded(text, offset: random.Next(0, 65), behind: 0, out var sourceAt);
            var buffer = new byte[offset + length + TagLength + 64];
            Array.Fill(buffer, Guard);

            gcm.Seal(Wide(nonce), associated, source.AsSpan(sourceAt, length), buffer.AsSpan(offset, length + TagLength));

            Assert.Equal(Reference(key, nonce, associated, text), buffer[offset..(offset + length + TagLength)]);
            Assert.Equal(-1, buffer.AsSpan(0, offset).IndexOfAnyExcept(Guard));
            Assert.Equal(-1, buffer.AsSpan(offset + length + TagLength).IndexOfAnyExcept(Guard));
            Assert.Equal(text, source[sourceAt..]);
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_length_equals_the_platform_in_place_with_any_room_behind(string tier, int keyLength)
    {
        var random = new Random(32);
        var key = Bytes(random, keyLength);
        using var gcm = GcmKey.Create(key, SrtpTiers.Choose(tier));
        for (var length = 0; length <= LongestText; length++)
        {
            var (nonce, associated, text) = (Bytes(random, 12), Bytes(random, random.Next(0, 80)), Bytes(random, length));
            var room = TagLength + random.Next(0, 200);
            var buffer = Guarded(text, offset: random.Next(0, 65), behind: room + 64, out var at);

            gcm.Seal(Wide(nonce), associated, buffer.AsSpan(at, length), buffer.AsSpan(at, length + room));

            Assert.Equal(Reference(key, nonce, associated, text), buffer[at..(at + length + TagLength)]);
            Assert.Equal(-1, buffer.AsSpan(0, at).IndexOfAnyExcept(Guard));
            Assert.Equal(-1, buffer.AsSpan(at + length + room).IndexOfAnyExcept(Guard));
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_length_opens_in_place_and_touches_nothing_beside(string tier, int keyLength)
    {
        var random = new Random(33);
        var key = Bytes(random, keyLength);
        using var gcm = GcmKey.Create(key, SrtpTiers.Choose(tier));
        for (var length = 0; length <= LongestText; length++)
        {
            var (nonce, associated, text) = (Bytes(random, 12), Bytes(random, random.Next(0, 80)), Bytes(random, length));
            var buffer = Guarded(Reference(key, nonce, associated, text), offset: random.Next(0, 65), behind: 64, out var at);

            Assert.True(gcm.Open(Wide(nonce), associated, buffer.AsSpan(at, length + TagLength)));

            Assert.Equal(text, buffer[at..(at + length)]);
            Assert.Equal(-1, buffer.AsSpan(0, at).IndexOfAnyExcept(Guard));
            Assert.Equal(-1, buffer.AsSpan(at + length + TagLength).IndexOfAnyExcept(Guard));
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Associated_data_of_every_length_counts(string tier, int keyLength)
    {
        var random = new Random(34);
        var key = Bytes(random, keyLength);
        using var gcm = GcmKey.Create(key, SrtpTiers.Choose(tier));
        for (var length = 0; length <= 700; length++)
        {
            var (nonce, associated, text) = (Bytes(random, 12), Bytes(random, length), Bytes(random, 20));
            var sealedText = new byte[text.Length + TagLength];
            gcm.Seal(Wide(nonce), associated, text, sealedText);
            Assert.Equal(Reference(key, nonce, associated, text), sealedText);
            if (length > 0) associated[random.Next(length)] ^= (byte)(1 << random.Next(8));
            Assert.Equal(length == 0, gcm.Open(Wide(nonce), associated, sealedText));
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_change_of_any_bit_of_text_or_tag_is_refused(string tier, int keyLength)
    {
        var random = new Random(35);
        using var gcm = GcmKey.Create(Bytes(random, keyLength), SrtpTiers.Choose(tier));
        foreach (var length in (int[])[0, 1, 15, 16, 47, 48, 112, 113, 128, 240, 241, 255, 256, 257, 300])
        {
            var (nonce, associated) = (Wide(Bytes(random, 12)), Bytes(random, 20));
            var sealedText = new byte[length + TagLength];
            gcm.Seal(nonce, associated, Bytes(random, length), sealedText);
            for (var bit = 0; bit < sealedText.Length * 8; bit++)
            {
                // The platform tells by an exception and is slow at it: its tags are tried whole, its text here and there.
                if (tier == nameof(SrtpTier.Platform) && bit < length * 8 && bit % 101 != 0) continue;
                var forged = sealedText.ToArray();
                forged[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(gcm.Open(nonce, associated, forged), $"bit {bit} of {length} bytes");
            }

            Assert.True(gcm.Open(nonce, associated, sealedText));
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Neither_a_short_destination_nor_an_erased_key_is_worked_with(string tier, int keyLength)
    {
        var gcm = GcmKey.Create(new byte[keyLength], SrtpTiers.Choose(tier));
        Assert.ThrowsAny<ArgumentException>(() => gcm.Seal(default, [], new byte[10], new byte[10 + TagLength - 1]));
        gcm.Dispose();
        gcm.Dispose();
        Assert.Throws<ObjectDisposedException>(() => gcm.Seal(default, [], new byte[10], new byte[10 + TagLength]));
        Assert.Throws<ObjectDisposedException>(() => gcm.Open(default, [], new byte[10 + TagLength]));
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text);

    private static Vector128<byte> Wide(byte[] nonce) => Vector128.Create<byte>([.. nonce, 0, 0, 0, 0]);

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Guarded(byte[] content, int offset, int behind, out int at)
    {
        var buffer = new byte[offset + content.Length + behind];
        Array.Fill(buffer, Guard);
        content.CopyTo(buffer, at = offset);
        return buffer;
    }

    private static byte[] Reference(byte[] key, byte[] nonce, byte[] associated, byte[] text)
    {
        using var gcm = new AesGcm(key, TagLength);
        var sealedText = new byte[text.Length + TagLength];
        gcm.Encrypt(nonce, text, sealedText.AsSpan(0, text.Length), sealedText.AsSpan(text.Length), associated);
        return sealedText;
    }
}
