using Pendopo.Rtc.Srtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Srtp;

/// <summary>Published vectors: RFC 3711 appendix B, RFC 7714 §16 and §17, and the reference packets of the libsrtp project.</summary>
public sealed class SrtpVectorTests
{
    private const string Rfc3711MasterKey = "E1F97A0D3E018BE0D64FA32C06DE4139";
    private const string Rfc3711MasterSalt = "0EC675AD498AFEEBB6960B3AABE6";
    private const string Key128 = "000102030405060708090a0b0c0d0e0f";
    private const string Key256 = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private const string Rfc7714Salt = "517569642070726f2071756f";

    private const string Rfc7714Rtp =
        "8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573";

    private const string Rfc7714Rtcp =
        "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";

    private static byte[] Hex(string text) => Convert.FromHexString(text);

    [Theory]
    [InlineData((byte)SrtpKeyLabel.RtpEncryption, "C61E7A93744F39EE10734AFE3FF7A087")]
    [InlineData((byte)SrtpKeyLabel.RtpSalt, "30CBBC08863D8C85D49DB34A9AE1")]
    [InlineData((byte)SrtpKeyLabel.RtpAuthentication,
        "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCEE049646C43D9327AD175578EF72270986371C10C9A369AC2F94A8C5F" +
        "BCDDDC256D6E919A48B610EF17C2041E474035766B68642C59BBFC2F34DB60DBDFB2")]
    public void Session_keys_follow_rfc_3711_B3(byte label, string expected)
    {
        var wanted = Hex(expected);

        var derived = SrtpKeyDerivation.Derive(Hex(Rfc3711MasterKey), Hex(Rfc3711MasterSalt), (SrtpKeyLabel)label, wanted.Length);

        Assert.Equal(Convert.ToHexString(wanted), Convert.ToHexString(derived));
    }

    [Fact]
    public void Counter_mode_keystream_follows_rfc_3711_B2_to_the_end_of_its_counter()
    {
        foreach (var tier in SrtpTiers.Supported)
        {
            using var mode = CounterMode.Create(Hex("2B7E151628AED2A6ABF7158809CF4F3C"), Hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"), tier);
            var keystream = new byte[0xFF02 * 16];

            mode.Apply(keystream, keystream, ssrc: 0, index: 0);

            string Block(int number) => Convert.ToHexString(keystream.AsSpan(number * 16, 16));
            Assert.Equal("E03EAD0935C95E80E166B16DD92B4EB4", Block(0));
            Assert.Equal("D23513162B02D0F72A43A2FE4A5F97AB", Block(1));
            Assert.Equal("41E95B3BB0A2E8DD477901E4FCA894C0", Block(2));
            Assert.Equal("EC8CDF7398607CB0F2D21675EA9EA1E4", Block(0xFEFF));
            Assert.Equal("362B7C3C6773516318A077D7FC5073AE", Block(0xFF00));
            Assert.Equal("6A2CC3787889374FBEB4C81B17BA6C44", Block(0xFF01));
        }
    }

    [Theory]
    [InlineData(Key128,
        "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce")]
    [InlineData(Key256,
        "8040f17b8041f8d35501a0b232b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13")]
    public void Gcm_rtp_packets_follow_rfc_7714_16(string key, string expected)
    {
        foreach (var tier in SrtpTiers.Supported)
        {
            using var sender = new SrtpContext(AesGcmCipher.FromSessionKey(Hex(key), Hex(Rfc7714Salt), tier));
            using var receiver = new SrtpContext(AesGcmCipher.FromSessionKey(Hex(key), Hex(Rfc7714Salt), tier));

            AssertRtp(sender, receiver, Rfc7714Rtp, expected);
        }
    }

    [Theory]
    [InlineData(Key128,
        "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf872" +
        "45d9eade800005d4")]
    [InlineData(Key256,
        "81c8000d4d617273d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad1d1eb30c4446839f57ff6f6c" +
        "b26ac3be800005d4")]
    public void Gcm_rtcp_packets_follow_rfc_7714_17(string key, string expected)
    {
        foreach (var tier in SrtpTiers.Supported)
        {
            using var sender = new SrtpContext(AesGcmCipher.FromSessionKey(Hex(key), Hex(Rfc7714Salt), tier), nextRtcpIndex: 0x5d4);
            using var receiver = new SrtpContext(AesGcmCipher.FromSessionKey(Hex(key), Hex(Rfc7714Salt), tier));

            AssertRtcp(sender, receiver, Rfc7714Rtcp, expected);
        }
    }

    [Fact]
    public void Rtcp_that_is_authentic_but_not_encrypted_is_refused()
    {
        // RFC 7714 §17.3: a valid tag with the E flag clear.
        var packet = Hex("81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef" +
            "841dd9683dd78ec92ae58790125f62b3000005d4");
        foreach (var tier in SrtpTiers.Supported)
        {
            using var receiver = new SrtpContext(AesGcmCipher.FromSessionKey(Hex(Key128), Hex(Rfc7714Salt), tier));

            Assert.False(receiver.TryUnprotectRtcp(packet.ToArray(), out _, out var reason));
            Assert.Equal(DropReason.SrtpAuthentication, reason);
        }
    }

    [Theory]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80, Rfc3711MasterKey, Rfc3711MasterSalt,
        "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb")]
    [InlineData(SrtpProfile.AeadAes128Gcm, Key128, "a0a1a2a3a4a5a6a7a8a9aaab",
        "800f1234decafbadcafebabec5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392")]
    [InlineData(SrtpProfile.AeadAes256Gcm, Key256, "a0a1a2a3a4a5a6a7a8a9aaab",
        "800f1234decafbadcafebabe0af7f21e8a90bdad7a425c9c31ed4bb1d90238917e7390a2793500e1681acaea")]
    public void Rtp_under_a_master_key_is_what_other_implementations_send(SrtpProfile profile, string key, string salt, string expected)
    {
        foreach (var tier in SrtpTiers.Supported)
        {
            using var sender = new SrtpContext(SrtpCipher.Create(profile, Hex(key), Hex(salt), tier));
            using var receiver = new SrtpContext(SrtpCipher.Create(profile, Hex(key), Hex(salt), tier));

            AssertRtp(sender, receiver, "800f1234decafbadcafebabeabababababababababababababababab", expected);
        }
    }

    [Theory]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80, Rfc3711MasterKey, Rfc3711MasterSalt,
        "81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798")]
    [InlineData(SrtpProfile.AeadAes128Gcm, Key128, "a0a1a2a3a4a5a6a7a8a9aaab",
        "81c8000bcafebabec98b8b5df0392a55852b6c21ac8e7025c52c6fbea2b3b446ea31123ba88ce61e80000001")]
    public void Rtcp_under_a_master_key_is_what_other_implementations_send(SrtpProfile profile, string key, string salt, string expected)
    {
        foreach (var tier in SrtpTiers.Supported)
        {
            using var sender = new SrtpContext(SrtpCipher.Create(profile, Hex(key), Hex(salt), tier), nextRtcpIndex: 1);
            using var receiver = new SrtpContext(SrtpCipher.Create(profile, Hex(key), Hex(salt), tier));

            AssertRtcp(sender, receiver, "81c8000bcafebabeabababababababababababababababab", expected);
        }
    }

    private static void AssertRtp(SrtpContext sender, SrtpContext receiver, string plain, string expected)
    {
        var packet = Hex(plain);
        var buffer = new byte[packet.Length + sender.RtpOverhead];
        packet.CopyTo(buffer, 0);

        Assert.True(sender.TryProtectRtp(buffer, packet.Length, out var protectedLength));
        Assert.Equal(expected, Convert.ToHexStringLower(buffer.AsSpan(0, protectedLength)));
        Assert.True(receiver.TryUnprotectRtp(buffer, out var length, out _));
        Assert.Equal(plain, Convert.ToHexStringLower(buffer.AsSpan(0, length)));
    }

    private static void AssertRtcp(SrtpContext sender, SrtpContext receiver, string plain, string expected)
    {
        var packet = Hex(plain);
        var buffer = new byte[packet.Length + sender.RtcpOverhead];
        packet.CopyTo(buffer, 0);

        Assert.True(sender.TryProtectRtcp(buffer, packet.Length, out var protectedLength));
        Assert.Equal(expected, Convert.ToHexStringLower(buffer.AsSpan(0, protectedLength)));
        Assert.True(receiver.TryUnprotectRtcp(buffer, out var length, out _));
        Assert.Equal(plain, Convert.ToHexStringLower(buffer.AsSpan(0, length)));
    }
}
