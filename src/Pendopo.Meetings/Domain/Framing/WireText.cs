using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Pendopo.Meetings.Domain.Framing;

/// <summary>
/// Bytes as the wire contract writes them: base64url without padding, in the one canonical form. So equal bytes are equal texts, and what passes
/// through the server is kept and compared as text.
/// </summary>
public static class WireText
{
    public static string Of(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>SHA-256 as text.</summary>
    public static string HashOf(ReadOnlySpan<byte> bytes) => Of(SHA256.HashData(bytes));

    /// <summary>False for another alphabet, padding, white space, bits that mean nothing, no bytes at all, or more than allowed.</summary>
    public static bool TryRead(string? text, int maximum, out byte[] bytes)
    {
        bytes = [];
        if (text is not { Length: > 0 } || IsTooLong(text, maximum)) return false;
        var decoded = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        // Unlike its siblings this one does not throw at other characters.
        if (Base64Url.DecodeFromChars(text, decoded, out _, out var written) != OperationStatus.Done || written == 0) return false;
        if (Of(decoded.AsSpan(0, written)) != text) return false;
        bytes = decoded[..written];
        return true;
    }

    public static bool IsTooLong(string text, int maximum) => text.Length > Base64Url.GetEncodedLength(maximum);
}
