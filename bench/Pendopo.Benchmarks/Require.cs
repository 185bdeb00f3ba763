namespace Pendopo.Benchmarks;

/// <summary>A benchmark of something that fails would be fast, so each operation is checked.</summary>
internal static class Require
{
    public static void That(bool condition)
    {
        if (!condition) Fail();
    }

    private static void Fail() => throw new InvalidOperationException("The operation under measurement failed.");
}
