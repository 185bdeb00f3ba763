using System.Buffers.Binary;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Srtp;

namespace Pendopo.Fuzz.Targets;

/// <summary>
/// Every tier of SRTP against the platform's: the same bytes, the same verdict, and nothing written beside. The first byte
/// chooses profile and operation, the next how much room is behind the packet, six more are the index.
/// </summary>
public sealed class SrtpTiersTarget : FuzzTarget, IDisposable
{
    private const int Head = 8;
    private const int Overhead = 32;
    private const int LongestPacket = 4096;
    private const byte Guard = 0x3C;

    private static readonly SrtpProfile[] Profiles = Enum.GetValues<SrtpProfile>();

    private readonly SrtpCipher[][] _ciphers = [.. Profiles.Select(static profile => SrtpTiers.Supported.Select(tier => Cipher(profile, tier)).ToArray())];
    private readonly SrtpTagBatch[] _batches = [.. SrtpTiers.Supported.Select(static tier => new SrtpTagBatch(tier))];
    private readonly byte[] _slots = GC.AllocateArray<byte>(SrtpTagBatch.Capacity * (LongestPacket + 512), pinned: true);

    private enum Operation
    {
        ProtectRtp,
        UnprotectRtp,
        ProtectRtcp,
        UnprotectRtcp,
    }

    public override string Name => "srtp-tiers";

    public override IReadOnlyList<byte[]> Corpus { get; } = Samples();

    public override IReadOnlyList<byte[]> Dictionary => RtpSamples.Tokens;

    public override bool Run(Span<byte> input)
    {
        if (input.Length < Head || input.Length > LongestPacket) return false;
        var ciphers = _ciphers[input[0] % Profiles.Length];
        var operation = (Operation)(input[0] / Profiles.Length % 4);
        int room = input[1];
        var index = (ulong)BinaryPrimitives.ReadUInt16BigEndian(input[2..]) << 32 | BinaryPrimitives.ReadUInt32BigEndian(input[4..]);
        var packet = input[Head..];
        return operation switch
        {
            Operation.ProtectRtp => ProtectRtp(ciphers, packet, room, index),
            Operation.UnprotectRtp => UnprotectRtp(ciphers, packet, index),
            Operation.ProtectRtcp => ProtectRtcp(ciphers, packet, (uint)index & 0x7FFF_FFFF),
            _ => UnprotectRtcp(ciphers, packet, (uint)index & 0x7FFF_FFFF),
        };
    }

    public void Dispose()
    {
        foreach (var cipher in _ciphers.SelectMany(static tiers => tiers)) cipher.Dispose();
        foreach (var batch in _batches) batch.Dispose();
    }

    private bool ProtectRtp(SrtpCipher[] ciphers, ReadOnlySpan<byte> packet, int room, ulong index)
    {
        if (!RtpPacket.TryGetHeaderLength(packet, out var headerLength, out _)) return false;
        var protectedLength = packet.Length + ciphers[0].TagLength;
        byte[]? expected = null;
        for (var tier = 0; tier < ciphers.Length; tier++)
        {
            var buffer = new byte[protectedLength + room + 1];
            buffer[^1] = Guard;
            packet[..headerLength].CopyTo(buffer);
            ciphers[tier].ProtectRtp(buffer.AsSpan(0, protectedLength + room), headerLength, packet[headerLength..], ssrc: 7, index);
            Require(buffer[^1] == Guard, "a byte behind the room was written");
            expected ??= buffer[..protectedLength];
            Require(buffer.AsSpan(0, protectedLength).SequenceEqual(expected), $"{SrtpTiers.Supported[tier]} protects otherwise");
            InBatch(ciphers[tier], _batches[tier], packet, headerLength, room, index, expected);
            Require(ciphers[^(tier + 1)].UnprotectRtp(buffer.AsSpan(0, protectedLength), headerLength, ssrc: 7, index), "a genuine packet is refused");
            Require(buffer.AsSpan(0, packet.Length).SequenceEqual(packet), "a packet that does not come back");
        }

        return true;
    }

    /// <summary>The packet and shorter ones of it, so that the lanes are at different places.</summary>
    private unsafe void InBatch(SrtpCipher cipher, SrtpTagBatch batch, ReadOnlySpan<byte> packet, int headerLength, int room, ulong index, byte[] expected)
    {
        var slotLength = _slots.Length / SrtpTagBatch.Capacity;
        var count = 1 + (int)(index % 20);
        fixed (byte* slots = _slots)
        {
            for (var i = 0; i < count; i++)
            {
                var slot = slots + i * slotLength;
                var payload = packet[headerLength..][..^Math.Min(i * 37, packet.Length - headerLength)];
                packet[..headerLength].CopyTo(new Span<byte>(slot, slotLength));
                cipher.ProtectRtp(slot, headerLength + payload.Length + cipher.TagLength + room, headerLength, payload, ssrc: 7, index, batch);
            }

            batch.Complete();
            Require(new ReadOnlySpan<byte>(slots, expected.Length).SequenceEqual(expected), "a batch protects otherwise");
            for (var i = 0; i < count; i++)
            {
                var length = packet.Length - Math.Min(i * 37, packet.Length - headerLength) + cipher.TagLength;
                Require(cipher.UnprotectRtp(new Span<byte>(slots + i * slotLength, length), headerLength, ssrc: 7, index), "a packet of a batch is refused");
            }
        }
    }

    private static bool UnprotectRtp(SrtpCipher[] ciphers, ReadOnlySpan<byte> packet, ulong index)
    {
        if (packet.Length < ciphers[0].TagLength || !RtpPacket.TryGetHeaderLength(packet[..^ciphers[0].TagLength], out var headerLength, out _)) return false;
        var expected = packet.ToArray();
        var isGenuine = ciphers[0].UnprotectRtp(expected, headerLength, ssrc: 7, index);
        for (var tier = 1; tier < ciphers.Length; tier++)
        {
            var copy = packet.ToArray();
            Require(ciphers[tier].UnprotectRtp(copy, headerLength, ssrc: 7, index) == isGenuine, $"{SrtpTiers.Supported[tier]} judges otherwise");
            Require(copy.AsSpan(0, headerLength).SequenceEqual(packet[..headerLength]), "the header was changed");
            Require(!isGenuine || copy.AsSpan(0, copy.Length - ciphers[0].TagLength).SequenceEqual(expected.AsSpan(0, copy.Length - ciphers[0].TagLength)), "another plaintext");
        }

        return isGenuine;
    }

    private static bool ProtectRtcp(SrtpCipher[] ciphers, ReadOnlySpan<byte> packet, uint index)
    {
        if (packet.Length < SrtpCipher.RtcpClearLength) return false;
        byte[]? expected = null;
        for (var tier = 0; tier < ciphers.Length; tier++)
        {
            var buffer = new byte[packet.Length + ciphers[tier].TagLength + SrtpCipher.RtcpIndexLength];
            packet.CopyTo(buffer);
            ciphers[tier].ProtectRtcp(buffer, packet.Length, ssrc: 7, index);
            expected ??= [.. buffer];
            Require(buffer.AsSpan().SequenceEqual(expected), $"{SrtpTiers.Supported[tier]} protects otherwise");
            Require(ciphers[^(tier + 1)].UnprotectRtcp(buffer, ssrc: 7, index), "a genuine packet is refused");
            Require(buffer.AsSpan(0, packet.Length).SequenceEqual(packet), "a packet that does not come back");
        }

        return true;
    }

    private static bool UnprotectRtcp(SrtpCipher[] ciphers, ReadOnlySpan<byte> packet, uint index)
    {
        var overhead = ciphers[0].TagLength + SrtpCipher.RtcpIndexLength;
        if (packet.Length < SrtpCipher.RtcpClearLength + overhead) return false;
        var expected = packet.ToArray();
        var isGenuine = ciphers[0].UnprotectRtcp(expected, ssrc: 7, index);
        for (var tier = 1; tier < ciphers.Length; tier++)
        {
            var copy = packet.ToArray();
            Require(ciphers[tier].UnprotectRtcp(copy, ssrc: 7, index) == isGenuine, $"{SrtpTiers.Supported[tier]} judges otherwise");
            Require(!isGenuine || copy.AsSpan(0, copy.Length - overhead).SequenceEqual(expected.AsSpan(0, copy.Length - overhead)), "another plaintext");
        }

        return isGenuine;
    }

    private static SrtpCipher Cipher(SrtpProfile profile, SrtpTier tier)
    {
        var key = Enumerable.Range(1, SrtpContext.MasterKeyLength(profile)).Select(static value => (byte)value).ToArray();
        return SrtpCipher.Create(profile, key, new byte[SrtpContext.MasterSaltLength(profile)], tier);
    }

    private static List<byte[]> Samples()
    {
        var samples = new List<byte[]>();
        byte[] report = [0x80, 201, 0, 1, 0, 0, 0, 1];
        List<byte[]> plain = [.. RtpSamples.All, [.. RtpSamples.All[0], .. new byte[300]], [.. RtpSamples.All[0], .. new byte[1100]]];
        for (var profile = 0; profile < Profiles.Length; profile++)
        {
            using var cipher = Cipher(Profiles[profile], SrtpTier.Platform);
            for (var i = 0; i < plain.Count; i++)
            {
                var index = (ulong)(i * 65_535);
                samples.Add([.. HeadOf(profile, Operation.ProtectRtp, (byte)(i * 40), index), .. plain[i]]);
                if (!RtpPacket.TryGetHeaderLength(plain[i], out var headerLength, out _)) throw new InvalidOperationException("the sample is no packet");
                var buffer = new byte[plain[i].Length + Overhead];
                plain[i].CopyTo(buffer, 0);
                cipher.ProtectRtp(buffer, headerLength, plain[i].AsSpan(headerLength), ssrc: 7, index);
                samples.Add([.. HeadOf(profile, Operation.UnprotectRtp, 0, index), .. buffer[..(plain[i].Length + cipher.TagLength)]]);
            }

            var compound = new byte[report.Length + cipher.TagLength + SrtpCipher.RtcpIndexLength];
            report.CopyTo(compound, 0);
            cipher.ProtectRtcp(compound, report.Length, ssrc: 7, 5);
            samples.Add([.. HeadOf(profile, Operation.ProtectRtcp, 0, 5), .. report]);
            samples.Add([.. HeadOf(profile, Operation.UnprotectRtcp, 0, 5), .. compound]);
        }

        return samples;
    }

    private static byte[] HeadOf(int profile, Operation operation, byte room, ulong index)
    {
        var head = new byte[Head];
        BinaryPrimitives.WriteUInt64BigEndian(head, index);
        head[0] = (byte)(profile + Profiles.Length * (int)operation);
        head[1] = room;
        return head;
    }
}
