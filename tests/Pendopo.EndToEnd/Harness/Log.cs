using System.Collections.Concurrent;

namespace Pendopo.EndToEnd.Harness;

/// <summary>What the processes around a test said. It is printed only when the test fails.</summary>
internal static class Log
{
    private const int Kept = 400;
    private static readonly ConcurrentQueue<string> Lines = new();

    public static void Write(string who, string? line)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        Lines.Enqueue($"{DateTime.UtcNow:HH:mm:ss.fff} {who}: {line}");
        while (Lines.Count > Kept) Lines.TryDequeue(out _);
    }

    public static string Take()
    {
        var lines = new List<string>();
        while (Lines.TryDequeue(out var line)) lines.Add(line);
        return string.Join('\n', lines);
    }
}
