using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Pendopo.Rtc.Srtp;

namespace Pendopo.Benchmarks;

/// <summary>
/// <c>make bench ARGS="srtp"</c>: CPU nanoseconds per packet of each tier and of OpenSSL's EVP. The variants take turns in one
/// run, many keys take turns in each, and the medians are told: on a busy machine ratios hold where absolute numbers do not.
/// </summary>
internal static unsafe class SrtpComparison
{
    private const int Keys = 200;
    private const int Rounds = 100;
    private const int WarmUpRounds = 30;

    /// <summary>Over all keys, one after the other; the first is not counted, since the other variants have taken the caches.</summary>
    private const int Passes = 4;

    private const int HeaderLength = 12;
    private const int SlotLength = 2048;
    private const string Reference = "OpenSSL EVP";

    /// <summary>At 1200 bytes of payload and GCM, the fastest tier against EVP.</summary>
    private const double MostRatio = 0.6;

    private static readonly byte[] Slots = GC.AllocateArray<byte>(Keys * SlotLength, pinned: true);
    private static readonly byte[] Payload = GC.AllocateArray<byte>(SlotLength, pinned: true);

    public static int Run()
    {
        var worst = 0.0;
        foreach (var profile in Enum.GetValues<SrtpProfile>())
        {
            foreach (var length in (int[])[100, 1200])
            {
                var variants = Variants(profile, length);
                var medians = Measure(variants);
                Print(profile, length, variants, medians, out var ratio);
                if (length == 1200 && profile != SrtpProfile.Aes128CmHmacSha1Tag80) worst = Math.Max(worst, ratio);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"GCM at 1200 B, protect: at most {worst:F2} of EVP; the limit is {MostRatio:F2}."));
        return worst <= MostRatio ? 0 : 1;
    }

    private static byte* Slot(int key) => (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(Slots, key * SlotLength);

    private static List<Variant> Variants(SrtpProfile profile, int length)
    {
        var openSsl = Enumerable.Range(0, Keys).Select(_ => new SrtpOpenSsl(profile)).ToArray();
        var overhead = openSsl[0].Overhead;
        ulong index = 0;
        var payload = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(Payload, 0);
        void Protect()
        {
            index++;
            for (var key = 0; key < Keys; key++) openSsl[key].Protect(Slot(key), payload, length, index);
        }

        void Unprotect()
        {
            for (var key = 0; key < Keys; key++) Require.That(openSsl[key].Unprotect(Slot(key), HeaderLength + length + overhead, index));
        }

        List<Variant> variants = [new(Reference, WriteHeaders, Protect, Unprotect)];
        foreach (var tier in SrtpTiers.Supported)
        {
            variants.Add(OfTier(profile, tier, length, tags: null));
            if (profile == SrtpProfile.Aes128CmHmacSha1Tag80) variants.Add(OfTier(profile, tier, length, new SrtpTagBatch(tier)));
        }

        return variants;
    }

    private static Variant OfTier(SrtpProfile profile, SrtpTier tier, int length, SrtpTagBatch? tags)
    {
        var senders = Contexts(profile, tier);
        var receivers = Contexts(profile, tier);
        var streams = senders.Select(sender => sender.OpenStream(1)).ToArray();
        ushort sequenceNumber = 0;
        var protectedLength = 0;
        void Prepare()
        {
            sequenceNumber++;
            WriteHeaders();
            for (var key = 0; key < Keys; key++) BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(Slot(key) + 2, 2), sequenceNumber);
        }

        void Protect()
        {
            var payload = Payload.AsSpan(0, length);
            for (var key = 0; key < Keys; key++)
            {
                Require.That(tags is null
                    ? senders[key].TryProtectRtp(streams[key], new Span<byte>(Slot(key), SlotLength), HeaderLength, payload, out protectedLength)
                    : senders[key].TryProtectRtp(streams[key], Slot(key), SlotLength, HeaderLength, payload, tags, out protectedLength));
            }

            tags?.Complete();
        }

        void Unprotect()
        {
            for (var key = 0; key < Keys; key++) Require.That(receivers[key].TryUnprotectRtp(new Span<byte>(Slot(key), protectedLength), out _, out _));
        }

        return new(tags is null ? tier.ToString() : $"{tier}, tags in a batch", Prepare, Protect, Unprotect);
    }

    private static SrtpContext[] Contexts(SrtpProfile profile, SrtpTier tier) => [.. Enumerable.Range(0, Keys).Select(number =>
    {
        var key = new byte[SrtpContext.MasterKeyLength(profile)];
        key[0] = (byte)number;
        return new SrtpContext(SrtpCipher.Create(profile, key, new byte[SrtpContext.MasterSaltLength(profile)], tier));
    })];

    private static void WriteHeaders()
    {
        for (var key = 0; key < Keys; key++)
        {
            ReadOnlySpan<byte> header = [0x80, 96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
            header.CopyTo(new Span<byte>(Slot(key), HeaderLength));
        }
    }

    private static (double Protect, double Unprotect)[] Measure(List<Variant> variants)
    {
        var times = variants.Select(_ => (Protect: new List<double>(), Unprotect: new List<double>())).ToArray();
        for (var round = 0; round < WarmUpRounds + Rounds; round++)
        {
            for (var i = 0; i < variants.Count; i++)
            {
                for (var pass = 0; pass < Passes; pass++)
                {
                    variants[i].Prepare();
                    var start = ThreadTime();
                    variants[i].Protect();
                    var middle = ThreadTime();
                    variants[i].Unprotect();
                    var end = ThreadTime();
                    if (round < WarmUpRounds || pass == 0) continue;
                    times[i].Protect.Add((middle - start) / (double)Keys);
                    times[i].Unprotect.Add((end - middle) / (double)Keys);
                }
            }
        }

        return [.. times.Select(time => (Median(time.Protect), Median(time.Unprotect)))];
    }

    private static void Print(SrtpProfile profile, int length, List<Variant> variants, (double Protect, double Unprotect)[] medians, out double best)
    {
        best = double.MaxValue;
        Console.WriteLine($"{profile}, {length} B of payload: CPU ns per packet, protect and unprotect (ratio to EVP)");
        for (var i = 0; i < variants.Count; i++)
        {
            var (protect, unprotect) = medians[i];
            var ratio = protect / medians[0].Protect;
            if (i > 0) best = Math.Min(best, ratio);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {variants[i].Name,-28}{protect,8:F0} ({ratio:F2}){unprotect,10:F0} ({unprotect / medians[0].Unprotect:F2})"));
        }
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static long ThreadTime()
    {
        const int ThreadCpuTime = 3;
        TimeSpec time;
        Require.That(clock_gettime(ThreadCpuTime, &time) == 0);
        return time.Seconds * 1_000_000_000 + time.Nanoseconds;
    }

#pragma warning disable IDE1006, SYSLIB1054 // libc's own name, blittable arguments.
    [DllImport("libc")]
    private static extern int clock_gettime(int clock, TimeSpec* time);
#pragma warning restore IDE1006, SYSLIB1054

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    private sealed record Variant(string Name, Action Prepare, Action Protect, Action Unprotect);
}
