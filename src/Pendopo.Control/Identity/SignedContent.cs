using System.Buffers.Binary;
using System.Text;

namespace Pendopo.Control.Identity;

/// <summary>What our own signatures are made over (docs/e2ee.md §2): a label that says what for, then the content.</summary>
internal static class SignedContent
{
    private const string Prefix = "Pendopo 1.0 ";

    /// <summary>opaque label&lt;V&gt; ‖ opaque content&lt;V&gt;.</summary>
    public static byte[] Encode(string label, ReadOnlySpan<byte> content)
    {
        var bytes = new List<byte>();
        WriteVector(bytes, Encoding.ASCII.GetBytes(Prefix + label));
        WriteVector(bytes, content);
        return [.. bytes];
    }

    /// <summary>A vector with its length in the shortest form of RFC 9420 §2.1.2.</summary>
    public static void WriteVector(List<byte> bytes, ReadOnlySpan<byte> content)
    {
        Span<byte> length = stackalloc byte[4];
        switch (content.Length)
        {
            case < 1 << 6:
                bytes.Add((byte)content.Length);
                break;
            case < 1 << 14:
                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(content.Length | 0x4000));
                bytes.AddRange(length[..2]);
                break;
            case < 1 << 30:
                BinaryPrimitives.WriteUInt32BigEndian(length, (uint)content.Length | 0x8000_0000);
                bytes.AddRange(length);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(content), "A vector holds less than 2^30 bytes.");
        }

        bytes.AddRange(content);
    }
}
