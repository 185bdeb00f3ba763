using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pendopo.Rtc.Srtp;

/// <summary>
/// SHA-1 of many messages at once, one in each lane of a vector: the steps of one message depend on each other, those of
/// different messages do not.
/// </summary>
internal interface ISha1Lanes
{
    /// <summary>Messages at once.</summary>
    static abstract int Count { get; }

    /// <summary>
    /// Compresses one block of each lane into the states (FIPS 180-4 §6.1.2).
    /// </summary>
    /// <param name="states">Five rows of <see cref="Count"/> words.</param>
    /// <param name="blocks">A block of 64 bytes for each lane, wherever it stands.</param>
    /// <param name="words">Working room of 80 rows of <see cref="Count"/> words, aligned to a row.</param>
    static abstract unsafe void Compress(uint* states, byte** blocks, uint* words);
}

/// <summary>What both widths of <see cref="ISha1Lanes"/> share.</summary>
internal static unsafe class Sha1Lanes
{
    /// <summary>The most lanes of any width.</summary>
    public const int Most = 16;

    /// <summary>Words of the message schedule.</summary>
    public const int ScheduleWords = 80;

    /// <summary>Below this many packets the platform's SHA-1, one by one, is faster.</summary>
    public const int FewestJobs = 3;

    /// <summary>Bytes of working room: the schedule, the states and an idle lane's block.</summary>
    public const int RoomLength = (ScheduleWords + Sha1.StateWords) * Most * sizeof(uint) + Sha1.BlockLength;

    private const int BlockWords = 16;

    /// <summary>How many packets a tier takes at once; 0 if it takes them one by one.</summary>
    public static int CountOf(SrtpTier tier) => tier switch
    {
        SrtpTier.Vector512 => 16,
        SrtpTier.Vector128 when Avx2.IsSupported => 8,
        _ => 0,
    };

    /// <summary>
    /// Word i of each block to row i, in machine order: tiles of four words by four lanes, transposed in registers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(byte** blocks, int lanes, uint* words)
    {
        var swap = Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
        for (var lane = 0; lane < lanes; lane += 4)
        {
            var block0 = blocks[lane];
            var block1 = blocks[lane + 1];
            var block2 = blocks[lane + 2];
            var block3 = blocks[lane + 3];
            for (var word = 0; word < BlockWords; word += 4)
            {
                var r0 = Ssse3.Shuffle(Vector128.Load(block0 + 4 * word), swap).AsUInt32();
                var r1 = Ssse3.Shuffle(Vector128.Load(block1 + 4 * word), swap).AsUInt32();
                var r2 = Ssse3.Shuffle(Vector128.Load(block2 + 4 * word), swap).AsUInt32();
                var r3 = Ssse3.Shuffle(Vector128.Load(block3 + 4 * word), swap).AsUInt32();
                var low01 = Sse2.UnpackLow(r0, r1).AsUInt64();
                var low23 = Sse2.UnpackLow(r2, r3).AsUInt64();
                var high01 = Sse2.UnpackHigh(r0, r1).AsUInt64();
                var high23 = Sse2.UnpackHigh(r2, r3).AsUInt64();
                var row = words + word * lanes + lane;
                Sse2.UnpackLow(low01, low23).AsUInt32().Store(row);
                Sse2.UnpackHigh(low01, low23).AsUInt32().Store(row + lanes);
                Sse2.UnpackLow(high01, high23).AsUInt32().Store(row + 2 * lanes);
                Sse2.UnpackHigh(high01, high23).AsUInt32().Store(row + 3 * lanes);
            }
        }
    }
}
