using System.Text;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Stun;
using Pendopo.Rtc.Transport;
using Xunit;

namespace Pendopo.Rtc.Tests.Ice;

/// <summary>Connectivity checks as a browser would send them.</summary>
internal static class Checks
{
    public static readonly IceCredentials Server = new("srvr", "serverserverserverserver");
    public static readonly IceCredentials Browser = new("brws", "browserbrowserbrowserbro");
    public static readonly TransportAddress Home = TransportAddress.FromIpv4(0xC0000201, 40000);
    public static readonly TransportAddress Mobile = TransportAddress.FromIpv4(0xC6336401, 50000);

    public static Instant At(double seconds) => Instant.FromMilliseconds(seconds * 1000);

    public static byte[] Request(bool nominate = false, string username = "srvr:brws", string? password = null, uint priority = 1000,
        bool controlled = false, byte transaction = 7, ushort? unknown = null)
    {
        var buffer = new byte[300];
        var writer = new StunWriter(buffer, StunClass.Request, Enumerable.Repeat(transaction, 12).ToArray());
        if (username.Length > 0) writer.AddUsername(Encoding.UTF8.GetBytes(username));
        writer.AddPriority(priority);
        if (controlled) writer.AddIceControlled(5);
        else writer.AddIceControlling(5);
        if (nominate) writer.AddUseCandidate();
        if (unknown is { } type) writer.AddAttribute(type, [1, 2, 3]);
        writer.AddMessageIntegrity(Encoding.UTF8.GetBytes(password ?? Server.Password));
        writer.AddFingerprint();
        Assert.True(writer.TryFinish(out var length));
        return buffer[..length];
    }

    public static byte[] Drain(IceAgent agent, out TransportAddress destination)
    {
        var buffer = new byte[1500];
        Assert.True(agent.TryWrite(buffer, out var datagram));
        destination = datagram.Destination;
        return buffer[..datagram.Length];
    }

    public static void AssertSilent(IceAgent agent) => Assert.False(agent.TryWrite(new byte[1500], out _));
}
