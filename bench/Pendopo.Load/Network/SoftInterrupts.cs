using System.Globalization;

namespace Pendopo.Load.Network;

/// <summary>
/// The kernel thread that takes over network work of a processor when there is too much of it at once. What it does for a
/// server is not in that server's account, so a result is only whole while it does next to nothing.
/// </summary>
internal sealed class SoftInterrupts(int core)
{
    private readonly string? _account = Directory.EnumerateDirectories("/proc")
        .Where(static folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]))
        .FirstOrDefault(folder => Name(folder) == $"ksoftirqd/{core}");

    /// <summary>Nanoseconds that it has run; 0 where it is not to be found, as in a container.</summary>
    public long CpuNanoseconds => _account is null ? 0 : long.Parse(File.ReadAllText(Path.Combine(_account, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture);

    private static string? Name(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "comm")).Trim();
        }
        catch (IOException)
        {
            return null; // it has ended meanwhile
        }
    }
}
