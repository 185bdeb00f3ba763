using System.Net;
using System.Security.Cryptography;
using System.Text;
using Pendopo.Rtc.Stun;
using Pendopo.Rtc.Transport;
using Xunit;

namespace Pendopo.Rtc.Tests.Stun;

public class StunMessageTests
{
    private const string Header = "2112a442b7e7a701bc34d686fa87dfae";
    private const string RequestHex =
        "00010058" + Header + "802200105354554e207465737420636c69656e74" + "002400046e0001ff" + "80290008932ff9b151263b36"
        + "000600096576746a3a68367659202020" + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2" + "80280004e57a3bcf";
    private const string Ipv4ResponseHex =
        "0101003c" + Header + "8022000b7465737420766563746f7220" + "002000080001a147e112a643"
        + "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7" + "80280004c07d4c96";
    private const string Ipv6ResponseHex =
        "01010048" + Header + "8022000b7465737420766563746f7220" + "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
        + "00080014a382954e4be67bf11784c97c8292c275bfe3ed41" + "80280004c8fb0b4c";
    private const string LongTermHex =
        "000100602112a44278ad3433c6ad72c029da412e" + "00060012e3839ee38388e383aae38383e382afe382b90000"
        + "0015001c662f2f3439396b39353464364f4c33346f4c39465354767936347341" + "0014000b6578616d706c652e6f726700"
        + "00080014f67024656dd64a3e02b8e0712e85c9a28ca89666";

    private static readonly byte[] Password = "VOkJxbRl1RmTxUk/WvJxBt"u8.ToArray();

    private static byte[] Request => Convert.FromHexString(RequestHex);

    /// <summary>RFC 5769 §2.1.</summary>
    [Fact]
    public void Rfc_5769_sample_request()
    {
        Assert.True(StunMessage.TryParse(Request, out var message));
        Assert.Equal(StunClass.Request, message.Class);
        Assert.True(message.IsBinding);
        Assert.Equal("evtj:h6vY", Encoding.UTF8.GetString(message.Username));
        Assert.Equal(0x6e0001ffu, message.Priority);
        Assert.Equal(0x932ff9b151263b36ul, message.IceControlled);
        Assert.Null(message.IceControlling);
        Assert.False(message.UseCandidate);
        Assert.False(message.HasUnknownAttributes);
        Assert.True(message.VerifyFingerprint());
        Assert.True(message.VerifyIntegrity(Password));
        Assert.False(message.VerifyIntegrity("VOkJxbRl1RmTxUk/WvJxBu"u8));
    }

    /// <summary>RFC 5769 §2.2 and §2.3.</summary>
    [Theory]
    [InlineData(Ipv4ResponseHex, "192.0.2.1")]
    [InlineData(Ipv6ResponseHex, "2001:db8:1234:5678:11:2233:4455:6677")]
    public void Rfc_5769_sample_responses(string hex, string address)
    {
        Assert.True(StunMessage.TryParse(Convert.FromHexString(hex), out var message));
        Assert.Equal(StunClass.Success, message.Class);
        Assert.True(message.VerifyFingerprint());
        Assert.True(message.VerifyIntegrity(Password));
        Assert.True(message.TryGetXorMappedAddress(out var mapped));
        Assert.Equal(new IPEndPoint(IPAddress.Parse(address), 32853), mapped.ToEndPoint());
    }

    /// <summary>RFC 5769 §2.4.</summary>
    [Fact]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5351", Justification = "The long-term key of RFC 8489 §9.2.2.")]
    public void Rfc_5769_long_term_request()
    {
        Assert.True(StunMessage.TryParse(Convert.FromHexString(LongTermHex), out var message));
        Assert.Equal("マトリックス", Encoding.UTF8.GetString(message.Username));
        Assert.Equal("example.org", Encoding.UTF8.GetString(message.Realm));
        Assert.Equal("f//499k954d6OL34oL9FSTvy64sA", Encoding.UTF8.GetString(message.Nonce));
        Assert.False(message.HasFingerprint);
        Assert.False(message.VerifyFingerprint());
        Assert.True(message.VerifyIntegrity(MD5.HashData(Encoding.UTF8.GetBytes("マトリックス:example.org:TheMatrIX"))));
    }

    [Fact]
    public void Any_flipped_bit_is_noticed()
    {
        for (var bit = 0; bit < Request.Length * 8; bit++)
        {
            var changed = Request;
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            var genuine = StunMessage.TryParse(changed, out var message) && message.VerifyFingerprint() && message.VerifyIntegrity(Password);
            Assert.False(genuine, $"bit {bit}");
        }
    }

    [Fact]
    public void Every_cut_is_refused()
    {
        for (var length = 0; length < Request.Length; length++) Assert.False(StunMessage.TryParse(Request.AsSpan(0, length), out _));
        Assert.False(StunMessage.TryParse([.. Request, 0, 0, 0, 0], out _));
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(5769);
        var parsed = 0;
        Span<ushort> unknown = stackalloc ushort[4];
        for (var round = 0; round < 50_000; round++)
        {
            var bytes = Request;
            for (var change = random.Next(6); change >= 0; change--) bytes[random.Next(20, bytes.Length)] = (byte)random.Next(256);
            if (!StunMessage.TryParse(bytes, out var message)) continue;
            parsed++;
            _ = message.VerifyFingerprint() | message.VerifyIntegrity(Password) | message.TryGetXorMappedAddress(out _);
            _ = (message.Priority, message.IceControlled, message.IceControlling, message.ErrorCode);
            _ = message.CopyUnknownAttributes(unknown);
        }

        Assert.InRange(parsed, 1000, 49_999);
    }

    [Fact]
    public void What_the_writer_writes_is_read_back()
    {
        var address = TransportAddress.From(IPEndPoint.Parse("[2001:db8::7]:4711"));
        var buffer = new byte[200];
        var writer = new StunWriter(buffer, StunClass.Error, Request.AsSpan(8, 12));
        writer.AddUsername("abcd:efghi"u8);
        writer.AddPriority(77);
        writer.AddUseCandidate();
        writer.AddIceControlling(ulong.MaxValue - 1);
        writer.AddXorMappedAddress(address);
        writer.AddErrorCode(StunError.RoleConflict, "Role Conflict"u8);
        writer.AddMessageIntegrity(Password);
        writer.AddFingerprint();
        Assert.True(writer.TryFinish(out var length));

        Assert.True(StunMessage.TryParse(buffer.AsSpan(0, length), out var message));
        Assert.Equal(StunClass.Error, message.Class);
        Assert.True(message.TransactionId.SequenceEqual(Request.AsSpan(8, 12)));
        Assert.Equal("abcd:efghi", Encoding.UTF8.GetString(message.Username));
        Assert.Equal(77u, message.Priority);
        Assert.True(message.UseCandidate);
        Assert.Equal(ulong.MaxValue - 1, message.IceControlling);
        Assert.True(message.TryGetXorMappedAddress(out var mapped));
        Assert.Equal(address, mapped);
        Assert.Equal(487, message.ErrorCode);
        Assert.True(message.VerifyIntegrity(Password));
        Assert.True(message.VerifyFingerprint());
    }

    [Fact]
    public void A_small_buffer_is_told_and_not_overrun()
    {
        for (var size = 0; size < 64; size++)
        {
            var buffer = new byte[80];
            buffer.AsSpan(size).Fill(0xEE);
            var writer = new StunWriter(buffer.AsSpan(0, size), StunClass.Success, Request.AsSpan(8, 12));
            writer.AddXorMappedAddress(TransportAddress.FromIpv4(1, 2));
            writer.AddMessageIntegrity(Password);
            writer.AddFingerprint();
            Assert.False(writer.TryFinish(out _));
            Assert.Equal(-1, buffer.AsSpan(size).IndexOfAnyExcept((byte)0xEE));
        }
    }

    [Fact]
    public void Attributes_behind_the_integrity_are_not_believed()
    {
        var buffer = new byte[200];
        var writer = new StunWriter(buffer, StunClass.Request, Request.AsSpan(8, 12));
        writer.AddUsername("abcd:efgh"u8);
        writer.AddMessageIntegrity(Password);
        writer.AddUseCandidate();
        writer.AddFingerprint();
        Assert.True(writer.TryFinish(out var length));
        Assert.True(StunMessage.TryParse(buffer.AsSpan(0, length), out var message));
        Assert.True(message.VerifyIntegrity(Password));
        Assert.False(message.UseCandidate);
    }
}
