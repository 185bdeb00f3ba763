using Pendopo.Rtc;
using Pendopo.Sfu.Forwarding;
using Xunit;

namespace Pendopo.Sfu.Tests.Forwarding;

/// <summary>Packets that are kept as they were sent.</summary>
public sealed class ProtectedPacketsTests
{
    private static readonly TimeSpan[] Delays = [TimeSpan.FromMilliseconds(18), TimeSpan.FromMilliseconds(58)];

    private readonly ProtectedPackets _kept = new();

    [Fact]
    public void A_packet_is_found_by_its_number_as_it_was_until_it_is_of_no_use()
    {
        for (var i = 0; i < 40; i++) Store(i * 20, Number(i), length: 100 + i);
        Assert.True(_kept.TryFind(At(800), Number(39), out var numbers, out var packet));
        Assert.Equal((Number(39), (ushort?)39), (numbers.Sequence, numbers.TransportSequence));
        Assert.Equal(Bytes(39, 139), packet.ToArray());
        Assert.True(_kept.TryFind(At(800), Number(10), out _, out _));
        Assert.False(_kept.TryFind(At(800), Number(7), out _, out _));
        Assert.False(_kept.TryFind(At(800 + 640), Number(35), out _, out _));
        Assert.False(_kept.TryFind(At(800), 7_000, out _, out _));
    }

    [Fact]
    public void Nothing_is_found_before_anything_was_kept()
    {
        Assert.False(_kept.TryFind(At(0), 0, out _, out _));
        Assert.False(_kept.TryTakeDue(At(0), Delays, out _, out _));
    }

    [Fact]
    public void A_packet_that_is_too_long_is_not_kept()
    {
        Store(0, 1, length: ProtectedPackets.MaximumLength);
        Store(20, 2, length: ProtectedPackets.MaximumLength + 1);
        Assert.True(_kept.TryFind(At(20), 1, out _, out _));
        Assert.False(_kept.TryFind(At(20), 2, out _, out _));
    }

    [Fact]
    public void Copies_are_due_in_their_time_and_each_once()
    {
        Store(0, 10, copies: 2);
        Store(20, 11, copies: 1);
        Store(40, 12, copies: 0);
        Assert.Empty(Due(17));
        Assert.Equal([10], Due(18));
        Assert.Empty(Due(37));
        Assert.Equal([11], Due(38));
        Assert.Equal([10], Due(58));
        Assert.Empty(Due(600));
    }

    [Fact]
    public void What_has_waited_for_too_long_is_not_repeated_any_more()
    {
        Store(0, 10, copies: 1);
        Assert.Empty(Due(700));
    }

    private static Instant At(double milliseconds) => Instant.FromMilliseconds(10_000 + milliseconds);

    /// <summary>Sequence numbers that wrap.</summary>
    private static ushort Number(int index) => (ushort)((65_530 + index) & 0xffff);

    private static byte[] Bytes(int seed, int length) => [.. Enumerable.Range(seed, length).Select(static value => (byte)value)];

    private void Store(double at, ushort sequence, int length = 100, int copies = 0)
    {
        var number = (ushort)((sequence - 65_530) & 0xffff);
        _kept.Store(At(at), new KeptNumbers(sequence, number, copies), Bytes(number, length));
    }

    private List<int> Due(double at)
    {
        List<int> due = [];
        while (_kept.TryTakeDue(At(at), Delays, out var numbers, out _)) due.Add(numbers.Sequence);
        return due;
    }
}
