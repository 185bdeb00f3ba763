using Pendopo.Client.Sframe;

namespace Pendopo.Client.Tests.Sframe;

/// <summary>A sender and a receiver of one meeting.</summary>
internal sealed class FramePair : IDisposable
{
    public const ushort SenderLeaf = 5;
    public const ushort ReceiverLeaf = 6;
    public const ulong Epoch = 0x1_02;

    public FramePair()
    {
        foreach (var keys in new[] { SenderKeys, ReceiverKeys })
        {
            keys.AddEpoch(Epoch, BaseKey(Epoch));
            keys.SetLeaves([SenderLeaf, ReceiverLeaf]);
        }

        SenderKeys.SendAs(SenderLeaf, Epoch, 0);
        ReceiverKeys.SendAs(ReceiverLeaf, Epoch, 0);
        Sender = new(SenderKeys);
        Receiver = new(ReceiverKeys);
    }

    public FrameKeys SenderKeys { get; } = new();

    public FrameKeys ReceiverKeys { get; } = new();

    public FrameCipher Sender { get; }

    public FrameCipher Receiver { get; }

    /// <summary>A base key as MLS would export it for the epoch.</summary>
    public static byte[] BaseKey(ulong epoch) => [.. Enumerable.Range(0, FrameKeys.BaseKeyLength).Select(i => (byte)((int)epoch + (7 * i)))];

    public void Dispose()
    {
        SenderKeys.Dispose();
        ReceiverKeys.Dispose();
    }
}
