using Pendopo.Client.Sframe;
using Xunit;

namespace Pendopo.Client.Tests.Sframe;

public sealed class SframeContextTests
{
    private static readonly byte[] BaseKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    public static TheoryData<SframeCipherSuite> Suites => [.. Enum.GetValues<SframeCipherSuite>()];

    [Theory]
    [MemberData(nameof(Suites))]
    public void What_one_encrypts_the_other_decrypts_once(SframeCipherSuite suite)
    {
        using var sender = new SframeContext(suite);
        using var receiver = new SframeContext(suite);
        sender.AddSendKey(300, BaseKey);
        receiver.AddReceiveKey(300, BaseKey);
        var ciphertext = new byte[6000];
        var plaintext = new byte[6000];
        for (var length = 0; length < 5000; length += 333)
        {
            var frame = Enumerable.Range(0, length).Select(i => (byte)(i * 31)).ToArray();
            Assert.Equal(SframeError.None, sender.TryEncrypt(300, [1, 2], frame, ciphertext, out var written));
            Assert.Equal(SframeError.Undecryptable, receiver.TryDecrypt([1, 3], ciphertext.AsSpan(0, written), plaintext, out _, out _));
            Assert.Equal(SframeError.None, receiver.TryDecrypt([1, 2], ciphertext.AsSpan(0, written), plaintext, out var opened, out var header));
            Assert.Equal(frame, plaintext[..opened]);
            Assert.Equal((ulong)(length / 333), header.Counter);
            Assert.Equal(SframeError.Replayed, receiver.TryDecrypt([1, 2], ciphertext.AsSpan(0, written), plaintext, out _, out _));
        }
    }

    [Fact]
    public void A_key_serves_one_direction_and_is_added_once()
    {
        using var context = new SframeContext(SframeCipherSuite.Aes256GcmSha512Tag128);
        context.AddSendKey(1, BaseKey);
        context.AddReceiveKey(2, BaseKey);
        var buffer = new byte[100];
        Assert.Equal(SframeError.UnknownKey, context.TryEncrypt(2, [], [1], buffer, out _));
        Assert.Equal(SframeError.UnknownKey, context.TryEncrypt(3, [], [1], buffer, out _));
        Assert.Equal(SframeError.None, context.TryEncrypt(1, [], [1], buffer, out var written));
        Assert.Equal(SframeError.UnknownKey, context.TryDecrypt([], buffer.AsSpan(0, written), new byte[100], out _, out _));
        Assert.Throws<ArgumentException>(() => context.AddSendKey(1, BaseKey));
        Assert.Throws<ArgumentException>(() => context.AddReceiveKey(1, BaseKey));
        Assert.True(context.Remove(1));
        Assert.False(context.Remove(1));
        Assert.Equal(SframeError.UnknownKey, context.TryEncrypt(1, [], [1], buffer, out _));
    }

    [Fact]
    public void A_destination_without_room_uses_no_counter_and_tells_nothing()
    {
        using var sender = new SframeContext(SframeCipherSuite.Aes256GcmSha512Tag128);
        using var receiver = new SframeContext(SframeCipherSuite.Aes256GcmSha512Tag128);
        sender.AddSendKey(1, BaseKey);
        receiver.AddReceiveKey(1, BaseKey);
        var buffer = new byte[100];
        Assert.Equal(SframeError.DestinationTooShort, sender.TryEncrypt(1, [], new byte[10], buffer.AsSpan(0, 26), out _));
        Assert.Equal(0UL, sender.NextCounter(1));
        Assert.Equal(SframeError.None, sender.TryEncrypt(1, [], new byte[10], buffer.AsSpan(0, 27), out var written));
        Assert.Equal(SframeError.DestinationTooShort, receiver.TryDecrypt([], buffer.AsSpan(0, written), new byte[9], out _, out _));
        Assert.Equal(SframeError.None, receiver.TryDecrypt([], buffer.AsSpan(0, written), new byte[10], out _, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("09")]
    [InlineData("00000000000000000000000000000000")] // header and 15 bytes: no room for a tag
    public void What_is_no_ciphertext_is_malformed(string ciphertext)
    {
        using var context = new SframeContext(SframeCipherSuite.Aes256GcmSha512Tag128);
        context.AddReceiveKey(0, BaseKey);
        Assert.Equal(SframeError.Malformed, context.TryDecrypt([], Convert.FromHexString(ciphertext), new byte[100], out _, out _));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Frames_allocate_nothing(SframeCipherSuite suite)
    {
        using var sender = new SframeContext(suite);
        using var receiver = new SframeContext(suite);
        sender.AddSendKey(300, BaseKey);
        receiver.AddReceiveKey(300, BaseKey);
        var frame = new byte[5000];
        var ciphertext = new byte[6000];
        var plaintext = new byte[6000];
        var refused = 0;
        void Pass()
        {
            sender.TryEncrypt(300, [1, 2, 3], frame, ciphertext, out var written);
            if (receiver.TryDecrypt([1, 2, 3], ciphertext.AsSpan(0, written), plaintext, out _, out _) != SframeError.None) refused++; // assertions allocate
        }

        for (var i = 0; i < 200; i++) Pass();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 500; i++) Pass();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, refused);
        Assert.Equal(0, allocated);
    }
}
