using System.Buffers.Binary;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Srtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Srtp;

/// <summary>A sender and a receiver under one random but seeded master key.</summary>
internal sealed class SrtpPair : IDisposable
{
    public const uint Ssrc = 0x1234_5678;

    public SrtpPair(SrtpProfile profile, string? tier = null, int seed = 7)
    {
        var random = new Random(seed);
        Key = new byte[SrtpContext.MasterKeyLength(profile)];
        Salt = new byte[SrtpContext.MasterSaltLength(profile)];
        random.NextBytes(Key);
        random.NextBytes(Salt);
        Sender = new SrtpContext(SrtpCipher.Create(profile, Key, Salt, SrtpTiers.Choose(tier)));
        Receiver = new SrtpContext(SrtpCipher.Create(profile, Key, Salt, SrtpTiers.Choose(tier)));
    }

    /// <summary>Each profile in each tier that this machine has; the slow one always.</summary>
    public static TheoryData<SrtpProfile, string> Profiles
    {
        get
        {
            var data = new TheoryData<SrtpProfile, string>();
            foreach (var profile in Enum.GetValues<SrtpProfile>())
            {
                foreach (var tier in SrtpTiers.Supported) data.Add(profile, tier.ToString());
            }

            return data;
        }
    }

    public byte[] Key { get; }

    public byte[] Salt { get; }

    public SrtpContext Sender { get; }

    public SrtpContext Receiver { get; }

    /// <summary>A protected packet whose payload names its sequence number.</summary>
    public byte[] Seal(ushort sequenceNumber, uint ssrc = Ssrc)
    {
        var plain = Plain(sequenceNumber, ssrc);
        var buffer = new byte[plain.Length + Sender.RtpOverhead];
        plain.CopyTo(buffer, 0);
        Assert.True(Sender.TryProtectRtp(buffer, plain.Length, out var length), $"sequence number {sequenceNumber} was refused");
        Assert.Equal(buffer.Length, length);
        return buffer;
    }

    public byte[] SealRtcp(uint ssrc = Ssrc)
    {
        var plain = PlainRtcp(ssrc);
        var buffer = new byte[plain.Length + Sender.RtcpOverhead];
        plain.CopyTo(buffer, 0);
        Assert.True(Sender.TryProtectRtcp(buffer, plain.Length, out var length));
        Assert.Equal(buffer.Length, length);
        return buffer;
    }

    /// <summary>Opens a copy, and checks that the plain text is the one that <see cref="Seal"/> closed.</summary>
    public DropReason Open(byte[] packet)
    {
        var copy = packet.ToArray();
        if (!Receiver.TryUnprotectRtp(copy, out var length, out var reason)) return reason;
        Assert.Equal(DropReason.None, reason);
        var sequenceNumber = BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2));
        Assert.Equal(Plain(sequenceNumber, BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(8))), copy.AsSpan(0, length).ToArray());
        return DropReason.None;
    }

    public DropReason OpenRtcp(byte[] packet)
    {
        var copy = packet.ToArray();
        if (!Receiver.TryUnprotectRtcp(copy, out var length, out var reason)) return reason;
        Assert.Equal(PlainRtcp(BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(4))), copy.AsSpan(0, length).ToArray());
        return DropReason.None;
    }

    public void Dispose()
    {
        Sender.Dispose();
        Receiver.Dispose();
    }

    public static byte[] Plain(ushort sequenceNumber, uint ssrc = Ssrc)
    {
        var buffer = new byte[64];
        var writer = new RtpHeaderWriter(buffer, 96, marker: true, sequenceNumber, 90_000, ssrc);
        writer.TryAdd(3, [1, 2, 3]);
        var header = writer.Complete();
        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(header), sequenceNumber);
        return buffer;
    }

    private static byte[] PlainRtcp(uint ssrc)
    {
        byte[] report = [0x80, 201, 0, 1, 0, 0, 0, 0, 0x81, 206, 0, 2, 9, 9, 9, 9, 8, 8, 8, 8];
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(4), ssrc);
        return report;
    }
}
