using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Pendopo.Server.Operations;

/// <summary>
/// The secret that opens the operator's pages, made at the first start and kept in the data folder, where only the server's own account can
/// read it (mode 600). There is no default, and it is never logged.
/// </summary>
internal sealed class OperatorToken
{
    public const string FileName = "operator.token";

    /// <summary>256 bits.</summary>
    private const int RandomBytes = 32;

    /// <summary>Shorter ones were cut or written by hand.</summary>
    private const int LeastLength = 32;

    private readonly byte[] _hash;

    private OperatorToken(string value) => _hash = Hash(value);

    /// <summary>Reads the token of a data folder, or makes one.</summary>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">The file holds no token: it was cut or changed.</exception>
    public static OperatorToken Open(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) Make(path);

        // Whoever could read it before can do so no longer, whatever copied the folder here.
        else if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var value = File.ReadAllText(path).Trim();
        return value.Length >= LeastLength
            ? new OperatorToken(value)
            : throw new InvalidDataException($"{path} holds no operator token. Delete it, and the next start makes a new one.");
    }

    /// <summary>Compares in a time that tells nothing.</summary>
    public bool Matches(string value) => CryptographicOperations.FixedTimeEquals(Hash(value), _hash);

    private static void Make(string path)
    {
        // The mode is set when the file is made: there is no moment at which others can read it.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.WriteLine(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)));
    }

    private static byte[] Hash(string value) => SHA256.HashData(Encoding.UTF8.GetBytes(value));
}
