using BenchmarkDotNet.Attributes;
using Pendopo.Rtc.Srtp;

namespace Pendopo.Benchmarks;

/// <summary>The same packets as in <see cref="SrtpBenchmarks"/> by OpenSSL's EVP, without replay windows: the column to compare with.</summary>
#pragma warning disable CA1001 // Cleanup is called where Dispose would be.
public unsafe class SrtpOpenSslBenchmarks
#pragma warning restore CA1001
{
    private const int HeaderLength = 12;

    private readonly byte[] _packet = GC.AllocateArray<byte>(2048, pinned: true);
    private readonly byte[] _payload = GC.AllocateArray<byte>(2048, pinned: true);
    private SrtpOpenSsl _openSsl = null!;
    private ulong _index;

    [ParamsAllValues]
    public SrtpProfile Profile { get; set; }

    /// <summary>Bytes of the packet, header included.</summary>
    [Params(100, 1200)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup() => _openSsl = new SrtpOpenSsl(Profile);

    [GlobalCleanup]
    public void Cleanup() => _openSsl.Dispose();

    [Benchmark(Baseline = true)]
    public void Protect()
    {
        fixed (byte* packet = _packet, payload = _payload) _openSsl.Protect(packet, payload, Length - HeaderLength, ++_index);
    }

    [Benchmark]
    public void ProtectAndUnprotect()
    {
        fixed (byte* packet = _packet, payload = _payload)
        {
            _openSsl.Protect(packet, payload, Length - HeaderLength, ++_index);
            Require.That(_openSsl.Unprotect(packet, Length + _openSsl.Overhead, _index));
        }
    }
}
