using BenchmarkDotNet.Attributes;
using Pendopo.Rtc.Rtcp;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Benchmarks;

/// <summary>Headers and reports, without cryptography.</summary>
public class RtpBenchmarks
{
    private const byte Mid = 4;
    private const byte TransportWideCc = 3;

    private readonly byte[] _packet = new byte[1200];
    private readonly byte[] _compound = new byte[1200];
    private int _compoundLength;
    private ushort _sequence;

    [GlobalSetup]
    public void Setup()
    {
        WriteHeader();
        var writer = new RtcpWriter(_compound);
        Require.That(writer.TryWriteSenderReport(new SenderInfo(1, 2, 3, 4, 5), [new ReportBlock(2, 12, 345, 67890, 12, 3456, 789)]));
        Require.That(writer.TryWriteCname(1, "pendopo"u8));
        Require.That(writer.TryWriteNack(1, 2, [10, 12, 13, 400]));
        Require.That(writer.TryWritePictureLoss(1, 2));
        _compoundLength = writer.Length;
    }

    /// <summary>With the lookup of one extension.</summary>
    [Benchmark]
    public int ParsePacket()
    {
        Require.That(RtpPacket.TryParse(_packet, out var packet, out _));
        Require.That(packet.TryGetExtension(TransportWideCc, out var value));
        return packet.Payload.Length + value.Length;
    }

    [Benchmark]
    public int WriteHeader()
    {
        var writer = new RtpHeaderWriter(_packet, payloadType: 96, marker: true, _sequence++, timestamp: 90_000, ssrc: 1);
        Require.That(writer.TryAdd(Mid, "sv0"u8));
        Require.That(writer.TryReserve(TransportWideCc, TransportSequence.Length, out var value));
        TransportSequence.Write(value, _sequence);
        return writer.Complete();
    }

    /// <summary>Sender report with one block, CNAME, four NACKs and a picture loss.</summary>
    [Benchmark]
    public uint ParseCompoundRtcp()
    {
        var reader = new RtcpReader(_compound.AsSpan(0, _compoundLength));
        var (sum, messages) = (0u, 0);
        while (reader.MoveNext())
        {
            messages++;
            sum += reader.SenderSsrc + reader.MediaSsrc;
            for (var i = 0; i < reader.ReportCount; i++) sum += reader.Report(i).Jitter;
            foreach (var sequence in reader.Nacks) sum += sequence;
        }

        Require.That(messages == 4 && !reader.IsMalformed);
        return sum;
    }
}
