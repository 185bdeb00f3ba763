using System.Security.Cryptography;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain.Framing;

/// <summary>What the server reads of a key package (RFC 9420 §10).</summary>
public sealed record KeyPackage
{
    /// <summary>The structure without the head of its message, as an Add carries it.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public required LeafNode Leaf { get; init; }

    /// <summary>Version, suite, lengths, capabilities, credential and size are those of docs/e2ee.md §6 and §21.</summary>
    public required bool FitsProfile { get; init; }

    /// <summary>An MLSMessage that holds a key package and nothing else; its profile is another question.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, out KeyPackage keyPackage)
    {
        var reader = new WireReader(message);
        Mls.ReadHeader(ref reader, Mls.KeyPackage);
        keyPackage = Read(ref reader);
        return reader.IsComplete;
    }

    /// <summary>The text of the message that a participant knocks with, from what an Add carries.</summary>
    public static string TextOf(ReadOnlySpan<byte> body) => WireText.Of([0, (byte)Mls.Version, 0, (byte)Mls.KeyPackage, .. body]);

    /// <summary>KeyPackageRef of suite 83 (RFC 9420 §5.2), as text.</summary>
    public string Reference()
    {
        var label = "MLS 1.0 KeyPackage Reference"u8;
        byte[] input = [(byte)label.Length, .. label, .. LengthOf(Body.Length), .. Body.Span];
        return WireText.Of(SHA512.HashData(input));
    }

    internal static KeyPackage Read(ref WireReader reader)
    {
        var start = reader.Position;
        var version = reader.ReadUInt16();
        var suite = reader.ReadUInt16();
        var initKey = reader.ReadVector().Length;
        var leaf = LeafNode.Read(ref reader);
        var extensions = LeafNode.ReadExtensions(ref reader);
        var signature = reader.ReadVector().Length;
        var body = reader.Since(start);
        return new KeyPackage
        {
            Body = body.ToArray(),
            Leaf = leaf,
            FitsProfile = version == Mls.Version && suite == Mls.Suite && initKey == Mls.EncryptionKeyLength && extensions == 0
                && signature == Mls.SignatureLength && body.Length <= SignalingContract.KeyPackageMaximum
                && leaf is { FitsSuite: true, FitsProfile: true, IsOfKeyPackage: true, Chain.Count: 1 or 2, ChainLength: <= SignalingContract.ChainMaximum },
        };
    }

    private static byte[] LengthOf(int length) => length < 1 << 6
        ? [(byte)length]
        : length < 1 << 14 ? [(byte)(0x40 | (length >> 8)), (byte)length] : [(byte)(0x80 | (length >> 24)), (byte)(length >> 16), (byte)(length >> 8), (byte)length];
}
