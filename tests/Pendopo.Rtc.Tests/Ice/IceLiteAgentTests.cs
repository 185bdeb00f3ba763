using System.Text;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Stun;
using Pendopo.Rtc.Transport;
using Xunit;
using static Pendopo.Rtc.Tests.Ice.Checks;

namespace Pendopo.Rtc.Tests.Ice;

public class IceLiteAgentTests
{
    private readonly IceLiteAgent _agent = new(Server, Browser);

    private DropReason Check(double seconds, TransportAddress from, bool nominate = false, uint priority = 1000) =>
        _agent.Receive(At(seconds), from, Request(nominate, priority: priority));

    [Fact]
    public void A_valid_check_is_answered_with_the_address_it_came_from()
    {
        Assert.Equal(DropReason.None, Check(0, Home));
        var answer = Drain(_agent, out var destination);
        Assert.Equal(Home, destination);
        Assert.True(StunMessage.TryParse(answer, out var message));
        Assert.Equal(StunClass.Success, message.Class);
        Assert.True(message.TransactionId.SequenceEqual(Request().AsSpan(8, 12)));
        Assert.True(message.TryGetXorMappedAddress(out var mapped));
        Assert.Equal(Home, mapped);
        Assert.True(message.VerifyIntegrity(Encoding.UTF8.GetBytes(Server.Password)));
        Assert.True(message.VerifyFingerprint());
        Assert.Equal(IceState.Connected, _agent.State);
        Assert.True(_agent.IsValidated(Home));
        Assert.False(_agent.IsNominated);
    }

    [Fact]
    public void Checks_that_are_not_genuine_are_dropped_and_not_answered()
    {
        var brokenFingerprint = Request();
        brokenFingerprint[^1] ^= 1;
        Assert.Equal(DropReason.StunFingerprint, _agent.Receive(At(0), Home, brokenFingerprint));
        Assert.Equal(DropReason.StunIntegrity, _agent.Receive(At(0), Home, Request(password: "wrongwrongwrongwrongwr")));
        Assert.Equal(DropReason.StunUsername, _agent.Receive(At(0), Home, Request(username: "srvr:else")));
        Assert.Equal(DropReason.StunUsername, _agent.Receive(At(0), Home, Request(username: "brws:srvr")));
        Assert.Equal(DropReason.StunUsername, _agent.Receive(At(0), Home, Request(username: "")));
        Assert.Equal(DropReason.StunMalformed, _agent.Receive(At(0), Home, Request().AsSpan(0, 40)));
        AssertSilent(_agent);
        Assert.Equal(IceState.Checking, _agent.State);
        Assert.False(_agent.IsValidated(Home));
    }

    [Fact]
    public void A_peer_that_thinks_it_is_controlled_gets_487()
    {
        Assert.Equal(DropReason.StunRole, _agent.Receive(At(0), Home, Request(nominate: true, controlled: true)));
        Assert.True(StunMessage.TryParse(Drain(_agent, out _), out var message));
        Assert.Equal(StunClass.Error, message.Class);
        Assert.Equal(487, message.ErrorCode);
        Assert.True(message.VerifyIntegrity(Encoding.UTF8.GetBytes(Server.Password)));
        Assert.Equal(IceState.Checking, _agent.State);
    }

    [Fact]
    public void An_attribute_that_must_be_understood_and_is_not_gets_420()
    {
        Assert.Equal(DropReason.StunMalformed, _agent.Receive(At(0), Home, Request(unknown: 0x7123)));
        Assert.True(StunMessage.TryParse(Drain(_agent, out _), out var message));
        Assert.Equal(420, message.ErrorCode);
        Assert.Equal(IceState.Checking, _agent.State);
        Assert.Equal(DropReason.None, _agent.Receive(At(0), Home, Request(unknown: 0xC057)));
    }

    [Fact]
    public void Regular_nomination_moves_the_provisional_path()
    {
        Check(0, Mobile);
        Check(0.05, Home);
        Assert.Equal(Mobile, _agent.SelectedPath);
        Check(0.1, Home, nominate: true);
        Assert.Equal(Home, _agent.SelectedPath);
        Assert.True(_agent.IsNominated);
        Assert.Equal(2, _agent.PathCount);

        // Later checks without USE-CANDIDATE keep consent and move nothing.
        Check(1, Mobile);
        Assert.Equal(Home, _agent.SelectedPath);
    }

    [Fact]
    public void Aggressive_nomination_of_all_pairs_takes_the_best_and_does_not_flap()
    {
        Check(0, Mobile, nominate: true, priority: 10);
        Check(0.01, Home, nominate: true, priority: 20);
        for (var i = 1; i < 20; i++)
        {
            Check(i * 0.1, Mobile, nominate: true, priority: 10);
            Assert.Equal(Home, _agent.SelectedPath);
            Check((i * 0.1) + 0.01, Home, nominate: true, priority: 20);
            Assert.Equal(Home, _agent.SelectedPath);
        }
    }

    [Fact]
    public void A_network_change_to_a_worse_path_follows_the_nomination()
    {
        Check(0, Home, nominate: true, priority: 20);
        Check(2.5, Mobile, nominate: true, priority: 10);
        Assert.Equal(Mobile, _agent.SelectedPath);
    }

    [Fact]
    public void Nat_rebinding_follows_the_next_nominating_check_only()
    {
        Check(0, Home, nominate: true);
        var rebound = Home with { Port = 40001 };
        Check(1, rebound);
        Assert.Equal(Home, _agent.SelectedPath);
        Check(1.1, rebound, nominate: true);
        Assert.Equal(rebound, _agent.SelectedPath);
    }

    [Fact]
    public void A_path_on_which_nothing_genuine_comes_any_more_gives_way_to_a_check_from_elsewhere()
    {
        Check(0, Home, nominate: true);
        _agent.OnHeard(At(2), Home);
        _agent.OnHeard(At(4.5), Mobile);
        Check(4.9, Mobile);
        Assert.Equal(Home, _agent.SelectedPath);
        Check(5.1, Mobile);
        Assert.Equal(Mobile, _agent.SelectedPath);
        Assert.Equal(IceState.Connected, _agent.State);
    }

    [Fact]
    public void Paths_are_bounded_and_the_selected_one_stays()
    {
        Check(0, Home, nominate: true);
        for (ushort i = 1; i <= 100; i++)
        {
            Assert.Equal(DropReason.None, Check(i * 0.01, Mobile with { Port = i }));
            while (_agent.TryWrite(new byte[1500], out _))
            {
            }
        }

        Assert.Equal(8, _agent.PathCount);
        Assert.True(_agent.IsValidated(Home));
        Assert.True(_agent.IsValidated(Mobile with { Port = 100 }));
        Assert.False(_agent.IsValidated(Mobile with { Port = 1 }));
    }

    [Fact]
    public void Consent_expires_after_30_seconds_and_comes_back_with_a_check()
    {
        Check(0, Home, nominate: true);
        Assert.Equal(new Deadline(At(15), DeadlineReason.ConsentCheck), _agent.Deadline);
        _agent.Advance(At(14.9));
        Assert.Equal(IceState.Connected, _agent.State);
        _agent.Advance(At(15));
        Assert.Equal(IceState.Disconnected, _agent.State);
        Assert.True(_agent.MaySend);
        Assert.Equal(new Deadline(At(30), DeadlineReason.ConsentExpiry), _agent.Deadline);
        _agent.Advance(At(30));
        Assert.Equal(IceState.ConsentExpired, _agent.State);
        Assert.False(_agent.MaySend);
        Assert.Equal(Deadline.None, _agent.Deadline);

        Check(40, Home);
        Assert.Equal(IceState.Connected, _agent.State);
        Assert.Equal(At(55), _agent.Deadline.At);
    }

    [Fact]
    public void Checks_on_another_path_are_no_consent_for_the_selected_one()
    {
        Check(0, Home, nominate: true);
        for (var second = 1; second < 15; second++)
        {
            _agent.OnHeard(At(second), Home);
            Check(second, Mobile);
        }

        _agent.Advance(At(15));
        Assert.Equal(Home, _agent.SelectedPath);
        Assert.Equal(IceState.Disconnected, _agent.State);
    }

    [Fact]
    public void A_restart_keeps_the_old_path_until_the_new_credentials_nominate()
    {
        Check(0, Home, nominate: true);
        var server = new IceCredentials("srv2", "secondsecondsecondsecond");
        var browser = new IceCredentials("brw2", "secondsecondsecondsecon2");
        _agent.Restart(At(1), server, browser);
        Assert.Equal(Home, _agent.SelectedPath);
        Assert.True(_agent.MaySend);
        Assert.Equal(DropReason.None, Check(2, Home));

        byte[] Fresh(bool nominate) => Request(nominate, "srv2:brw2", server.Password);
        Assert.Equal(DropReason.None, _agent.Receive(At(2.1), Mobile, Fresh(false)));
        Assert.Equal(Home, _agent.SelectedPath);
        Assert.Equal(DropReason.None, Check(2.2, Home));
        Assert.Equal(DropReason.None, _agent.Receive(At(2.3), Mobile, Fresh(true)));
        Assert.Equal(Mobile, _agent.SelectedPath);
        Assert.Equal(DropReason.StunUsername, Check(2.4, Home));
    }

    [Fact]
    public void Old_credentials_end_3_seconds_after_a_restart()
    {
        Check(0, Home, nominate: true);
        _agent.Restart(At(1), new("srv2", "secondsecondsecondsecond"), new("brw2", "secondsecondsecondsecon2"));
        Assert.Equal(new Deadline(At(4), DeadlineReason.IceRestartOverlap), _agent.Deadline);
        Assert.Equal(DropReason.None, Check(3.9, Home));
        Assert.Equal(DropReason.StunUsername, Check(4, Home));
        _agent.Advance(At(4));
        Assert.Equal(DeadlineReason.ConsentCheck, _agent.Deadline.Reason);
        _agent.Advance(At(18.9));
        Assert.Equal(IceState.Disconnected, _agent.State);
    }

    [Fact]
    public void A_closed_tcp_path_ends_at_once()
    {
        var tcp = Home with { Protocol = TransportProtocol.Tcp, Connection = 3 };
        Check(0, tcp, nominate: true);
        _agent.RemovePath(At(1), tcp);
        Assert.Equal(IceState.ConsentExpired, _agent.State);
        Assert.False(_agent.IsValidated(tcp));
        Check(2, Home, nominate: true);
        Assert.Equal(Home, _agent.SelectedPath);
        Assert.Equal(IceState.Connected, _agent.State);
    }

    [Fact]
    public void A_full_outbox_drops_and_forgets_nothing_it_holds()
    {
        for (var i = 0; i < 16; i++) Assert.Equal(DropReason.None, Check(0, Home));
        Assert.Equal(DropReason.BufferFull, Check(0, Home));
        for (var i = 0; i < 16; i++) Drain(_agent, out _);
        AssertSilent(_agent);
    }

    [Fact]
    public void Answering_allocates_nothing()
    {
        var request = Request(nominate: true);
        var buffer = new byte[1500];
        int AnswerHundred()
        {
            var answered = 0;
            for (var i = 0; i < 100; i++)
            {
                if (_agent.Receive(At(i), Home, request) == DropReason.None && _agent.TryWrite(buffer, out _)) answered++;
            }

            return answered;
        }

        Assert.Equal(100, AnswerHundred());
        var before = GC.GetAllocatedBytesForCurrentThread();
        var again = AnswerHundred();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(100, again);
    }
}
