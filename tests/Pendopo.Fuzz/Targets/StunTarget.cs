using Pendopo.Rtc.Stun;
using Pendopo.Rtc.Transport;

namespace Pendopo.Fuzz.Targets;

/// <summary>STUN messages: structure, attributes, integrity and fingerprint.</summary>
public sealed class StunTarget : FuzzTarget
{
    private static readonly byte[] Key = "VOkJxbRl1RmTxUk/WvJxBt"u8.ToArray();

    public override string Name => "stun";

    public override IReadOnlyList<byte[]> Corpus { get; } = [Request(), Success(ipv6: false), Success(ipv6: true), Error()];

    public override IReadOnlyList<byte[]> Dictionary { get; } =
        [[0x21, 0x12, 0xA4, 0x42], [0, 6], [0, 8, 0, 20], [0, 9], [0, 0x20, 0, 8], [0, 0x24, 0, 4], [0, 0x25, 0, 0], [0x80, 0x28, 0, 4], [0x80, 0x2A, 0, 8]];

    public override bool Run(Span<byte> input)
    {
        if (!StunMessage.TryParse(input, out var message)) return false;
        _ = message.VerifyFingerprint();
        _ = message.VerifyIntegrity(Key);
        _ = message.TryGetXorMappedAddress(out _);
        Require(message.TransactionId.Length == 12, "a transaction id of another length");
        Require(message.Username.Length + message.Realm.Length + message.Nonce.Length <= 3 * input.Length, "an attribute longer than the message");
        _ = (message.Priority, message.IceControlled, message.IceControlling, message.ErrorCode, message.UseCandidate, message.IsBinding);
        Span<ushort> unknown = stackalloc ushort[8];
        Require(message.CopyUnknownAttributes(unknown) > 0 == message.HasUnknownAttributes || message.HasIntegrity, "unknown attributes are told in two ways");
        return true;
    }

    private static StunWriter Start(byte[] buffer, StunClass @class) => new(buffer, @class, "transaction!"u8);

    private static byte[] Finish(ref StunWriter writer, byte[] buffer)
    {
        writer.AddMessageIntegrity(Key);
        writer.AddFingerprint();
        return writer.TryFinish(out var length) ? buffer[..length] : throw new InvalidOperationException("the sample does not fit");
    }

    private static byte[] Request()
    {
        var buffer = new byte[256];
        var writer = Start(buffer, StunClass.Request);
        writer.AddUsername("ours:theirs"u8);
        writer.AddPriority(1845501695);
        writer.AddUseCandidate();
        writer.AddIceControlling(0x0102030405060708);
        return Finish(ref writer, buffer);
    }

    private static byte[] Success(bool ipv6)
    {
        var buffer = new byte[256];
        var writer = Start(buffer, StunClass.Success);
        writer.AddXorMappedAddress(ipv6 ? TransportAddress.Udp(UInt128.MaxValue / 3, 5000) : TransportAddress.FromIpv4(0xC0000201, 5000));
        return Finish(ref writer, buffer);
    }

    private static byte[] Error()
    {
        var buffer = new byte[256];
        var writer = Start(buffer, StunClass.Error);
        writer.AddErrorCode(420, "Unknown Attribute"u8);
        writer.AddUnknownAttributes([0x7001, 0x7002]);
        return Finish(ref writer, buffer);
    }
}
