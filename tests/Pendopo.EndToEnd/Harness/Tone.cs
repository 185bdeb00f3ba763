using System.Text;

namespace Pendopo.EndToEnd.Harness;

/// <summary>A WAV file with a tone, for Chromium's fake microphone, which plays it again and again.</summary>
internal static class Tone
{
    private const int SampleRate = 48_000;

    /// <summary>Whole periods of 440 Hz, so that the repetition makes no click.</summary>
    private const int Seconds = 1;

    private static readonly Lazy<string> Path = new(Write);

    public static string File => Path.Value;

    private static string Write()
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"pendopo-tone-{Environment.ProcessId}.wav");
        const int bytes = SampleRate * Seconds * sizeof(short);
        using var writer = new BinaryWriter(System.IO.File.Create(path));
        writer.Write("RIFF"u8);
        writer.Write(36 + bytes);
        writer.Write(Encoding.ASCII.GetBytes("WAVEfmt "));
        writer.Write(16);
        writer.Write((short)1); // PCM
        writer.Write((short)1); // one channel
        writer.Write(SampleRate);
        writer.Write(SampleRate * sizeof(short));
        writer.Write((short)sizeof(short));
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(bytes);
        for (var sample = 0; sample < SampleRate * Seconds; sample++)
        {
            writer.Write((short)(8000 * Math.Sin(2 * Math.PI * 440 * sample / SampleRate)));
        }

        return path;
    }
}
