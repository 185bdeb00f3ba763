using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Sdp;
using Xunit;

namespace Pendopo.Rtc.Tests.Sdp;

public class AnswerTests
{
    public static TheoryData<string> MediaOffers => new(SampleOffers.Names.Where(name => !name.EndsWith("-data", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(MediaOffers))]
    public void Every_m_line_is_answered_in_order_with_what_was_offered(string name)
    {
        var sdp = SampleOffers.Read(name);
        var offer = SampleOffers.Parse(sdp);
        var session = SampleOffers.Answer(offer, SampleOffers.OptionsFor(offer));

        var offered = sdp.Split("\r\nm=").Skip(1).ToArray();
        var answered = session.AnswerSdp.Split("\r\nm=").Skip(1).ToArray();
        Assert.Equal(offered.Select(section => section.Split(' ')[0]), answered.Select(section => section.Split(' ')[0]));
        Assert.Equal(offered.Select(Mid), answered.Select(Mid));
        foreach (var (ours, theirs) in answered.Zip(offered))
        {
            Assert.Empty(PayloadTypes(ours).Except(PayloadTypes(theirs)));
            var offeredLines = theirs.Split("\r\n").ToHashSet();
            Assert.All(Lines(ours, "a=rtpmap:"), line => Assert.Contains(line, offeredLines));
            Assert.All(Lines(ours, "a=rtcp-fb:"), line => Assert.Contains(line, offeredLines));
            Assert.All(Lines(ours, "a=extmap:"), line => Assert.Contains(line.Replace("/recvonly", "/sendonly", StringComparison.Ordinal), Turned(theirs)));
        }

        Assert.EndsWith("\r\n", session.AnswerSdp, StringComparison.Ordinal);
        Assert.DoesNotContain("\n\r\n", session.AnswerSdp, StringComparison.Ordinal);

        static string Mid(string section) => section.Split("a=mid:")[1].Split("\r\n")[0];
        static IEnumerable<string> PayloadTypes(string section) => section.Split("\r\n")[0].Split(' ').Skip(3);
        static IEnumerable<string> Lines(string section, string start) => section.Split("\r\n").Where(line => line.StartsWith(start, StringComparison.Ordinal));
        // sendonly of the offer is recvonly in the answer and the other way round; both are folded into sendonly here.
        static IEnumerable<string> Turned(string section) => section.Split("\r\n").Select(line => line.Replace("/recvonly", "/sendonly", StringComparison.Ordinal));
    }

    [Fact]
    public void The_session_part_is_that_of_an_ice_lite_bundle()
    {
        var session = Meeting("chromium-meeting", out _);
        var head = session.AnswerSdp.Split("\r\nm=")[0].Split("\r\n");

        Assert.Equal(
            ["v=0", "o=- 77 3 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=group:BUNDLE 0 1 2 3 4 5 6 7 8 9", "a=ice-lite", "a=ice-options:ice2", "a=extmap-allow-mixed", "a=msid-semantic: WMS *"],
            head);
    }

    [Fact]
    public void Candidates_stand_once_in_the_first_m_line_with_priorities_of_their_kind()
    {
        var sdp = Meeting("firefox-meeting", out _).AnswerSdp;
        var first = SampleOffers.Section(sdp, "0");

        Assert.StartsWith("audio 5000 UDP/TLS/RTP/SAVPF 109", first[0], StringComparison.Ordinal);
        Assert.Equal("c=IN IP4 192.0.2.10", first[1]);
        Assert.Equal(
            [
                "a=candidate:1 1 udp 2130706431 192.0.2.10 5000 typ host",
                "a=candidate:2 1 udp 2130706175 2001:db8::10 5000 typ host",
                "a=candidate:3 1 tcp 1520434687 192.0.2.10 443 typ host tcptype passive",
            ],
            first.Where(line => line.StartsWith("a=candidate", StringComparison.Ordinal)));
        Assert.Contains("a=end-of-candidates", first);
        Assert.Equal(3, sdp.Split("a=candidate:").Length - 1);
    }

    [Fact]
    public void What_the_peer_sends_is_received_by_simulcast()
    {
        var session = Meeting("chromium-meeting", out _);
        var camera = session.Media.Single(media => media.Mid == "1");
        var lines = SampleOffers.Section(session.AnswerSdp, "1");

        Assert.Equal(["q", "h", "f"], camera.Rids);
        Assert.Equal([MediaCodec.Vp8, MediaCodec.Vp9, MediaCodec.Av1, MediaCodec.H264], camera.Codecs.Select(codec => codec.Codec));
        Assert.Equal((96, (byte?)97, 90000), (camera.Codecs[0].PayloadType, camera.Codecs[0].RtxPayloadType, camera.Codecs[0].ClockRate));
        AssertHas(lines, ["a=recvonly", "a=rid:q recv", "a=rid:h recv", "a=rid:f recv", "a=simulcast:recv q;h;f", "a=rtcp-mux", "a=rtcp-rsize", "a=setup:passive"]);
        Assert.Equal(10, camera.Extensions.Id(RtpExtensionKind.Rid));
        Assert.Equal(11, camera.Extensions.Id(RtpExtensionKind.RepairedRid));
        Assert.Equal(RtpExtensionKind.VideoLayersAllocation, camera.Extensions.Kind(9));
        Assert.Empty(camera.RemoteSsrcs);
    }

    [Fact]
    public void Seats_are_sent_with_their_SSRCs_streams_and_no_rid_extension()
    {
        var session = Meeting("chromium-meeting", out _);
        var seat = session.Media.Single(media => media.Mid == "3");
        var lines = SampleOffers.Section(session.AnswerSdp, "3");

        AssertHas(lines, ["a=sendonly", "a=msid:seat-1 track-3", "a=ssrc-group:FID 1003 2003", "a=ssrc:1003 cname:pendopo", "a=ssrc:2003 cname:pendopo"]);
        Assert.Equal(0, seat.Extensions.Id(RtpExtensionKind.Rid));
        Assert.Equal(0, seat.Extensions.Id(RtpExtensionKind.VideoLayersAllocation));
        Assert.Equal(12, seat.Extensions.Id(RtpExtensionKind.DependencyDescriptor));
        var voice = SampleOffers.Section(session.AnswerSdp, "2");
        Assert.Contains("a=msid:seat-1 track-2", voice);
        Assert.DoesNotContain(voice, line => line.StartsWith("a=ssrc-group", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("chromium-meeting", 111)]
    [InlineData("firefox-meeting", 109)]
    public void NACK_for_sound_is_agreed_on_where_it_is_offered(string name, int opus)
    {
        var plain = SampleOffers.Read(name);
        var asking = plain.Replace($"a=rtpmap:{opus} opus/48000/2\r\n", $"a=rtpmap:{opus} opus/48000/2\r\na=rtcp-fb:{opus} nack\r\n", StringComparison.Ordinal);
        foreach (var (sdp, expected) in new[] { (plain, false), (asking, true) })
        {
            var offer = SampleOffers.Parse(sdp);
            var session = SampleOffers.Answer(offer, SampleOffers.OptionsFor(offer));
            var sounds = session.Media.Where(static media => media.Kind == MediaKind.Audio).ToList();
            Assert.All(sounds, media => Assert.Equal(expected, media.Codecs.Single(static codec => codec.Codec == MediaCodec.Opus).HasNack));
            Assert.All(sounds, media => Assert.Equal(expected, SampleOffers.Section(session.AnswerSdp, media.Mid).Contains($"a=rtcp-fb:{opus} nack")));
            Assert.All(session.Media.Except(sounds), static media => Assert.True(media.Codecs[0].HasNack));
        }
    }

    [Fact]
    public void Firefox_announces_the_RTX_source_of_each_layer()
    {
        var camera = Meeting("firefox-meeting", out _).Media.Single(media => media.Mid == "1");

        Assert.Equal([(3616630208u, 2044502122u), (1869063904u, 4113776517u), (2100424554u, 822878618u)], camera.RemoteSsrcs);
    }

    [Fact]
    public void Extension_directions_of_Firefox_are_turned_and_obeyed()
    {
        var session = Meeting("firefox-meeting", out _);
        var camera = session.Media.Single(media => media.Mid == "1");
        var seat = session.Media.Single(media => media.Mid == "3");

        Assert.Equal(8, camera.Extensions.Id(RtpExtensionKind.DependencyDescriptor));
        Assert.Equal(0, camera.Extensions.Id(RtpExtensionKind.PlayoutDelay));
        Assert.Equal(0, seat.Extensions.Id(RtpExtensionKind.DependencyDescriptor));
        Assert.Equal(6, seat.Extensions.Id(RtpExtensionKind.PlayoutDelay));
        Assert.Contains("a=extmap:9/recvonly urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", SampleOffers.Section(session.AnswerSdp, "1"));
        Assert.Contains("a=extmap:6/sendonly http://www.webrtc.org/experiments/rtp-hdrext/playout-delay", SampleOffers.Section(session.AnswerSdp, "3"));
    }

    [Theory]
    [InlineData(MediaCodec.Vp9, "98 99", "a=fmtp:98 profile-id=0")]
    [InlineData(MediaCodec.Av1, "45 46", "a=fmtp:45 level-idx=5;profile=0;tier=0")]
    [InlineData(MediaCodec.H264, "108 109", "a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f")]
    public void The_preferred_codec_stands_first_in_its_common_form(MediaCodec codec, string payloadTypes, string format)
    {
        var session = Meeting("chromium-meeting", out _, options => options with { VideoCodecs = [codec, MediaCodec.Vp8] });
        var lines = SampleOffers.Section(session.AnswerSdp, "1");

        Assert.Equal($"video 9 UDP/TLS/RTP/SAVPF {payloadTypes} 96 97", lines[0]);
        Assert.Contains(format, lines);
        // A seat shows whatever its sender uses.
        Assert.Equal(4, session.Media.Single(media => media.Mid == "3").Codecs.Count);
    }

    [Fact]
    public void Codecs_for_later_stand_behind_those_in_use_where_the_peer_sends_and_make_no_difference_where_it_receives()
    {
        var session = Meeting("chromium-meeting", out _, options => options with { VideoCodecs = [MediaCodec.Vp8], FurtherVideoCodecs = [MediaCodec.H264, MediaCodec.Vp8] });
        var lines = SampleOffers.Section(session.AnswerSdp, "1");

        Assert.Equal("video 9 UDP/TLS/RTP/SAVPF 96 97 108 109", lines[0]);
        Assert.Contains("a=fmtp:109 apt=108", lines);
        Assert.Equal([MediaCodec.Vp8, MediaCodec.H264], session.Media.Single(media => media.Mid == "1").Codecs.Select(codec => codec.Codec));
        Assert.Equal(4, session.Media.Single(media => media.Mid == "3").Codecs.Count);
    }

    [Fact]
    public void RED_stands_behind_Opus_and_is_sent_only_where_allowed()
    {
        Assert.Equal([MediaCodec.Opus], Codecs(Meeting("chromium-meeting", out _), "0"));
        Assert.Equal([MediaCodec.Opus, MediaCodec.Red], Codecs(Meeting("chromium-meeting", out _), "2"));
        var session = Meeting("chromium-meeting", out _, options => options with { AllowRed = true });

        Assert.Equal([MediaCodec.Opus, MediaCodec.Red], Codecs(session, "0"));
        Assert.Equal([MediaCodec.Opus, MediaCodec.Red], Codecs(session, "2"));
        Assert.Contains("a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1", SampleOffers.Section(session.AnswerSdp, "0"));
        Assert.Contains("a=fmtp:111 minptime=10;useinbandfec=1", SampleOffers.Section(session.AnswerSdp, "2"));
        Assert.Equal([MediaCodec.Opus], Codecs(Meeting("firefox-meeting", out _, options => options with { AllowRed = true }), "0"));

        static IEnumerable<MediaCodec> Codecs(NegotiatedSession session, string mid) => session.Media.Single(media => media.Mid == mid).Codecs.Select(codec => codec.Codec);
    }

    [Theory]
    [InlineData("chromium-mixed")]
    [InlineData("firefox-mixed")]
    public void A_data_channel_is_refused_and_the_media_is_not(string name)
    {
        var session = Meeting(name, out var offer);

        Assert.Equal(2, offer.Media.Count);
        Assert.Equal(2, session.Media.Count);
        Assert.Contains("a=group:BUNDLE 0 1\r\n", session.AnswerSdp, StringComparison.Ordinal);
        Assert.Equal("application 0 UDP/DTLS/SCTP webrtc-datachannel", SampleOffers.Section(session.AnswerSdp, "2")[0]);
    }

    [Fact]
    public void M_lines_that_are_not_planned_are_refused_and_leave_the_bundle()
    {
        var session = Meeting("chromium-meeting", out _, options => options with { Slots = [options.Slots[1], options.Slots[0] with { Purpose = SlotPurpose.Unused }] });

        Assert.Equal(["1"], session.Media.Select(media => media.Mid));
        Assert.Contains("a=group:BUNDLE 1\r\n", session.AnswerSdp, StringComparison.Ordinal);
        Assert.StartsWith("audio 0 ", SampleOffers.Section(session.AnswerSdp, "0")[0], StringComparison.Ordinal);
        Assert.StartsWith("video 5000 ", SampleOffers.Section(session.AnswerSdp, "1")[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("actpass", DtlsRole.Server, DtlsRole.Server, "passive")]
    [InlineData("actpass", DtlsRole.Client, DtlsRole.Client, "active")]
    [InlineData("active", DtlsRole.Client, DtlsRole.Server, "passive")]
    [InlineData("passive", DtlsRole.Server, DtlsRole.Client, "active")]
    public void The_DTLS_role_follows_the_offer(string setup, DtlsRole wanted, DtlsRole role, string answer)
    {
        var offer = SampleOffers.Parse(SmallOffer.Text.Replace("actpass", setup, StringComparison.Ordinal));
        var session = SampleOffers.Answer(offer, SampleOffers.OptionsFor(offer) with { Role = wanted });

        Assert.Equal(role, session.Role);
        Assert.Contains($"a=setup:{answer}\r\n", session.AnswerSdp, StringComparison.Ordinal);
    }

    [Fact]
    public void A_paused_layer_is_taken_and_not_paused_by_us()
    {
        var offer = SampleOffers.Parse(SmallOffer.Text.Replace("a=rid:q send", "a=rid:q send pt=96,97;max-width=320", StringComparison.Ordinal));
        var session = SampleOffers.Answer(offer, SampleOffers.OptionsFor(offer));

        Assert.Equal(["q", "f"], session.Media[1].Rids);
        Assert.Contains("a=simulcast:recv q;f\r\n", session.AnswerSdp, StringComparison.Ordinal);
        Assert.Contains("a=rid:q recv pt=96;max-width=320\r\n", session.AnswerSdp, StringComparison.Ordinal);
    }

    [Fact]
    public void An_inactive_m_line_is_kept_inactive_when_planned()
    {
        var offer = SampleOffers.Parse(SmallOffer.Text.Replace("a=sendonly\r\na=rtpmap:96", "a=inactive\r\na=rtpmap:96", StringComparison.Ordinal));
        var session = SampleOffers.Answer(offer, SampleOffers.OptionsFor(offer) with { Slots = [new("a", SlotPurpose.Receive), new("v", SlotPurpose.Receive)] });

        Assert.Equal(["a"], session.Media.Select(media => media.Mid));
        Assert.Contains("a=inactive", SampleOffers.Section(session.AnswerSdp, "v"));
        Assert.StartsWith("video 9 ", SampleOffers.Section(session.AnswerSdp, "v")[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 20)]
    [InlineData(false, 0)]
    public void Extension_ids_above_14_need_mixed_headers(bool mixed, int id)
    {
        var offer = SampleOffers.Parse(SmallOffer.WithVideo("a=extmap:20 urn:3gpp:video-orientation" + (mixed ? "\na=extmap-allow-mixed" : "")));
        var session = SampleOffers.Answer(offer, SampleOffers.OptionsFor(offer));

        Assert.Equal(id, session.Media[1].Extensions.Id(RtpExtensionKind.VideoOrientation));
    }

    public static TheoryData<string, SlotPlan[]> WrongPlans => new()
    {
        { "the plan uses no m-line", [] },
        { "the plan names mid 'x', which the offer does not have", [new("x", SlotPurpose.Receive)] },
        { "the plan names mid '0' twice", [new("0", SlotPurpose.Receive), new("0", SlotPurpose.Receive)] },
        { "the plan receives on mid '3', where the peer does not send", [new("3", SlotPurpose.Receive)] },
        { "the plan sends on mid '1', where the peer does not receive", [new("1", SlotPurpose.Send, "s", "t", 1, 2)] },
        { "without stream and track ids", [new("3", SlotPurpose.Send, "", "t", 1, 2)] },
        { "without an SSRC", [new("3", SlotPurpose.Send, "s", "t")] },
        { "uses an SSRC a second time", [new("2", SlotPurpose.Send, "s", "t", 1), new("3", SlotPurpose.Send, "s", "t", 2, 1)] },
    };

    [Theory]
    [MemberData(nameof(WrongPlans))]
    public void A_plan_that_does_not_fit_is_told(string message, SlotPlan[] slots)
    {
        var offer = SampleOffers.Parse(SampleOffers.Read("chromium-meeting"));

        Assert.Contains(message, Refuse(offer, SampleOffers.OptionsFor(offer) with { Slots = slots }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_common_ground_is_told()
    {
        var firefox = SampleOffers.Parse(SampleOffers.Read("firefox-meeting"));
        Assert.Contains("mid '1' has no codec in common", Refuse(firefox, SampleOffers.OptionsFor(firefox) with { VideoCodecs = [MediaCodec.H264] }).Message, StringComparison.Ordinal);
        var onlyForLater = SampleOffers.OptionsFor(firefox) with { VideoCodecs = [MediaCodec.H264], FurtherVideoCodecs = [MediaCodec.Vp8] };
        Assert.Contains("mid '1' has no codec in common", Refuse(firefox, onlyForLater).Message, StringComparison.Ordinal);
        Assert.Contains("no candidate", Refuse(firefox, SampleOffers.OptionsFor(firefox) with { Candidates = [] }).Message, StringComparison.Ordinal);

        var mixed = SampleOffers.Parse(SampleOffers.Read("firefox-mixed"));
        Assert.Contains("neither audio nor video", Refuse(mixed, SampleOffers.OptionsFor(mixed) with { Slots = [new("2", SlotPurpose.Receive)] }).Message, StringComparison.Ordinal);

        var data = SampleOffers.Parse(SampleOffers.Read("chromium-data"));
        Assert.Contains("the plan uses no m-line", Refuse(data, SampleOffers.OptionsFor(data)).Message, StringComparison.Ordinal);

        var refused = SampleOffers.Parse(SmallOffer.Text.Replace("video 9", "video 0", StringComparison.Ordinal));
        Assert.Contains("which the peer refuses", Refuse(refused, SampleOffers.OptionsFor(refused) with { Slots = [new("v", SlotPurpose.Receive)] }).Message, StringComparison.Ordinal);
    }

    private static void AssertHas(string[] lines, string[] expected) => Assert.All(expected, line => Assert.Contains(line, lines));

    private static NegotiatedSession Meeting(string name, out Offer offer, Func<AnswerOptions, AnswerOptions>? change = null)
    {
        offer = SampleOffers.Parse(SampleOffers.Read(name));
        var options = SampleOffers.OptionsFor(offer);
        return SampleOffers.Answer(offer, change?.Invoke(options) ?? options);
    }

    private static SdpError Refuse(Offer offer, AnswerOptions options)
    {
        Assert.False(offer.TryAnswer(options, out var session, out var error));
        Assert.Null(session);
        return error!;
    }
}
