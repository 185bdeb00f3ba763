using Pendopo.Client.Sframe;

namespace Pendopo.Fuzz.Targets;

/// <summary>
/// Frames of every codec: the first byte chooses codec and kind, the rest is taken as a received frame and as one to be sent. What can be
/// encrypted must come back.
/// </summary>
public sealed class EncryptedFrameTarget : FuzzTarget
{
    private const int Codecs = 6;
    private const ushort Sender = 300;
    private const ushort Receiver = 1;
    private static readonly byte[] BaseKey = [.. Enumerable.Range(0, FrameKeys.BaseKeyLength).Select(i => (byte)i)];

    private static readonly string[] Samples =
    [
        "00" + "780be4c136ec",
        "07" + "b02f009d012ae0010e013923",
        "01" + "310f00e439",
        "08" + "824983420027f016",
        "03" + "0a05a1012c02c2",
        "09" + "12000a0a0000000cc4ff",
        "0a" + "000000016742c01f8c8d0000000168ce3c800000000165b800040000",
        "04" + "0000000161e0004000be0000000161e0114000be",
        "04" + "0000000161e0000000030000030180",
        "05" + "6f780be4c136",
    ];

    public override string Name => "encrypted-frame";

    public override IReadOnlyList<byte[]> Corpus { get; } = [.. Samples.Select(Convert.FromHexString)];

    public override IReadOnlyList<byte[]> Dictionary { get; } =
        [[0, 0, 1], [0, 0, 0, 1], [0, 0, 1, 0x65], [0, 0, 1, 0x41], [0, 0, 3], [0, 0, 3, 1], [0x80], [0x0a], [0x0a, 0x80, 0x01], [0x9d, 0x01, 0x2a], [0xa0, 0x01, 0x2c, 0x02]];

    public override bool Run(Span<byte> input)
    {
        if (input.IsEmpty) return false;
        var codec = (FrameCodec)(1 + (input[0] % Codecs));
        var isKeyFrame = input[0] / Codecs % 2 != 0;
        var frame = input[1..];
        using var senderKeys = Keys(Sender);
        using var receiverKeys = Keys(Receiver);
        var (sender, receiver) = (new FrameCipher(senderKeys), new FrameCipher(receiverKeys));
        var encrypted = new byte[FrameCipher.MaximumEncryptedLength(frame.Length)];
        var decrypted = new byte[encrypted.Length + frame.Length];

        Require(receiver.TryDecrypt(codec, isKeyFrame, frame, decrypted, out _, out _) != SframeError.None, "a forgery");
        var error = sender.TryEncrypt(codec, isKeyFrame, frame, encrypted, out var length);
        if (error == SframeError.Malformed) return false;
        Require(error == SframeError.None, $"{error} in the room that is always enough");
        Require(receiver.TryDecrypt(codec, isKeyFrame, encrypted.AsSpan(0, length), decrypted, out var back, out var from) == SframeError.None, "a frame that does not come back");
        Require(from.Leaf == Sender && from.Counter == 0, "another sender");
        // H.264 comes back with start codes of four bytes and without zeros before them.
        Require(codec == FrameCodec.H264 ? back >= 7 : frame.SequenceEqual(decrypted.AsSpan(0, back)), "a frame that comes back changed");
        return true;
    }

    private static FrameKeys Keys(ushort leaf)
    {
        var keys = new FrameKeys();
        keys.AddEpoch(2, BaseKey);
        keys.SetLeaves([Sender, Receiver]);
        keys.SendAs(leaf, 2, 0);
        return keys;
    }
}
