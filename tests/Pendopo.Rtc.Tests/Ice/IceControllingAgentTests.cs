using System.Text;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Stun;
using Pendopo.Rtc.Transport;
using Xunit;
using static Pendopo.Rtc.Tests.Ice.Checks;

namespace Pendopo.Rtc.Tests.Ice;

public class IceControllingAgentTests
{
    private readonly IceControllingAgent _agent = new(At(0), Browser, Server, [Home, Mobile], new Random(1));
    private readonly IceLiteAgent _server = new(Server, Browser);

    [Fact]
    public void Candidates_are_checked_in_order_and_again_until_one_answers()
    {
        _agent.Advance(At(0));
        Assert.True(StunMessage.TryParse(Drain(_agent, out var first), out var check));
        Assert.Equal(Home, first);
        Assert.True(check.UseCandidate);
        Assert.NotNull(check.IceControlling);
        Assert.True(check.VerifyIntegrity(Encoding.UTF8.GetBytes(Server.Password)));
        Assert.Equal(At(0.05), _agent.Deadline.At);

        _agent.Advance(At(0.05));
        Drain(_agent, out var second);
        Assert.Equal(Mobile, second);
        _agent.Advance(At(0.2));
        var repeated = Drain(_agent, out first);
        Assert.Equal(Home, first);

        Assert.Equal(DropReason.None, _agent.Receive(At(0.25), Home, Answer(repeated)));
        Assert.Equal(IceState.Connected, _agent.State);
        Assert.Equal(Home, _agent.SelectedPath);
        Assert.True(_agent.IsValidated(Home));
        Assert.False(_agent.IsValidated(Mobile));
    }

    [Fact]
    public void Consent_is_asked_every_four_to_six_seconds_on_the_selected_path()
    {
        Connect();
        var due = _agent.Deadline.At;
        Assert.InRange(due.Milliseconds, 4000, 6000);
        _agent.Advance(due);
        Drain(_agent, out var destination);
        Assert.Equal(Home, destination);
        AssertSilent(_agent);
    }

    [Fact]
    public void Answers_that_nobody_asked_for_are_dropped()
    {
        _agent.Advance(At(0));
        var answer = Answer(Drain(_agent, out _));
        Assert.Equal(DropReason.StunUsername, _agent.Receive(At(0.1), Mobile, answer));
        var stale = answer.ToArray();
        stale[10] ^= 1;
        Assert.Equal(DropReason.StunFingerprint, _agent.Receive(At(0.1), Home, stale));
        Assert.Equal(DropReason.StunRole, _agent.Receive(At(0.1), Home, Request()));
        Assert.Equal(IceState.Checking, _agent.State);
        Assert.Equal(DropReason.None, _agent.Receive(At(0.1), Home, answer));
        Assert.Equal(DropReason.StunUsername, _agent.Receive(At(0.2), Home, answer));
    }

    [Fact]
    public void A_silent_path_starts_the_search_again_with_all_candidates()
    {
        Connect();
        _agent.Advance(At(15));
        Assert.Equal(IceState.Disconnected, _agent.State);
        while (_agent.TryWrite(new byte[1500], out _))
        {
        }

        _agent.Advance(At(15.2));
        var destinations = new List<TransportAddress>();
        var buffer = new byte[1500];
        while (_agent.TryWrite(buffer, out var datagram)) destinations.Add(datagram.Destination);
        Assert.Contains(Mobile, destinations);
    }

    private void Connect()
    {
        _agent.Advance(At(0));
        Assert.Equal(DropReason.None, _agent.Receive(At(0), Home, Answer(Drain(_agent, out _))));
    }

    private byte[] Answer(byte[] check)
    {
        Assert.Equal(DropReason.None, _server.Receive(At(0), TransportAddress.FromIpv4(9, 9), check));
        return Drain(_server, out _);
    }
}
