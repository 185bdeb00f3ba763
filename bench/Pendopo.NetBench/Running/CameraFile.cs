using System.Text;

namespace Pendopo.NetBench.Running;

/// <summary>
/// A film for Chromium's fake camera: detail in motion, as of a camera. The picture that the browser paints by itself is so
/// simple that no layer needs half of its rate, and a narrow network would not be noticed. 720 lines, 15 frames a second (the
/// encoders of three layers and the decoders of two browsers share two cores), repeated every two seconds.
/// </summary>
internal sealed class CameraFile : IDisposable
{
    private const int Width = 1280;
    private const int Height = 720;
    private const int FramesPerSecond = 15;
    private const int Frames = 2 * FramesPerSecond;

    public CameraFile()
    {
        var texture = Texture(new Random(5));
        using var file = new BinaryWriter(File.Create(Path));
        file.Write(Encoding.ASCII.GetBytes(FormattableString.Invariant($"YUV4MPEG2 W{Width} H{Height} F{FramesPerSecond}:1 Ip A1:1 C420jpeg\n")));
        var luma = new byte[Width * Height];
        var chroma = new byte[Width * Height / 4];
        var noise = new Random(6);
        for (var frame = 0; frame < Frames; frame++)
        {
            Paint(luma, texture, frame, noise);
            file.Write("FRAME\n"u8);
            file.Write(luma);
            Array.Fill(chroma, (byte)118);
            file.Write(chroma);
            Array.Fill(chroma, (byte)138);
            file.Write(chroma);
        }
    }

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"pendopo-camera-{Environment.ProcessId}.y4m");

    public void Dispose() => File.Delete(Path);

    /// <summary>Random brightness, blurred, so that it has detail of every size and an encoder can follow its motion.</summary>
    private static byte[] Texture(Random random)
    {
        var sum = new double[Width * Height];
        foreach (var grain in new[] { 4, 16, 64 })
        {
            var (columns, rows) = (Width / grain + 2, Height / grain + 2);
            double[] points = [.. Enumerable.Range(0, columns * rows).Select(_ => random.NextDouble())];
            for (var y = 0; y < Height; y++)
            {
                for (var x = 0; x < Width; x++)
                {
                    var (left, top) = (x / grain, y / grain);
                    var (right, down) = (x % grain / (double)grain, y % grain / (double)grain);
                    var above = points[top * columns + left] * (1 - right) + points[top * columns + left + 1] * right;
                    var below = points[(top + 1) * columns + left] * (1 - right) + points[(top + 1) * columns + left + 1] * right;
                    sum[y * Width + x] += (above * (1 - down) + below * down) * Math.Sqrt(grain);
                }
            }
        }

        var (least, most) = (sum.Min(), sum.Max());
        return [.. sum.Select(value => (byte)(30 + 190 * (value - least) / (most - least)))];
    }

    /// <summary>The left half sways there and back within a repetition, the right half shimmers as in poor light.</summary>
    private static void Paint(byte[] luma, byte[] texture, int frame, Random noise)
    {
        var sway = (int)(60 * Math.Sin(2 * Math.PI * frame / Frames));
        for (var y = 0; y < Height; y++)
        {
            var row = y * Width;
            for (var x = 0; x < Width; x++)
            {
                var from = Math.Clamp(x + (x < Width / 2 ? sway : 0), 0, Width - 1);
                var light = x < Width / 2 ? 0 : noise.Next(-3, 4);
                luma[row + x] = (byte)Math.Clamp(texture[row + from] + light, 16, 235);
            }
        }
    }
}
