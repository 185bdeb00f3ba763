using System.Buffers.Binary;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>Turns packets of Opus into RED with one older block (RFC 2198 §3).</summary>
internal sealed class RedEncoder
{
    private const uint FrameTicks = 960;

    private byte[] _last = [];

    public void Clear() => _last = [];

    public byte[] Encode(ReadOnlySpan<byte> packet)
    {
        Assert(RtpPacket.TryParse(packet, out var rtp, out _));
        var payload = rtp.Payload;
        var older = _last.Length > 0;
        var result = new byte[rtp.HeaderLength + (older ? 4 : 0) + 1 + _last.Length + payload.Length];
        packet[..rtp.HeaderLength].CopyTo(result);
        result[1] = (byte)((rtp.Marker ? 0x80 : 0) | ClientOffer.Red);
        var at = rtp.HeaderLength;
        if (older)
        {
            BinaryPrimitives.WriteUInt32BigEndian(result.AsSpan(at), 0x8000_0000u | ((uint)ClientOffer.Opus << 24) | (FrameTicks << 10) | (uint)_last.Length);
            at += 4;
        }

        result[at++] = ClientOffer.Opus;
        _last.CopyTo(result, at);
        payload.CopyTo(result.AsSpan(at + _last.Length));
        _last = payload.ToArray();
        return result;
    }

    private static void Assert(bool isPacket) => Xunit.Assert.True(isPacket);
}
