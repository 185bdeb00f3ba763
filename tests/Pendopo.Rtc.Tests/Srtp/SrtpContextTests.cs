using Pendopo.Rtc.Srtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Srtp;

public sealed class SrtpContextTests
{
    public static TheoryData<SrtpProfile, string> Profiles => SrtpPair.Profiles;

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Every_payload_length_comes_back(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        var random = new Random(11);
        for (var payload = 0; payload <= 1500; payload++)
        {
            var length = 12 + payload;
            var buffer = new byte[length + pair.Sender.RtpOverhead];
            random.NextBytes(buffer);
            buffer[0] = 0x80;
            buffer[2] = (byte)(payload >> 8);
            buffer[3] = (byte)payload;
            "SSRC"u8.CopyTo(buffer.AsSpan(8));
            var plain = buffer[..length];

            Assert.True(pair.Sender.TryProtectRtp(buffer, length, out var protectedLength));
            Assert.Equal(buffer.Length, protectedLength);
            Assert.Equal(plain[..12], buffer[..12]);
            if (payload >= 16) Assert.NotEqual(plain[12..], buffer[12..length]);
            Assert.True(pair.Receiver.TryUnprotectRtp(buffer, out var opened, out _));
            Assert.Equal(plain, buffer[..opened]);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Every_rtcp_length_comes_back(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        var random = new Random(12);
        for (var length = 8; length <= 1500; length++)
        {
            var buffer = new byte[length + pair.Sender.RtcpOverhead];
            random.NextBytes(buffer);
            buffer[0] = 0x80;
            "SSRC"u8.CopyTo(buffer.AsSpan(4));
            var plain = buffer[..length];

            Assert.True(pair.Sender.TryProtectRtcp(buffer, length, out _));
            Assert.True(pair.Receiver.TryUnprotectRtcp(buffer, out var opened, out _));
            Assert.Equal(plain, buffer[..opened]);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void The_rollover_counter_follows_three_wraps_in_both_directions(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        for (var index = 0; index < 3 * 65536 + 10; index += 97) Assert.Equal(DropReason.None, pair.Open(pair.Seal((ushort)index)));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Packets_that_overtake_each_other_around_the_wrap_all_open(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        ushort[] order = [65530, 65534, 0, 65532, 3, 65535, 1, 65531, 2, 65533];
        var sealedInOrder = order.Order().Select(_ => (byte[])[]).ToArray();
        for (var i = 0; i < order.Length; i++) sealedInOrder[i] = pair.Seal((ushort)(65530 + i));

        foreach (var sequenceNumber in order)
        {
            Assert.Equal(DropReason.None, pair.Open(sealedInOrder[(ushort)(sequenceNumber - 65530)]));
        }

        foreach (var packet in sealedInOrder) Assert.Equal(DropReason.SrtpReplay, pair.Open(packet));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_sender_may_forward_late_packets_out_of_order_across_the_wrap(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        foreach (ushort sequenceNumber in (ushort[])[65533, 65535, 1, 65534, 0, 2])
        {
            Assert.Equal(DropReason.None, pair.Open(pair.Seal(sequenceNumber)));
        }
    }

    [Theory]
    [InlineData(20_000)]
    [InlineData(40_000)]
    [InlineData(64_000)]
    public void A_stream_goes_on_after_a_silence_that_lost_most_of_a_cycle(int lost)
    {
        foreach (var start in (int[])[5, 30_000, 65_000])
        {
            using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm);
            Assert.Equal(DropReason.None, pair.Open(pair.Seal((ushort)start)));
            var index = start;
            // The sender moves in steps that it can follow itself; nothing of it arrives.
            for (; index < start + lost; index += 1000) pair.Seal((ushort)(index + 1000));

            Assert.Equal(DropReason.None, pair.Open(pair.Seal((ushort)(index + 1))));
            Assert.Equal(DropReason.None, pair.Open(pair.Seal((ushort)(index + 2))));
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_replayed_packet_is_refused_and_the_stream_goes_on(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        var first = pair.Seal(100);
        var second = pair.Seal(101);

        Assert.Equal(DropReason.None, pair.Open(first));
        Assert.Equal(DropReason.SrtpReplay, pair.Open(first));
        Assert.Equal(DropReason.None, pair.Open(second));
        Assert.Equal(DropReason.SrtpReplay, pair.Open(second));
        Assert.Equal(DropReason.SrtpReplay, pair.Open(first));
    }

    [Fact]
    public void The_window_takes_1024_packets_and_refuses_older_ones()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm);
        var packets = Enumerable.Range(0, 1100).Select(i => pair.Seal((ushort)(5000 + i))).ToArray();
        Assert.Equal(DropReason.None, pair.Open(packets[1099]));

        Assert.Equal(DropReason.None, pair.Open(packets[1099 - 1023]));
        Assert.NotEqual(DropReason.None, pair.Open(packets[1099 - 1024]));
        Assert.NotEqual(DropReason.None, pair.Open(packets[0]));
        Assert.Equal(DropReason.SrtpReplay, pair.Open(packets[1099 - 1023]));
        Assert.Equal(DropReason.None, pair.Open(packets[1098]));
        Assert.Equal(DropReason.None, pair.Open(pair.Seal(6100)));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_forged_packet_far_ahead_leaves_the_state_unharmed(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        Assert.Equal(DropReason.None, pair.Open(pair.Seal(1000)));
        var genuine = pair.Seal(1001);

        foreach (var forgedNumber in (ushort[])[1001, 1002, 20_000, 33_700, 60_000, 65_535, 999, 0])
        {
            var forged = genuine.ToArray();
            forged[2] = (byte)(forgedNumber >> 8);
            forged[3] = (byte)forgedNumber;
            forged[^1] ^= 1;
            Assert.Equal(DropReason.SrtpAuthentication, pair.Open(forged));
        }

        Assert.Equal(DropReason.None, pair.Open(genuine));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_change_of_any_bit_is_refused(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        var rtp = pair.Seal(1);
        var rtcp = pair.SealRtcp();

        for (var bit = 0; bit < rtp.Length * 8; bit++) Assert.NotEqual(DropReason.None, pair.Open(Flip(rtp, bit)));
        for (var bit = 0; bit < rtcp.Length * 8; bit++) Assert.NotEqual(DropReason.None, pair.OpenRtcp(Flip(rtcp, bit)));

        Assert.Equal(DropReason.None, pair.Open(rtp));
        Assert.Equal(DropReason.None, pair.OpenRtcp(rtcp));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_packet_cut_at_any_length_is_refused(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        var rtp = pair.Seal(1);
        var rtcp = pair.SealRtcp();

        for (var length = 0; length < rtp.Length; length++) Assert.NotEqual(DropReason.None, pair.Open(Cut(rtp, length)));
        for (var length = 0; length < rtcp.Length; length++) Assert.NotEqual(DropReason.None, pair.OpenRtcp(Cut(rtcp, length)));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Random_bytes_are_refused_and_never_throw(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        var random = new Random(21);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(0, 200)];
            random.NextBytes(bytes);
            if (bytes.Length > 0 && i % 2 == 0) bytes[0] = (byte)(0x80 | (bytes[0] & 0x3F));
            Assert.False(pair.Receiver.TryUnprotectRtp(bytes.ToArray(), out _, out var reason));
            Assert.NotEqual(DropReason.None, reason);
            Assert.False(pair.Receiver.TryUnprotectRtcp(bytes, out _, out reason));
            Assert.NotEqual(DropReason.None, reason);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void The_same_number_is_never_protected_twice(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        for (var i = 0; i < 2000; i++) pair.Seal((ushort)(65_000 + i));

        foreach (var sequenceNumber in (int[])[66_999, 66_998, 66_000, 65_535, 65_100])
        {
            var packet = SrtpPair.Plain((ushort)sequenceNumber);
            var buffer = new byte[packet.Length + 16];
            packet.CopyTo(buffer, 0);
            Assert.False(pair.Sender.TryProtectRtp(buffer, packet.Length, out var length));
            Assert.Equal(0, length);
            Assert.Equal(packet, buffer[..packet.Length]);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_buffer_without_room_is_refused_untouched(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        var packet = SrtpPair.Plain(1);

        Assert.False(pair.Sender.TryProtectRtp(packet, packet.Length, out _));
        Assert.False(pair.Sender.TryProtectRtp(packet, packet.Length - pair.Sender.RtpOverhead + 1, out _));
        Assert.False(pair.Sender.TryProtectRtp(packet, packet.Length + 1, out _));
        Assert.False(pair.Sender.TryProtectRtp(packet, -1, out _));
        Assert.False(pair.Sender.TryProtectRtcp(packet, packet.Length, out _));
        Assert.False(pair.Sender.TryProtectRtcp(packet, 7, out _));
        Assert.Equal(SrtpPair.Plain(1), packet);
    }

    [Fact]
    public void Only_authenticated_sources_count_against_the_limit()
    {
        using var pair = new SrtpPair(SrtpProfile.Aes128CmHmacSha1Tag80);
        for (var i = 0u; i < 2 * SrtpContext.MaxSources; i++)
        {
            var forged = pair.Seal(1, ssrc: 1_000_000 + i);
            forged[^1] ^= 1;
            Assert.Equal(DropReason.SrtpAuthentication, pair.Open(forged));
        }

        for (var i = 0u; i < SrtpContext.MaxSources; i++)
        {
            Assert.Equal(DropReason.None, pair.Open(pair.Seal(1, ssrc: i)));
            Assert.Equal(DropReason.None, pair.OpenRtcp(pair.SealRtcp(ssrc: i)));
        }

        Assert.Equal(DropReason.SrtpTooManySources, pair.Open(pair.Seal(1, ssrc: 99_999)));
        Assert.Equal(DropReason.SrtpTooManySources, pair.OpenRtcp(pair.SealRtcp(ssrc: 99_999)));
        Assert.Equal(DropReason.None, pair.Open(pair.Seal(2, ssrc: 5)));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Rtcp_is_taken_once_and_out_of_order_within_128(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        var packets = Enumerable.Range(0, 200).Select(_ => pair.SealRtcp()).ToArray();

        Assert.Equal(DropReason.None, pair.OpenRtcp(packets[150]));
        Assert.Equal(DropReason.SrtpReplay, pair.OpenRtcp(packets[150]));
        Assert.Equal(DropReason.None, pair.OpenRtcp(packets[150 - 127]));
        Assert.Equal(DropReason.SrtpReplay, pair.OpenRtcp(packets[150 - 128]));
        Assert.Equal(DropReason.None, pair.OpenRtcp(packets[199]));
        Assert.Equal(DropReason.None, pair.OpenRtcp(packets[100]));
        Assert.Equal(DropReason.SrtpReplay, pair.OpenRtcp(packets[23]));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Rtcp_stops_when_its_31_bit_index_is_used_up(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        using var sender = new SrtpContext(SrtpCipher.Create(profile, pair.Key, pair.Salt, SrtpTiers.Choose(tier)), nextRtcpIndex: 0x7FFF_FFFF);
        var buffer = new byte[100];
        buffer[0] = 0x80;

        Assert.True(sender.TryProtectRtcp(buffer, 20, out var length));
        Assert.True(pair.Receiver.TryUnprotectRtcp(buffer.AsSpan(0, length), out _, out _));
        Assert.False(sender.TryProtectRtcp(buffer, 20, out _));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Another_key_opens_nothing(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        using var stranger = new SrtpPair(profile, tier, seed: 8);

        Assert.Equal(DropReason.SrtpAuthentication, stranger.Open(pair.Seal(1)));
        Assert.Equal(DropReason.SrtpAuthentication, stranger.OpenRtcp(pair.SealRtcp()));
    }

    [Theory]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80)]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.AeadAes256Gcm)]
    public void A_key_of_another_length_is_a_bug_of_the_caller(SrtpProfile profile)
    {
        var key = new byte[SrtpContext.MasterKeyLength(profile)];
        var salt = new byte[SrtpContext.MasterSaltLength(profile)];

        Assert.Throws<ArgumentException>(() => new SrtpContext(profile, key.AsSpan(1), salt));
        Assert.Throws<ArgumentException>(() => new SrtpContext(profile, key, salt.AsSpan(1)));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_disposed_context_has_no_keys_left_to_work_with(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        var packet = pair.Seal(1);
        pair.Receiver.Dispose();
        pair.Receiver.Dispose();

        Assert.Throws<ObjectDisposedException>(() => pair.Open(packet));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_known_source_costs_no_allocation(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        var rtp = new byte[1200 + 64];
        var rtcp = new byte[100 + 64];
        rtp[0] = rtcp[0] = 0x80;
        ushort sequenceNumber = 0;

        void RoundTrips(int count)
        {
            for (var i = 0; i < count; i++)
            {
                sequenceNumber++;
                rtp[2] = (byte)(sequenceNumber >> 8);
                rtp[3] = (byte)sequenceNumber;
                if (!pair.Sender.TryProtectRtp(rtp, 1200, out var length)) throw new InvalidOperationException();
                if (!pair.Receiver.TryUnprotectRtp(rtp.AsSpan(0, length), out _, out _)) throw new InvalidOperationException();
                if (!pair.Sender.TryProtectRtcp(rtcp, 100, out length)) throw new InvalidOperationException();
                if (!pair.Receiver.TryUnprotectRtcp(rtcp.AsSpan(0, length), out _, out _)) throw new InvalidOperationException();
            }
        }

        RoundTrips(200);
        var before = GC.GetAllocatedBytesForCurrentThread();
        RoundTrips(1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] Flip(byte[] packet, int bit)
    {
        var copy = packet.ToArray();
        copy[bit / 8] ^= (byte)(1 << (bit % 8));
        return copy;
    }

    private static byte[] Cut(byte[] packet, int length) => packet[..length];
}
