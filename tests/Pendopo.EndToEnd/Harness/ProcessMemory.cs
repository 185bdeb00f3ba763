using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Pendopo.EndToEnd.Harness;

/// <summary>Everything that a running process could write: what a memory dump holds, read from /proc (proc(5)) without the file.</summary>
internal sealed class ProcessMemory(int processId)
{
    private const int Piece = 4 << 20;

    /// <summary>Longest that may be searched for, bytes: pieces overlap by so much.</summary>
    private const int Overlap = 256;

    /// <summary>Calls back with the whole memory piece by piece; whatever lies on a border is in two of them.</summary>
    public long Read(Action<ReadOnlyMemory<byte>> piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        var total = 0L;
        var buffer = new byte[Piece];
        using var memory = File.OpenHandle($"/proc/{processId}/mem");
        foreach (var (first, last) in Regions())
        {
            for (var at = first; at < last; at += Piece - Overlap)
            {
                var length = Fill(memory, at, buffer.AsMemory(0, (int)Math.Min(Piece, last - at)));
                if (length == 0) break;
                piece(buffer.AsMemory(0, length));
                total += length;
            }
        }

        return total;
    }

    private static int Fill(SafeFileHandle memory, long at, Memory<byte> buffer)
    {
        var length = 0;
        try
        {
            while (length < buffer.Length)
            {
                var read = RandomAccess.Read(memory, buffer.Span[length..], at + length);
                if (read == 0) break;
                length += read;
            }
        }
        catch (IOException)
        {
            // A page that was given back meanwhile.
        }

        return length;
    }

    private List<(long First, long Last)> Regions()
    {
        var regions = new List<(long, long)>();
        foreach (var line in File.ReadLines($"/proc/{processId}/maps"))
        {
            var fields = line.Split(' ', 3);
            if (!fields[1].StartsWith("rw", StringComparison.Ordinal) || line.EndsWith("[vvar]", StringComparison.Ordinal)) continue;
            var range = fields[0].Split('-');
            regions.Add((long.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), long.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
        }

        return regions;
    }
}
