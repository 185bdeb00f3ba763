using BenchmarkDotNet.Attributes;
using Pendopo.Client.Sframe;

namespace Pendopo.Benchmarks;

/// <summary>End-to-end encryption of whole frames, as a program in a meeting does it.</summary>
#pragma warning disable CA1001 // Cleanup is called where Dispose would be.
public class SframeBenchmarks
#pragma warning restore CA1001
{
    private const ushort Sender = 300;
    private const ushort Receiver = 1;
    private const ulong Epoch = 5;

    private readonly FrameKeys _senderKeys = new();
    private readonly FrameKeys _receiverKeys = new();
    private FrameCipher _sender = null!;
    private FrameCipher _receiver = null!;
    private byte[] _frame = [];
    private byte[] _encrypted = [];
    private byte[] _decrypted = [];

    /// <summary>Opus, a small and a usual picture of a camera, a key frame.</summary>
    [Params(120, 1000, 5000, 20_000)]
    public int Bytes { get; set; }

    [Params(FrameCodec.Vp8, FrameCodec.H264)]
    public FrameCodec Codec { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        foreach (var (keys, leaf) in new[] { (_senderKeys, Sender), (_receiverKeys, Receiver) })
        {
            keys.AddEpoch(Epoch, new byte[FrameKeys.BaseKeyLength]);
            keys.SetLeaves([Sender, Receiver]);
            keys.SendAs(leaf, Epoch, 0);
        }

        (_sender, _receiver) = (new(_senderKeys), new(_receiverKeys));
        _frame = new byte[Bytes];
        new Random(1).NextBytes(_frame);
        new byte[] { 0, 0, 0, 1, 0x41, 0xe0, 0xff }.CopyTo(_frame, 0);
        if (Codec == FrameCodec.Vp8) _frame[0] = 1;
        _encrypted = new byte[FrameCipher.MaximumEncryptedLength(Bytes)];
        _decrypted = new byte[_encrypted.Length];
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _senderKeys.Dispose();
        _receiverKeys.Dispose();
    }

    [Benchmark]
    public int Encrypt()
    {
        Require.That(_sender.TryEncrypt(Codec, isKeyFrame: false, _frame, _encrypted, out var written) == SframeError.None);
        return written;
    }

    /// <summary>A frame is decrypted once, so each is made anew.</summary>
    [Benchmark]
    public int EncryptAndDecrypt()
    {
        Require.That(_sender.TryEncrypt(Codec, isKeyFrame: false, _frame, _encrypted, out var written) == SframeError.None);
        Require.That(_receiver.TryDecrypt(Codec, isKeyFrame: false, _encrypted.AsSpan(0, written), _decrypted, out var length, out _) == SframeError.None);
        return length;
    }
}
