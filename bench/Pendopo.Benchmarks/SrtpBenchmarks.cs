using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Srtp;

namespace Pendopo.Benchmarks;

/// <summary>
/// One RTP packet under each profile, as long as sound and as long as picture. No packet can be unprotected twice, so that
/// is measured together with protecting.
/// </summary>
public class SrtpBenchmarks
{
    private readonly byte[] _buffer = new byte[2048];
    private SrtpContext _sender = null!;
    private SrtpContext _receiver = null!;
    private ushort _sequence;

    [ParamsAllValues]
    public SrtpProfile Profile { get; set; }

    /// <summary>Bytes of the packet, header included.</summary>
    [Params(100, 1200)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var key = new byte[SrtpContext.MasterKeyLength(Profile)];
        var salt = new byte[SrtpContext.MasterSaltLength(Profile)];
        (_sender, _receiver) = (new(Profile, key, salt), new(Profile, key, salt));
        new RtpHeaderWriter(_buffer, payloadType: 96, marker: false, _sequence, timestamp: 90_000, ssrc: 1).Complete();
    }

    [Benchmark]
    public int Protect()
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(2), _sequence++);
        Require.That(_sender.TryProtectRtp(_buffer, Length, out var length));
        return length;
    }

    [Benchmark]
    public int ProtectAndUnprotect()
    {
        var protectedLength = Protect();
        Require.That(_receiver.TryUnprotectRtp(_buffer.AsSpan(0, protectedLength), out var length, out _));
        return length;
    }
}
