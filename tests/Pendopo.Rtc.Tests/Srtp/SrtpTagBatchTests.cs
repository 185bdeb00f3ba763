using System.Buffers.Binary;
using System.Security.Cryptography;
using Pendopo.Rtc.Srtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Srtp;

/// <summary>Tags that are computed together are those that would have been computed alone.</summary>
public sealed unsafe class SrtpTagBatchTests
{
    private const SrtpProfile Profile = SrtpProfile.Aes128CmHmacSha1Tag80;
    private const int HeaderLength = 12;
    private const int SlotLength = 2048;

    public static TheoryData<string> Tiers => [.. SrtpTiers.Supported.Select(tier => tier.ToString())];

    public static TheoryData<SrtpProfile, string> Profiles => SrtpPair.Profiles;

    [Theory]
    [MemberData(nameof(Tiers))]
    public void Hmac_of_every_length_and_number_of_jobs_equals_the_platform(string tier)
    {
        var random = new Random(61);
        using var batch = new SrtpTagBatch(SrtpTiers.Choose(tier));
        var slots = GC.AllocateArray<byte>(SrtpTagBatch.Capacity * SlotLength, pinned: true);
        var keys = Enumerable.Range(0, 20).Select(_ => Bytes(random, HmacSha1.KeyLength)).ToArray();
        var hmacs = keys.Select(key => new HmacSha1(key)).ToArray();
        var nextLength = 0;
        for (var count = 1; count < SrtpTagBatch.Capacity; count++)
        {
            random.NextBytes(slots);
            var expected = new List<byte[]>();
            var before = slots.ToArray();
            fixed (byte* pinned = slots)
            {
                for (var i = 0; i < count; i++)
                {
                    // Some batches of one length, some of all kinds between 0 and 1600.
                    var length = count % 3 == 0 ? 1200 + count : nextLength++ % 1601;
                    var (key, rollover) = (random.Next(keys.Length), (uint)random.Next());
                    expected.Add(Reference(keys[key], slots.AsSpan(i * SlotLength, length), rollover));
                    if (!batch.TryAdd(hmacs[key], pinned + i * SlotLength, length, rollover))
                    {
                        Assert.Equal(0, Sha1Lanes.CountOf(SrtpTiers.Choose(tier)));
                        return;
                    }

                    expected[i].AsSpan(0, 10).CopyTo(before.AsSpan(i * SlotLength + length));
                }

                Assert.Equal(count, batch.Count);
                batch.Complete();
            }

            Assert.Equal(0, batch.Count);
            Assert.True(before.AsSpan().SequenceEqual(slots), $"{count} jobs");
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Packets_of_many_receivers_all_open_at_theirs(SrtpProfile profile, string tier)
    {
        var random = new Random(62);
        using var batch = new SrtpTagBatch(SrtpTiers.Choose(tier));
        var pairs = Enumerable.Range(0, 150).Select(seed => new SrtpPair(profile, tier, seed)).ToArray();
        var streams = pairs.Select(pair => pair.Sender.OpenStream(SrtpPair.Ssrc)).ToArray();
        var slots = GC.AllocateArray<byte>(pairs.Length * SlotLength, pinned: true);
        fixed (byte* pinned = slots)
        {
            foreach (ushort sequenceNumber in (ushort[])[65_534, 65_535, 0, 1])
            {
                var payload = Bytes(random, random.Next(0, 1500));
                var lengths = new int[pairs.Length];
                for (var i = 0; i < pairs.Length; i++)
                {
                    WriteHeader(slots.AsSpan(i * SlotLength), sequenceNumber);
                    Assert.True(pairs[i].Sender.TryProtectRtp(streams[i], pinned + i * SlotLength, SlotLength, HeaderLength, payload, batch, out lengths[i]));
                    Assert.InRange(batch.Count, 0, SrtpTagBatch.Capacity - 1);
                }

                batch.Complete();
                for (var i = 0; i < pairs.Length; i++)
                {
                    Assert.Equal(HeaderLength + payload.Length + pairs[i].Sender.RtpOverhead, lengths[i]);
                    Assert.True(pairs[i].Receiver.TryUnprotectRtp(slots.AsSpan(i * SlotLength, lengths[i]), out var opened, out _));
                    Assert.Equal(payload, slots.AsSpan(i * SlotLength, opened)[HeaderLength..].ToArray());
                }
            }
        }

        foreach (var pair in pairs) pair.Dispose();
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void A_receiver_that_leaves_before_the_batch_is_complete_harms_nobody(string tier)
    {
        foreach (var others in (int[])[0, 1, 30])
        {
            using var batch = new SrtpTagBatch(SrtpTiers.Choose(tier));
            using var leaver = new SrtpPair(Profile, tier, seed: 1);
            using var stayer = new SrtpPair(Profile, tier, seed: 2);
            var slots = GC.AllocateArray<byte>(SrtpTagBatch.Capacity * SlotLength, pinned: true);
            fixed (byte* pinned = slots)
            {
                Protect(leaver, pinned, 0, sequenceNumber: 7, batch);
                for (var i = 1; i <= others; i++) Protect(stayer, pinned, i, (ushort)i, batch);
                leaver.Sender.Dispose();
                batch.Complete();
            }

            for (var i = 0; i <= others; i++)
            {
                var receiver = i == 0 ? leaver.Receiver : stayer.Receiver;
                Assert.True(receiver.TryUnprotectRtp(slots.AsSpan(i * SlotLength, HeaderLength + 50 + 10), out _, out _));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void What_is_refused_leaves_the_batch_and_the_packet_alone(string tier)
    {
        using var pair = new SrtpPair(Profile, tier);
        using var batch = new SrtpTagBatch(SrtpTiers.Choose(tier));
        var slot = GC.AllocateArray<byte>(SlotLength, pinned: true);
        var stream = pair.Sender.OpenStream(SrtpPair.Ssrc);
        fixed (byte* pinned = slot)
        {
            Protect(pair, pinned, 0, 5, batch);
            batch.Complete();
            WriteHeader(slot, 5);
            var before = slot.ToArray();
            Assert.False(pair.Sender.TryProtectRtp(stream, pinned, SlotLength, HeaderLength, slot.AsSpan(40, 100), batch, out _));
            Assert.False(pair.Sender.TryProtectRtp(stream, pinned, HeaderLength + 59, HeaderLength, new byte[50], batch, out var length));
            Assert.Equal(0, length);
            Assert.Equal(0, batch.Count);
            Assert.Equal(before, slot);
        }
    }

    [Fact]
    public void A_disposed_batch_drops_what_is_pending_and_takes_no_more()
    {
        var tier = SrtpTiers.Supported[^1];
        if (Sha1Lanes.CountOf(tier) == 0) Assert.Skip("This machine computes tags one by one.");
        using var pair = new SrtpPair(Profile, tier.ToString());
        var batch = new SrtpTagBatch(tier);
        var slot = GC.AllocateArray<byte>(SlotLength, pinned: true);
        fixed (byte* pinned = slot)
        {
            Protect(pair, pinned, 0, 5, batch);
            batch.Dispose();
            batch.Dispose();
            batch.Complete();
            Assert.False(pair.Receiver.TryUnprotectRtp(slot.AsSpan(0, HeaderLength + 50 + 10), out _, out var reason));
            Assert.Equal(DropReason.SrtpAuthentication, reason);
            WriteHeader(slot, 6);
            var stream = pair.Sender.OpenStream(SrtpPair.Ssrc);
            Assert.Throws<ObjectDisposedException>(() =>
            {
                fixed (byte* packet = slot) pair.Sender.TryProtectRtp(stream, packet, SlotLength, HeaderLength, new byte[50], batch, out _);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void A_batch_costs_no_allocation(string tier)
    {
        using var batch = new SrtpTagBatch(SrtpTiers.Choose(tier));
        using var pair = new SrtpPair(Profile, tier);
        var slots = GC.AllocateArray<byte>(SrtpTagBatch.Capacity * SlotLength, pinned: true);
        ushort sequenceNumber = 0;

        void Batches(int batches)
        {
            fixed (byte* pinned = slots)
            {
                for (var i = 0; i < batches; i++)
                {
                    for (var packet = 0; packet < 1 + i % 70; packet++) Protect(pair, pinned, packet % 64, ++sequenceNumber, batch);
                    batch.Complete();
                }
            }
        }

        Batches(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Batches(140);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Protect(SrtpPair pair, byte* slots, int slot, ushort sequenceNumber, SrtpTagBatch batch)
    {
        ReadOnlySpan<byte> payload = stackalloc byte[50];
        var packet = slots + slot * SlotLength;
        WriteHeader(new Span<byte>(packet, SlotLength), sequenceNumber);
        var stream = pair.Sender.OpenStream(SrtpPair.Ssrc);
        if (!pair.Sender.TryProtectRtp(stream, packet, SlotLength, HeaderLength, payload, batch, out _)) throw new InvalidOperationException("refused");
    }

    private static void WriteHeader(Span<byte> packet, ushort sequenceNumber)
    {
        packet[..HeaderLength].Clear();
        packet[0] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], SrtpPair.Ssrc);
    }

    private static byte[] Reference(byte[] key, ReadOnlySpan<byte> message, uint rollover)
    {
        Span<byte> counter = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, rollover);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, key);
        hmac.AppendData(message);
        hmac.AppendData(counter);
        return hmac.GetHashAndReset();
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
