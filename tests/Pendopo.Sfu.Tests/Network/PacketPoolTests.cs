using Pendopo.Sfu.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Network;

public sealed class PacketPoolTests
{
    [Fact]
    public void A_returned_buffer_is_lent_again()
    {
        var pool = new PacketPool(retained: 2);
        var first = pool.Rent();
        first.Length = 100;
        Assert.Equal(1, pool.Outstanding);
        pool.Return(first);
        Assert.Equal(0, pool.Outstanding);
        var second = pool.Rent();
        Assert.Same(first, second);
        Assert.Equal(0, second.Length);
        Assert.NotSame(first, pool.Rent());
    }

    [Fact]
    public void A_second_return_is_refused()
    {
        var pool = new PacketPool(retained: 2);
        var buffer = pool.Rent();
        pool.Return(buffer);
        Assert.Throws<InvalidOperationException>(() => pool.Return(buffer));
        Assert.Equal(0, pool.Outstanding);
    }

    [Fact]
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    public void A_pool_that_tracks_names_the_borrowers()
    {
        var pool = new PacketPool(retained: 2) { TracksBorrowers = true };
        var buffer = pool.Rent();
        Assert.Contains(nameof(A_pool_that_tracks_names_the_borrowers), Assert.Single(pool.Borrowers));
        pool.Return(buffer);
        Assert.Empty(pool.Borrowers);
    }

    [Fact]
    public void Renting_and_returning_allocate_nothing()
    {
        var pool = new PacketPool(retained: 4) { TracksBorrowers = false };
        pool.Return(pool.Rent());
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) pool.Return(pool.Rent());
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Threads_never_share_a_buffer()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var pool = new PacketPool(retained: 8) { TracksBorrowers = false };
        var workers = Enumerable.Range(0, 4).Select(worker => Task.Run(
            () =>
            {
                for (var i = 0; i < 20_000; i++)
                {
                    var buffer = pool.Rent();
                    buffer.Length = 1;
                    buffer.Span[0] = (byte)worker;
                    Thread.SpinWait(5);
                    Assert.Equal(worker, buffer.Span[0]);
                    pool.Return(buffer);
                }
            },
            cancellation));
        await Task.WhenAll(workers);
        Assert.Equal(0, pool.Outstanding);
    }
}
