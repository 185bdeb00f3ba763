using System.Net;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Sdp;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu.Negotiation;
using Pendopo.Sfu.Tests.Simulation;
using Xunit;

namespace Pendopo.Sfu.Tests.Negotiation;

public sealed class PeerNegotiationTests
{
    private static readonly byte[] Fingerprint = new byte[32];
    private static readonly HostCandidate[] Candidates = [new(IPAddress.Loopback, 8090, TransportProtocol.Udp)];

    private readonly PeerNegotiation _negotiation = new(new Random(1).NextBytes);
    private IceCredentials _ice = IceCredentials.Generate();

    private bool TryAnswer(out NegotiatedSession? session, out IceCredentials? restarted, out string? error, Func<MediaPlan, MediaPlan>? change = null, ClientOptions? options = null)
    {
        var text = new ClientOffer(options ?? new ClientOptions(), _ice, Fingerprint, 1, 2);
        Assert.True(Offer.TryParse(text.ToString(), out var offer, out var refused), refused?.ToString());
        var plan = change is null ? text.Plan : change(text.Plan);
        var request = new MediaOffer("room", "peer", text.ToString(), plan, [MediaCodec.Vp8], AllowRed: false);
        return _negotiation.TryAnswer(offer, request, DtlsRole.Server, Fingerprint, Candidates, out session, out restarted, out error);
    }

    public static TheoryData<string, Func<MediaPlan, MediaPlan>> BadPlans => new()
    {
        { "m-line “nowhere” for a microphone, which the offer does not have", plan => plan with { Microphone = "nowhere" } },
        { "“cam” planned for a microphone is not Audio", plan => plan with { Microphone = "cam", Camera = null } },
        { "“sa0” planned for a microphone has the wrong direction", plan => plan with { Microphone = "sa0" } },
        { "“mic” planned for a seat has the wrong direction", plan => plan with { Microphone = null, Seats = [("mic", "sv0")] } },
        { "“cam” twice", plan => plan with { Screen = "cam" } },
        { "“sv0” twice", plan => plan with { Seats = [("sa0", "sv0"), ("sa1", "sv0")] } },
        { "“sv0” planned for a voice is not Audio", plan => plan with { Seats = [], Voices = ["sv0"] } },
        { "50 seats; at most 49", plan => plan with { Seats = [.. Enumerable.Repeat(("", ""), 50)] } },
        { "17 voices; at most 16", plan => plan with { Voices = [.. Enumerable.Repeat("", 17)] } },
    };

    [Theory]
    [MemberData(nameof(BadPlans), DisableDiscoveryEnumeration = true)]
    public void A_plan_that_does_not_fit_is_refused_with_its_reason(string reason, Func<MediaPlan, MediaPlan> change)
    {
        Assert.False(TryAnswer(out var session, out _, out var error, change));
        Assert.Null(session);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Empty(_negotiation.Plan.Seats);
    }

    [Fact]
    public void Slots_keep_their_ssrcs_by_mid_when_seats_are_added()
    {
        Assert.True(TryAnswer(out var first, out _, out _));
        Assert.True(TryAnswer(out var second, out var restarted, out _, options: new ClientOptions { Seats = 4 }));
        Assert.Null(restarted);
        var before = first!.Media.Where(media => media.Slot.Purpose == SlotPurpose.Send).ToDictionary(media => media.Mid, media => media.Slot);
        var after = second!.Media.Where(media => media.Slot.Purpose == SlotPurpose.Send).ToDictionary(media => media.Mid, media => media.Slot);
        Assert.Equal(4, before.Count);
        Assert.Equal(8, after.Count);
        foreach (var (mid, slot) in before) Assert.Equal(slot, after[mid]);
        var ssrcs = after.Values.SelectMany(slot => new[] { slot.Ssrc, slot.RtxSsrc }).ToList();
        Assert.Equal(16, ssrcs.Distinct().Count());
        Assert.Equal(after["sa3"].StreamId, after["sv3"].StreamId);
        Assert.NotEqual(after["sa3"].StreamId, after["sv2"].StreamId);
    }

    [Fact]
    public void Changed_credentials_restart_ice_and_unchanged_ones_do_not()
    {
        Assert.True(TryAnswer(out _, out var restarted, out _));
        Assert.Null(restarted);
        var local = _negotiation.LocalIce;
        _ice = IceCredentials.Generate();
        Assert.True(TryAnswer(out var session, out restarted, out _));
        Assert.NotNull(restarted);
        Assert.NotEqual(local, restarted);
        Assert.Equal(restarted, _negotiation.LocalIce);
        Assert.Contains(restarted.UsernameFragment, session!.AnswerSdp, StringComparison.Ordinal);
        Assert.True(TryAnswer(out _, out restarted, out _));
        Assert.Null(restarted);
    }

    [Fact]
    public void A_refused_offer_changes_nothing()
    {
        Assert.True(TryAnswer(out _, out _, out _));
        var (local, plan) = (_negotiation.LocalIce, _negotiation.Plan);
        _ice = IceCredentials.Generate();
        Assert.False(TryAnswer(out _, out _, out _, bad => bad with { Camera = "nowhere" }));
        Assert.Same(local, _negotiation.LocalIce);
        Assert.Same(plan, _negotiation.Plan);
        Assert.True(TryAnswer(out _, out var restarted, out _));
        Assert.NotNull(restarted);
    }

    [Fact]
    public void Without_a_plan_it_follows_from_the_directions()
    {
        var text = new ClientOffer(new ClientOptions { Seats = 1 }, _ice, Fingerprint, 1, 2);
        Assert.True(Offer.TryParse(text.ToString(), out var offer, out _));
        var plan = PeerNegotiation.PlanFor(offer);
        Assert.Equal(("mic", "cam"), (plan.Microphone, plan.Camera));
        Assert.Equal(("sa0", "sv0"), Assert.Single(plan.Seats));
    }

    [Fact]
    public void Sound_is_repaired_only_where_the_offer_has_rtx_for_it()
    {
        Assert.True(TryAnswer(out var without, out _, out _));
        Assert.Equal(0u, new AnswerText(without!.AnswerSdp).Ssrcs["sa0"].RtxSsrc);
        Assert.True(TryAnswer(out var with, out _, out _, options: new ClientOptions { AudioRtx = true }));
        Assert.NotEqual(0u, new AnswerText(with!.AnswerSdp).Ssrcs["sa0"].RtxSsrc);
    }
}
