using System.Runtime.Intrinsics.X86;

namespace Pendopo.Rtc.Srtp;

/// <summary>
/// Which tiers this machine has, and which one is used: the fastest, unless the AppContext value
/// <c>Pendopo.Rtc.SrtpTier</c> or else the environment variable <c>PENDOPO_SRTP_TIER</c> names a ceiling (<c>platform</c>,
/// <c>vector128</c> or <c>vector512</c>). The ceiling is for support, to tell a fault of the intrinsics from any other, and for
/// continuous integration, to run the slow tiers on a fast machine.
/// </summary>
internal static class SrtpTiers
{
    public const string SettingName = "Pendopo.Rtc.SrtpTier";
    public const string EnvironmentName = "PENDOPO_SRTP_TIER";

    private static readonly Lazy<SrtpTier> DefaultTier =
        new(static () => Choose(AppContext.GetData(SettingName) as string ?? Environment.GetEnvironmentVariable(EnvironmentName)));

    /// <summary>What this machine can run, slowest first; never empty.</summary>
    public static IReadOnlyList<SrtpTier> Supported { get; } = [.. Enum.GetValues<SrtpTier>().Where(IsSupported)];

    /// <summary>The tier of every context that is not told another; decided once in a process.</summary>
    /// <exception cref="InvalidOperationException">The configured ceiling is no tier's name.</exception>
    public static SrtpTier Default => DefaultTier.Value;

    /// <summary>The fastest supported tier that is not above the ceiling; null or empty is no ceiling.</summary>
    /// <exception cref="InvalidOperationException"><paramref name="ceiling"/> is no tier's name.</exception>
    public static SrtpTier Choose(string? ceiling)
    {
        if (string.IsNullOrEmpty(ceiling)) return Supported[^1];
        if (!Enum.TryParse<SrtpTier>(ceiling, ignoreCase: true, out var highest) || !Enum.IsDefined(highest))
        {
            throw new InvalidOperationException($"{SettingName} or {EnvironmentName} is '{ceiling}'; it must be platform, vector128 or vector512.");
        }

        return Supported.Last(tier => tier <= highest);
    }

    public static bool IsSupported(SrtpTier tier) => tier switch
    {
        SrtpTier.Platform => true,
        SrtpTier.Vector128 => HasVector128,
        SrtpTier.Vector512 => HasVector128 && Avx512BW.IsSupported && Pclmulqdq.V512.IsSupported,
        _ => false,
    };

    private static bool HasVector128 => Aes.IsSupported && Pclmulqdq.IsSupported && Ssse3.IsSupported;
}
