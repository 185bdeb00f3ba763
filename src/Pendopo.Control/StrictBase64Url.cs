using System.Buffers;
using System.Buffers.Text;

namespace Pendopo.Control;

/// <summary>Base64url (RFC 4648 §5) without padding, in its one canonical form: what writes differently is refused.</summary>
public static class StrictBase64Url
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>False unless the text stands for exactly this many bytes.</summary>
    public static bool TryDecode(string? text, int length, out byte[] bytes)
    {
        bytes = [];
        if (text is null || text.Length != Base64Url.GetEncodedLength(length)) return false;
        var decoded = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        // The overload whose name begins with Try throws on characters of another alphabet.
        if (Base64Url.DecodeFromChars(text, decoded, out _, out var written) != OperationStatus.Done || written != length) return false;

        // The last character may have bits that mean nothing; only zero is canonical. White space and padding do not come back either.
        if (Base64Url.EncodeToString(decoded.AsSpan(0, written)) != text) return false;
        bytes = decoded[..written];
        return true;
    }
}
