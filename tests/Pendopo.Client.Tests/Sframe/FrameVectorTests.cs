using System.Security.Cryptography;
using System.Text.Json;
using Pendopo.Client.Sframe;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Client.Tests.Sframe;

/// <summary>
/// Frames as both clients must encrypt them. The browser's tests read the same file, which this test writes anew under
/// <c>PENDOPO_WRITE_VECTORS=1</c> when the format is changed on purpose.
/// </summary>
public sealed class FrameVectorTests
{
    private const ulong Epoch = 0x1_02;
    private const ushort Leaf = 300;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n" };
    private static readonly string File = Path.Combine(Repository.Root, "tests", "Pendopo.Client.Tests", "Sframe", "frame-vectors.json");

    /// <summary>What stands in the way of counters that a test wants: any frame.</summary>
    private static readonly byte[] Filler = [0];

    private static readonly string[] Escapes = ["", "00", "0000", "000000", "00000000", "000001", "000002", "000003", "00000303", "000004", "0003", "00000003", "0000010000020000", "8000", "800000", "80000080"];

    /// <summary>Behind the plain bytes so many of the pattern 7 i + 13.</summary>
    private static readonly (string Codec, bool IsKeyFrame, ulong Counter, string Plain, int Pattern)[] Frames =
    [
        ("opus", false, 0, "78", 0),
        ("opus", false, 1, "780be4c136ecc58d8c49469904c5aaed92e7", 0),
        ("red", false, 2, "ef0f00206f780be4c136ecc58d8c4946", 0),
        ("vp8", true, 3, "b02f009d012ae0010e013923000c1c2216", 0),
        ("vp8", true, 4, "b02f009d012ae0010e01", 0),
        ("vp8", false, 5, "310f00e439ffdc58", 0),
        ("vp8", false, 6, "31", 0),
        ("vp9", true, 7, "824983420027f016744038241c196000", 0),
        ("vp9", false, 8, "86004092b86056a3", 0),
        ("av1", true, 255, "12000a0a0000000cc4ff67006802328603104d", 0),
        ("av1", false, 256, "120032b20730c040", 0),
        ("av1", false, 257, "", 105), // 22 bytes of header and tag: sizes 127, 128, 16383 and 16384
        ("av1", false, 258, "", 106),
        ("av1", false, 259, "", 16_361),
        ("av1", false, 260, "", 16_362),
        ("h264", true, 261, "000000016742c01f8c8d405017fcb350600000000168ce3c800000000165b80004000005388c", 0),
        ("h264", false, 262, "0000000161e0004000be4053", 0),
        ("h264", false, 263, "0000000161e000", 0),
        ("h264", true, 264, "0000010930" + "0000016742c01f" + "00000168ce3c80" + "00000106010203" + "0000000165b8000400aa" + "0000000165011400bb", 0),
        ("h264", false, 265, "0000000141e0ff", 20_000),
    ];

    [Fact]
    public void Frames_are_encrypted_as_the_file_has_them()
    {
        var made = Serialize(Make());
        if (Environment.GetEnvironmentVariable("PENDOPO_WRITE_VECTORS") is { Length: > 0 }) System.IO.File.WriteAllText(File, made);
        Assert.Equal(System.IO.File.ReadAllText(File), made);
    }

    [Fact]
    public void The_frames_of_the_file_are_decrypted()
    {
        var vectors = JsonSerializer.Deserialize<FrameVectors>(System.IO.File.ReadAllText(File), Json)!;
        using var keys = new FrameKeys();
        keys.AddEpoch(vectors.Epoch, Convert.FromHexString(vectors.BaseKey));
        keys.SetLeaves([vectors.Leaf]);
        var cipher = new FrameCipher(keys);
        var plain = new byte[100_000];
        foreach (var vector in vectors.Frames.Where(vector => vector.Frame is not null))
        {
            Assert.Equal(SframeError.None, cipher.TryDecrypt(CodecOf(vector.Codec), vector.KeyFrame, Convert.FromHexString(vector.Frame!), plain, out var written, out var sender));
            Assert.Equal(vector.Decrypted ?? (vector.Plain + Pattern(vector.Pattern)), Convert.ToHexStringLower(plain.AsSpan(0, written)));
            Assert.Equal(new FrameSender(vectors.Leaf, vectors.Epoch, vector.Counter), sender);
        }

        foreach (var (before, bytes, escaped) in vectors.Escapes)
        {
            var written = H264Frame.UnescapeStartCodes(Convert.FromHexString(before), Convert.FromHexString(escaped), plain);
            Assert.Equal(bytes, Convert.ToHexStringLower(plain.AsSpan(0, written)));
        }
    }

    private static FrameVectors Make()
    {
        using var keys = new FrameKeys();
        keys.AddEpoch(Epoch, FramePair.BaseKey(Epoch));
        keys.SendAs(Leaf, Epoch, 0);
        using var receiving = new FrameKeys();
        receiving.AddEpoch(Epoch, FramePair.BaseKey(Epoch));
        receiving.SetLeaves([Leaf]);
        var (sender, receiver) = (new FrameCipher(keys), new FrameCipher(receiving));
        var encrypted = new byte[100_000];
        var decrypted = new byte[100_000];
        var next = 0UL;
        var frames = new List<FrameVector>();
        foreach (var (codec, isKeyFrame, counter, start, pattern) in Frames)
        {
            var plain = start + Pattern(pattern);
            for (; next < counter; next++) sender.TryEncrypt(FrameCodec.Opus, false, Filler, encrypted, out _);
            Assert.Equal(SframeError.None, sender.TryEncrypt(CodecOf(codec), isKeyFrame, Convert.FromHexString(plain), encrypted, out var written));
            next++;
            var frame = encrypted.AsSpan(0, written);
            Assert.Equal(SframeError.None, receiver.TryDecrypt(CodecOf(codec), isKeyFrame, frame, decrypted, out var length, out _));
            var back = Convert.ToHexStringLower(decrypted.AsSpan(0, length));
            // Long frames by their hash, so that the file stays readable.
            var isLong = written > 500;
            frames.Add(new(
                codec, isKeyFrame, counter, start, pattern, back == plain ? null : back,
                isLong ? null : Convert.ToHexStringLower(frame), Convert.ToHexStringLower(SHA256.HashData(frame))));
        }

        return new(Convert.ToHexStringLower(FramePair.BaseKey(Epoch)), Epoch, Leaf, Convert.ToHexStringLower(Filler), frames, [.. MakeEscapes()]);
    }

    private static IEnumerable<EscapeVector> MakeEscapes()
    {
        var buffer = new byte[100];
        foreach (var before in new[] { "65b800", "650000", "65b804" })
        {
            foreach (var bytes in Escapes)
            {
                var written = H264Frame.EscapeStartCodes(Convert.FromHexString(before), Convert.FromHexString(bytes), buffer);
                yield return new(before, bytes, Convert.ToHexStringLower(buffer.AsSpan(0, written)));
            }
        }
    }

    private static string Pattern(int length) => Convert.ToHexStringLower([.. Enumerable.Range(0, length).Select(i => (byte)((7 * i) + 13))]);

    private static FrameCodec CodecOf(string name) => Enum.Parse<FrameCodec>(name, ignoreCase: true);

    private static string Serialize(FrameVectors vectors) => JsonSerializer.Serialize(vectors, Json) + "\n";

    private sealed record FrameVectors(
        string BaseKey, ulong Epoch, ushort Leaf, string Filler, IReadOnlyList<FrameVector> Frames, IReadOnlyList<EscapeVector> Escapes);

    private sealed record FrameVector(string Codec, bool KeyFrame, ulong Counter, string Plain, int Pattern, string? Decrypted, string? Frame, string FrameSha256);

    private sealed record EscapeVector(string Before, string Bytes, string Escaped);
}
