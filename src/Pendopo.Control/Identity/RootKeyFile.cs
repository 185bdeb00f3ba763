using System.Security.Cryptography;

namespace Pendopo.Control.Identity;

/// <summary>The file with an Ed25519 private key: PKCS #8 in PEM, readable by its owner alone.</summary>
internal static class RootKeyFile
{
    private const string Label = "PRIVATE KEY";

    /// <summary>Longer ones are something else.</summary>
    private const int LengthMaximum = 1000;

    /// <summary>RFC 8410 §7: PrivateKeyInfo of Ed25519 up to the 32 bytes of the seed. There is one form without attributes.</summary>
    private static readonly byte[] Prefix = [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

    /// <summary>Makes a key. It appears under its name whole or not at all, and never takes the place of another.</summary>
    public static void Make(string path)
    {
        var seed = RandomNumberGenerator.GetBytes(Ed25519Keys.SeedLength);
        byte[] der = [.. Prefix, .. seed];
        var pem = PemEncoding.Write(Label, der);
        var draft = $"{path}.{Guid.NewGuid():N}";
        try
        {
            // The mode is set when the file is made: there is no moment at which others can read it.
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(draft, options))
            {
                using var writer = new StreamWriter(stream, leaveOpen: true);
                writer.Write(pem);
                writer.WriteLine();
                writer.Flush();
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: false);
        }
        finally
        {
            File.Delete(draft);
            CryptographicOperations.ZeroMemory(seed);
            CryptographicOperations.ZeroMemory(der);
            Array.Clear(pem);
        }
    }

    /// <summary>The seed (RFC 8032 §5.1.5).</summary>
    /// <exception cref="InvalidDataException">The file holds no such key, or more than one thing.</exception>
    public static byte[] Read(string path)
    {
        var text = new FileInfo(path).Length <= LengthMaximum ? File.ReadAllText(path).Trim() : "";
        if (PemEncoding.TryFind(text, out var fields) && text[fields.Label] == Label && fields.Location.GetOffsetAndLength(text.Length) == (0, text.Length))
        {
            var der = Convert.FromBase64String(text[fields.Base64Data]);
            if (der.Length == Prefix.Length + Ed25519Keys.SeedLength && der.AsSpan().StartsWith(Prefix)) return der[Prefix.Length..];
        }

        throw new InvalidDataException($"{path} holds no Ed25519 key in PKCS #8. Bring the right file back: clients know the identity authority by its key.");
    }
}
