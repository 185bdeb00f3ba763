using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Srtp;

namespace Pendopo.Benchmarks;

/// <summary>
/// One RTP packet under each profile and in each tier that the machine has, as long as sound and as long as picture. No packet
/// can be unprotected twice, so that is measured together with protecting.
/// </summary>
#pragma warning disable CA1001 // Cleanup is called where Dispose would be.
public unsafe class SrtpBenchmarks
#pragma warning restore CA1001
{
    private const int HeaderLength = 12;

    private readonly byte[] _slots = GC.AllocateArray<byte>(SrtpTagBatch.Capacity * 2048, pinned: true);
    private readonly byte[] _payload = new byte[2048];
    private SrtpContext _sender = null!;
    private SrtpContext _receiver = null!;
    private SrtpSendStream _stream = null!;
    private SrtpTagBatch _tags = null!;
    private ushort _sequence;

    public static IEnumerable<string> Tiers => SrtpTiers.Supported.Select(static tier => tier.ToString());

    [ParamsAllValues]
    public SrtpProfile Profile { get; set; }

    [ParamsSource(nameof(Tiers))]
    public string Tier { get; set; } = "";

    /// <summary>Bytes of the packet, header included.</summary>
    [Params(100, 1200)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var tier = SrtpTiers.Choose(Tier);
        var key = new byte[SrtpContext.MasterKeyLength(Profile)];
        var salt = new byte[SrtpContext.MasterSaltLength(Profile)];
        (_sender, _receiver) = (new(SrtpCipher.Create(Profile, key, salt, tier)), new(SrtpCipher.Create(Profile, key, salt, tier)));
        _stream = _sender.OpenStream(1);
        _tags = new SrtpTagBatch(tier);
        for (var slot = 0; slot < SrtpTagBatch.Capacity; slot++)
        {
            new RtpHeaderWriter(_slots.AsSpan(slot * 2048, 2048), payloadType: 96, marker: false, _sequence, timestamp: 90_000, ssrc: 1).Complete();
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _sender.Dispose();
        _receiver.Dispose();
        _tags.Dispose();
    }

    /// <summary>From the shared payload into the send slot.</summary>
    [Benchmark]
    public int Protect()
    {
        var packet = NextSlot(0);
        Require.That(_sender.TryProtectRtp(_stream, packet, HeaderLength, _payload.AsSpan(0, Length - HeaderLength), out var length));
        return length;
    }

    /// <summary>As <see cref="Protect"/>, with the tags of 64 packets together; per packet.</summary>
    [Benchmark(OperationsPerInvoke = SrtpTagBatch.Capacity)]
    public int ProtectInBatch()
    {
        var length = 0;
        for (var slot = 0; slot < SrtpTagBatch.Capacity; slot++)
        {
            fixed (byte* packet = NextSlot(slot))
            {
                // The array is pinned for good, so that the packet stays where it is until the batch is complete.
                Require.That(_sender.TryProtectRtp(_stream, packet, 2048, HeaderLength, _payload.AsSpan(0, Length - HeaderLength), _tags, out length));
            }
        }

        _tags.Complete();
        return length;
    }

    [Benchmark]
    public int ProtectAndUnprotect()
    {
        var protectedLength = Protect();
        Require.That(_receiver.TryUnprotectRtp(_slots.AsSpan(0, protectedLength), out var length, out _));
        return length;
    }

    private Span<byte> NextSlot(int slot)
    {
        var packet = _slots.AsSpan(slot * 2048, 2048);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], _sequence++);
        return packet;
    }
}
