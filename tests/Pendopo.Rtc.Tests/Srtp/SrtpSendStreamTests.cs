using System.Buffers.Binary;
using Pendopo.Rtc.Srtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Srtp;

/// <summary>The way of a forwarded packet: header in the slot, payload shared by many.</summary>
public sealed class SrtpSendStreamTests
{
    private const int HeaderLength = 20;

    public static TheoryData<SrtpProfile, string> Profiles => SrtpPair.Profiles;

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Encrypting_from_a_shared_payload_gives_the_packet_that_encrypting_in_place_gives(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        using var reference = new SrtpPair(profile);
        var random = new Random(41);
        var stream = pair.Sender.OpenStream(SrtpPair.Ssrc);
        for (var length = 0; length <= 1600; length++)
        {
            var payload = new byte[length];
            random.NextBytes(payload);
            var shared = payload.ToArray();
            var expected = new byte[HeaderLength + length + reference.Sender.RtpOverhead];
            WriteHeader(expected, (ushort)length);
            payload.CopyTo(expected, HeaderLength);
            Assert.True(reference.Sender.TryProtectRtp(expected, HeaderLength + length, out _));

            var packet = new byte[expected.Length + random.Next(0, 160)];
            WriteHeader(packet, (ushort)length);
            Assert.True(pair.Sender.TryProtectRtp(stream, packet, HeaderLength, shared, out var protectedLength));

            Assert.Equal(expected, packet[..protectedLength]);
            Assert.Equal(payload, shared);
            Assert.True(pair.Receiver.TryUnprotectRtp(packet.AsSpan(0, protectedLength), out var opened, out _));
            Assert.Equal(payload, packet[HeaderLength..opened]);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void The_payload_may_overlap_the_packet_in_any_way(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        var random = new Random(42);
        var stream = pair.Sender.OpenStream(SrtpPair.Ssrc);
        ushort sequenceNumber = 0;
        foreach (var length in (int[])[0, 1, 16, 200, 255, 256, 700, 1200])
        {
            foreach (var at in (int[])[HeaderLength, HeaderLength + 1, HeaderLength + 8, HeaderLength + 100, HeaderLength + 250, HeaderLength + length + 4])
            {
                var packet = new byte[4096];
                random.NextBytes(packet);
                WriteHeader(packet, ++sequenceNumber);
                var payload = packet[at..(at + length)];

                Assert.True(pair.Sender.TryProtectRtp(stream, packet, HeaderLength, packet.AsSpan(at, length), out var protectedLength));
                Assert.True(pair.Receiver.TryUnprotectRtp(packet.AsSpan(0, protectedLength), out var opened, out _));
                Assert.Equal(payload, packet[HeaderLength..opened]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_stream_and_its_context_never_use_a_number_twice_between_them(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        var stream = pair.Sender.OpenStream(SrtpPair.Ssrc);
        Assert.Same(stream, pair.Sender.OpenStream(SrtpPair.Ssrc));
        pair.Seal(100);

        Assert.False(TryProtect(pair.Sender, stream, 100));
        Assert.True(TryProtect(pair.Sender, stream, 101));
        Assert.True(TryProtect(pair.Sender, stream, 104));
        Assert.False(TryProtect(pair.Sender, stream, 101));
        Assert.True(TryProtect(pair.Sender, stream, 102));

        var plain = SrtpPair.Plain(104);
        var buffer = new byte[plain.Length + 16];
        plain.CopyTo(buffer, 0);
        Assert.False(pair.Sender.TryProtectRtp(buffer, plain.Length, out _));
        Assert.Equal(DropReason.None, pair.Open(pair.Seal(103)));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void What_cannot_be_protected_is_refused_untouched(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        var stream = pair.Sender.OpenStream(SrtpPair.Ssrc);
        var packet = new byte[HeaderLength + 50 + pair.Sender.RtpOverhead];
        WriteHeader(packet, 7);
        var before = packet.ToArray();

        Assert.False(pair.Sender.TryProtectRtp(stream, packet, HeaderLength, new byte[51], out var length));
        Assert.False(pair.Sender.TryProtectRtp(stream, packet, 11, new byte[5], out _));
        Assert.False(pair.Sender.TryProtectRtp(stream, packet, -1, new byte[5], out _));
        Assert.False(pair.Sender.TryProtectRtp(stream, packet, packet.Length + 1, [], out _));
        Assert.False(pair.Sender.TryProtectRtp(stream, packet.AsSpan(0, 11), HeaderLength, [], out _));
        Assert.False(pair.Sender.TryProtectRtp(pair.Sender.OpenStream(9), packet, HeaderLength, new byte[50], out _));
        Assert.Equal(0, length);
        Assert.Equal(before, packet);
        Assert.True(pair.Sender.TryProtectRtp(stream, packet, HeaderLength, new byte[50], out _));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_stream_works_with_its_own_context_only_and_no_longer_than_that(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        using var other = new SrtpPair(profile, tier);
        var stream = pair.Sender.OpenStream(SrtpPair.Ssrc);
        Assert.Throws<ArgumentException>(() => TryProtect(other.Sender, stream, 1));
        pair.Sender.Dispose();
        Assert.Throws<ObjectDisposedException>(() => TryProtect(pair.Sender, stream, 1));
        Assert.Throws<ObjectDisposedException>(() => pair.Sender.OpenStream(5));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_forwarded_packet_costs_no_allocation(SrtpProfile profile, string tier)
    {
        using var pair = new SrtpPair(profile, tier);
        var stream = pair.Sender.OpenStream(SrtpPair.Ssrc);
        var packet = new byte[2048];
        var payload = new byte[1200];
        ushort sequenceNumber = 0;

        void Forward(int count)
        {
            for (var i = 0; i < count; i++)
            {
                WriteHeader(packet, ++sequenceNumber);
                if (!pair.Sender.TryProtectRtp(stream, packet, HeaderLength, payload, out _)) throw new InvalidOperationException();
            }
        }

        Forward(200);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Forward(1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static bool TryProtect(SrtpContext context, SrtpSendStream stream, ushort sequenceNumber)
    {
        var packet = new byte[200];
        WriteHeader(packet, sequenceNumber);
        return context.TryProtectRtp(stream, packet, HeaderLength, new byte[30], out _);
    }

    /// <summary>Two CSRCs, so that the header is longer than the fixed one.</summary>
    private static void WriteHeader(Span<byte> packet, ushort sequenceNumber)
    {
        packet[..HeaderLength].Clear();
        packet[0] = 0x82;
        packet[1] = 96;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], SrtpPair.Ssrc);
    }
}
