using System.Buffers.Binary;
using Pendopo.Sfu.Workers;
using Xunit;

namespace Pendopo.Sfu.Tests.Workers;

public sealed class PacketRingTests
{
    [Fact]
    public void Packets_come_out_as_they_went_in_across_many_turns_of_the_ring()
    {
        using var ring = new PacketRing(8192);
        var random = new Random(5);
        var (written, read) = (0, 0);
        Span<byte> packet = stackalloc byte[1500];
        for (var round = 0; round < 2000; round++)
        {
            for (var burst = random.Next(1, 8); burst > 0; burst--)
            {
                var length = LengthOf(written);
                Fill(packet[..length], written);
                if (!ring.TryWrite(new() { Kind = PacketRingKind.Rtp, Layer = (uint)written }, packet[..length])) break;
                written++;
            }

            Assert.True(ring.HasUnread);
            for (var end = ring.Written; ring.TryRead(end, out var header, out var got); read++)
            {
                Assert.Equal((uint)read, header.Layer);
                Assert.Equal(LengthOf(read), got.Length);
                Assert.True(IsFilled(got, read));
            }

            ring.Release();
            Assert.False(ring.HasUnread);
        }

        Assert.Equal(written, read);
        Assert.True(read > 5000);
    }

    [Fact]
    public void A_full_ring_refuses_and_goes_on_when_read()
    {
        using var ring = new PacketRing(4096);
        var packet = new byte[1000];
        var taken = 0;
        while (ring.TryWrite(new() { Kind = PacketRingKind.Rtp }, packet)) taken++;
        Assert.Equal(3, taken);
        Assert.Equal(1, ring.Refused);

        // Read but not released: the memory is still the reader's.
        var end = ring.Written;
        while (ring.TryRead(end, out _, out _))
        {
        }

        Assert.False(ring.TryWrite(new() { Kind = PacketRingKind.Rtp }, packet));
        ring.Release();
        Assert.True(ring.TryWrite(new() { Kind = PacketRingKind.Rtp }, packet));
    }

    [Fact]
    public async Task Two_threads_lose_and_mix_up_nothing()
    {
        using var ring = new PacketRing(1 << 16);
        const int count = 100_000;
        var writer = Task.Factory.StartNew(
            () =>
            {
                Span<byte> packet = stackalloc byte[1500];
                var spinner = new SpinWait();
                for (var i = 0; i < count;)
                {
                    var length = LengthOf(i);
                    Fill(packet[..length], i);
                    if (ring.TryWrite(new() { Kind = PacketRingKind.Rtp, Layer = (uint)i }, packet[..length])) i++;
                    else spinner.SpinOnce();
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

        var (read, wrong) = (0, 0);
        var wait = new SpinWait();
        while (read < count && (!writer.IsFaulted))
        {
            var end = ring.Written;
            while (ring.TryRead(end, out var header, out var packet))
            {
                if (header.Layer != read || packet.Length != LengthOf(read) || !IsFilled(packet, read)) wrong++;
                read++;
            }

            ring.Release();
            wait.SpinOnce();
        }

        await writer;
        Assert.Equal((count, 0), (read, wrong));
    }

    private static int LengthOf(int number) => 4 + (int)(number * 7919L % 1400);

    private static void Fill(Span<byte> packet, int number)
    {
        packet.Fill((byte)number);
        BinaryPrimitives.WriteInt32BigEndian(packet, number);
    }

    private static bool IsFilled(ReadOnlySpan<byte> packet, int number) =>
        BinaryPrimitives.ReadInt32BigEndian(packet) == number && packet[4..].IndexOfAnyExcept((byte)number) < 0;
}
