using Pendopo.Client.Sframe;

namespace Pendopo.Fuzz.Targets;

/// <summary>SFrame headers and ciphertexts: reading, and decryption with the key that the samples were made with.</summary>
public sealed class SframeTarget : FuzzTarget
{
    private const ulong KeyId = 0x12c02;
    private static readonly byte[] BaseKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] Metadata = [2, 2];

    public override string Name => "sframe";

    public override IReadOnlyList<byte[]> Corpus { get; } = MakeCorpus();

    public override IReadOnlyList<byte[]> Dictionary { get; } =
        [[0x00], [0x88], [0xff], [0xa0, 0x01, 0x2c, 0x02], [0x08, 0xff], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]];

    public override bool Run(Span<byte> input)
    {
        if (!SframeHeader.TryParse(input, out var header)) return false;
        Span<byte> written = stackalloc byte[SframeHeader.MaximumLength];
        Require(input.StartsWith(written[..header.Write(written)]), "a header that is not written as it was read");

        using var context = new SframeContext(SframeCipherSuite.Aes256GcmSha512Tag128);
        context.AddReceiveKey(KeyId, BaseKey);
        var plaintext = new byte[input.Length];
        var error = context.TryDecrypt(Metadata, input, plaintext, out var length, out var read);
        Require(read == header, "another header than the parser's");
        if (error == SframeError.None)
        {
            foreach (var sample in Corpus)
            {
                if (input.SequenceEqual(sample)) return true; // who has not the key makes no ciphertext
            }

            throw new InvalidOperationException("a forgery");
        }

        Require(length == 0 && !plaintext.AsSpan().ContainsAnyExcept((byte)0), "something told of a ciphertext that does not decrypt");
        return false;
    }

    private static byte[][] MakeCorpus()
    {
        using var context = new SframeContext(SframeCipherSuite.Aes256GcmSha512Tag128);
        context.AddSendKey(KeyId, BaseKey);
        var buffer = new byte[1000];
        return [.. new[] { 0, 1, 15, 200 }.SelectMany(length => Enumerable.Range(0, 3).Select(_ =>
        {
            context.TryEncrypt(KeyId, Metadata, new byte[length], buffer, out var written);
            return buffer[..written];
        }))];
    }
}
