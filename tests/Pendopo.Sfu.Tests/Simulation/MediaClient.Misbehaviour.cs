using System.Buffers.Binary;
using Pendopo.Rtc.Rtcp;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>What no browser does: well protected, but far too much of it.</summary>
internal sealed partial class MediaClient
{
    private ushort _floodSequence;

    /// <summary>False: the client never tells what it receives, and never asks for anything.</summary>
    public bool SendsFeedback { get; set; } = true;

    /// <summary>One more packet of its own sound, authentic and never seen before.</summary>
    public void SendFloodRtp(int payload)
    {
        var writer = new RtpHeaderWriter(_buffer, ClientOffer.Opus, false, _floodSequence++, 1, AudioSsrc + 50);
        SendProtected(writer.Complete() + payload);
    }

    /// <summary>Asks for <paramref name="count"/> packets of a stream, ending with <paramref name="last"/>.</summary>
    public void SendNacks(uint ssrc, ushort last, int count)
    {
        var numbers = new ushort[count];
        for (var i = 0; i < count; i++) numbers[i] = (ushort)(last - count + 1 + i);
        var writer = new RtcpWriter(_buffer.AsSpan(0, 1200));
        writer.TryWriteNack(AudioSsrc, ssrc, numbers);
        SendRtcp(writer.Length);
    }

    /// <summary>A transport feedback of 40 bytes that tells of 65 535 packets, none of which arrived.</summary>
    public void SendHugeFeedback()
    {
        var bytes = _buffer.AsSpan(0, 40);
        bytes.Clear();
        (bytes[0], bytes[1]) = (0x80 | 15, 205);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], 9);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], AudioSsrc);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[14..], ushort.MaxValue);

        // Run-length chunks of 8191 packets that were not received, and the rest.
        for (var chunk = 0; chunk < 8; chunk++) BinaryPrimitives.WriteUInt16BigEndian(bytes[(20 + (2 * chunk))..], 8191);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[36..], 7);
        SendRtcp(40);
    }
}
