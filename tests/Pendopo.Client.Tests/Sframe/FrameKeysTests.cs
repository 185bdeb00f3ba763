using Pendopo.Client.Sframe;
using Pendopo.Rtc;
using Xunit;

namespace Pendopo.Client.Tests.Sframe;

public sealed class FrameKeysTests
{
    private static readonly Instant Start = new(1_000_000);
    private readonly byte[] _encrypted = new byte[1000];
    private readonly byte[] _decrypted = new byte[1000];

    [Fact]
    public void Without_a_key_nothing_is_encrypted()
    {
        using var keys = new FrameKeys();
        Assert.Equal(SframeError.NotSending, new FrameCipher(keys).TryEncrypt(FrameCodec.Opus, false, [1], _encrypted, out var written));
        Assert.Equal(0, written);
        Assert.Throws<ArgumentException>(() => keys.SendAs(1, 1, 0));
    }

    [Fact]
    public void After_a_stop_sending_goes_on_with_the_next_counter()
    {
        using var pair = new FramePair();
        Assert.Equal(0UL, Pass(pair));
        pair.SenderKeys.StopSending();
        Assert.Equal(SframeError.NotSending, pair.Sender.TryEncrypt(FrameCodec.Opus, false, [1], _encrypted, out _));
        pair.SenderKeys.SendAs(FramePair.SenderLeaf, FramePair.Epoch, 0);
        Assert.Equal(1UL, Pass(pair));
        pair.SenderKeys.SendAs(FramePair.SenderLeaf, FramePair.Epoch, 1);
        Assert.Equal(0UL, Pass(pair));
        pair.SenderKeys.SendAs(FramePair.SenderLeaf, FramePair.Epoch, 0);
        Assert.Equal(2UL, Pass(pair));
    }

    [Fact]
    public void Frames_of_leaves_that_are_not_in_the_group_are_refused_at_once()
    {
        using var pair = new FramePair();
        Pass(pair);
        pair.ReceiverKeys.SetLeaves([FramePair.ReceiverLeaf]);
        Assert.Equal(SframeError.ForeignLeaf, TryPass(pair));
    }

    [Fact]
    public void A_leaf_that_was_left_out_is_not_heard_again_under_the_epochs_of_before()
    {
        using var pair = new FramePair();
        Pass(pair);
        pair.ReceiverKeys.SetLeaves([FramePair.ReceiverLeaf]);
        pair.ReceiverKeys.AddEpoch(FramePair.Epoch + 1, FramePair.BaseKey(FramePair.Epoch + 1));
        pair.ReceiverKeys.SetLeaves([FramePair.SenderLeaf, FramePair.ReceiverLeaf]);
        Assert.Equal(SframeError.ForeignLeaf, TryPass(pair));

        pair.SenderKeys.AddEpoch(FramePair.Epoch + 1, FramePair.BaseKey(FramePair.Epoch + 1));
        pair.SenderKeys.SendAs(FramePair.SenderLeaf, FramePair.Epoch + 1, 0);
        Assert.Equal(0UL, Pass(pair));
    }

    [Fact]
    public void One_s_own_frames_do_not_come_back()
    {
        using var pair = new FramePair();
        pair.Sender.TryEncrypt(FrameCodec.Opus, false, [1], _encrypted, out var written);
        Assert.Equal(SframeError.ForeignLeaf, pair.Sender.TryDecrypt(FrameCodec.Opus, false, _encrypted.AsSpan(0, written), _decrypted, out _, out _));
        using var forger = new FramePair();
        forger.SenderKeys.SendAs(FramePair.ReceiverLeaf, FramePair.Epoch, 9);
        forger.Sender.TryEncrypt(FrameCodec.Opus, false, [1], _encrypted, out written);
        Assert.Equal(SframeError.ForeignLeaf, pair.Receiver.TryDecrypt(FrameCodec.Opus, false, _encrypted.AsSpan(0, written), _decrypted, out _, out _));
    }

    [Fact]
    public void An_old_epoch_lives_ten_seconds_at_most()
    {
        using var pair = new FramePair();
        pair.ReceiverKeys.AddEpoch(FramePair.Epoch + 1, FramePair.BaseKey(FramePair.Epoch + 1));
        pair.ReceiverKeys.RetireEpoch(Start, FramePair.Epoch, Start + TimeSpan.FromHours(1));
        pair.ReceiverKeys.Advance(Start + TimeSpan.FromMilliseconds(9_999));
        Pass(pair);
        pair.ReceiverKeys.Advance(Start + TimeSpan.FromSeconds(10));
        Assert.Equal(SframeError.UnknownKey, TryPass(pair));
    }

    [Fact]
    public void A_base_key_is_given_once_even_after_its_epoch_is_gone()
    {
        using var pair = new FramePair();
        Pass(pair);
        pair.SenderKeys.RetireEpoch(Start, FramePair.Epoch, Start);
        Assert.Equal(SframeError.NotSending, pair.Sender.TryEncrypt(FrameCodec.Opus, false, [1], _encrypted, out _));
        Assert.Throws<ArgumentException>(() => pair.SenderKeys.AddEpoch(FramePair.Epoch, FramePair.BaseKey(FramePair.Epoch)));
    }

    [Fact]
    public void A_new_epoch_evicts_the_one_with_the_same_low_bits()
    {
        using var pair = new FramePair();
        Pass(pair);
        pair.ReceiverKeys.AddEpoch(FramePair.Epoch + 256, FramePair.BaseKey(1));
        Assert.Equal(SframeError.Undecryptable, TryPass(pair));
        pair.SenderKeys.AddEpoch(FramePair.Epoch + 256, FramePair.BaseKey(1));
        Assert.Equal(SframeError.NotSending, pair.Sender.TryEncrypt(FrameCodec.Opus, false, [1], _encrypted, out _));
        pair.SenderKeys.SendAs(FramePair.SenderLeaf, FramePair.Epoch + 256, 0);
        Assert.Equal(0UL, Pass(pair));
        Assert.Throws<ArgumentException>(() => pair.SenderKeys.AddEpoch(FramePair.Epoch + 256, FramePair.BaseKey(1)));
        Assert.Throws<ArgumentException>(() => pair.SenderKeys.AddEpoch(FramePair.Epoch + 257, new byte[16]));
        Assert.Equal(1UL, Pass(pair));
    }

    [Fact]
    public void An_epoch_is_taken_anew_when_the_commit_before_it_was_void()
    {
        using var pair = new FramePair();
        Pass(pair);
        pair.SenderKeys.AddEpoch(FramePair.Epoch, FramePair.BaseKey(77));
        pair.ReceiverKeys.AddEpoch(FramePair.Epoch, FramePair.BaseKey(77));
        Assert.Equal(SframeError.NotSending, pair.Sender.TryEncrypt(FrameCodec.Opus, false, [1], _encrypted, out _));
        pair.SenderKeys.SendAs(FramePair.SenderLeaf, FramePair.Epoch, 0);
        Assert.Equal(0UL, Pass(pair));
    }

    [Fact]
    public void Another_member_s_key_id_with_a_foreign_base_key_decrypts_nothing()
    {
        using var pair = new FramePair();
        using var outsider = new FrameKeys();
        outsider.AddEpoch(FramePair.Epoch, FramePair.BaseKey(99));
        outsider.SendAs(FramePair.SenderLeaf, FramePair.Epoch, 0);
        new FrameCipher(outsider).TryEncrypt(FrameCodec.Opus, false, [1], _encrypted, out var written);
        Assert.Equal(SframeError.Undecryptable, pair.Receiver.TryDecrypt(FrameCodec.Opus, false, _encrypted.AsSpan(0, written), _decrypted, out _, out _));
        Assert.Equal(0UL, Pass(pair));
    }

    private ulong Pass(FramePair pair)
    {
        Assert.Equal(SframeError.None, TryPass(pair, out var sender));
        return sender.Counter;
    }

    private SframeError TryPass(FramePair pair) => TryPass(pair, out _);

    private SframeError TryPass(FramePair pair, out FrameSender sender)
    {
        Assert.Equal(SframeError.None, pair.Sender.TryEncrypt(FrameCodec.Opus, false, [1, 2, 3], _encrypted, out var written));
        return pair.Receiver.TryDecrypt(FrameCodec.Opus, false, _encrypted.AsSpan(0, written), _decrypted, out _, out sender);
    }
}
