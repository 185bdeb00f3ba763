using Pendopo.Rtc.Rtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Sdp;

public class OfferParsingTests
{
    public static TheoryData<string> Offers => new(SampleOffers.Names);

    [Theory]
    [MemberData(nameof(Offers))]
    public void Offers_of_real_clients_are_read_with_either_line_end(string name)
    {
        var offer = SampleOffers.Parse(SampleOffers.Read(name));
        var again = SampleOffers.Parse(SampleOffers.Read(name).ReplaceLineEndings("\n"));

        Assert.Equal(offer.Ice, again.Ice);
        Assert.Equal(32, offer.Fingerprint.Length);
        Assert.Equal(offer.Media.Select(media => media.Mid), again.Media.Select(media => media.Mid));
    }

    [Fact]
    public void There_are_offers_to_read() => Assert.Equal(12, SampleOffers.Names.Count());

    [Fact]
    public void A_meeting_offer_of_Chromium_tells_what_it_sends_and_receives()
    {
        var offer = SampleOffers.Parse(SampleOffers.Read("chromium-meeting"));

        Assert.Equal(10, offer.Media.Count);
        Assert.Equal(["0", "1"], offer.Media.Where(media => media.PeerSends).Select(media => media.Mid));
        Assert.Equal(8, offer.Media.Count(media => media is { PeerReceives: true, PeerSends: false, IsRejected: false }));
        Assert.Equal([MediaCodec.Opus, MediaCodec.Red], offer.Media[0].Codecs);
        Assert.Equal([MediaCodec.Vp8, MediaCodec.H264, MediaCodec.Av1, MediaCodec.Vp9], offer.Media[1].Codecs);
        Assert.Equal("TbWz", offer.Ice.UsernameFragment);
        Assert.Equal("PSGyeuir1aanU1u9BvC+FyUf", offer.Ice.Password);
        Assert.Equal("461353EB2DBFC611FEC571D8688E1991FE1AE49D770297679C28D0E8019C5842", Convert.ToHexString(offer.Fingerprint.Span));
    }

    [Fact]
    public void A_meeting_offer_of_Firefox_with_bundle_only_lines_of_port_0_is_not_refused()
    {
        var offer = SampleOffers.Parse(SampleOffers.Read("firefox-meeting"));

        Assert.Equal(10, offer.Media.Count);
        Assert.DoesNotContain(offer.Media, media => media.IsRejected);
        Assert.Equal([MediaCodec.Opus], offer.Media[0].Codecs);
        Assert.Equal([MediaCodec.Vp8, MediaCodec.Vp9, MediaCodec.Av1], offer.Media[1].Codecs);
    }

    [Fact]
    public void Each_m_line_may_bring_credentials_of_its_own_and_the_first_of_the_bundle_counts()
    {
        var sdp = SampleOffers.Read("aiortc-whip");
        var offer = SampleOffers.Parse(sdp);
        var options = SampleOffers.OptionsFor(offer);

        Assert.Contains($"a=ice-ufrag:{offer.Ice.UsernameFragment}", SampleOffers.Section(sdp, "0"));
        Assert.DoesNotContain($"a=ice-ufrag:{offer.Ice.UsernameFragment}", SampleOffers.Section(sdp, "1"));

        // Without the audio m-line the video m-line owns the transport.
        var session = SampleOffers.Answer(offer, options with { Slots = [options.Slots[1]] });
        Assert.Contains($"a=ice-ufrag:{session.RemoteIce.UsernameFragment}", SampleOffers.Section(sdp, "1"));
    }

    [Fact]
    public void A_refused_m_line_is_told_and_need_not_be_whole()
    {
        var offer = SampleOffers.Parse(SmallOffer.Text.Replace("m=video 9 UDP/TLS/RTP/SAVPF", "m=video 0 UDP/TLS/RTP/SAVPF", StringComparison.Ordinal)
            .Replace("BUNDLE a v", "BUNDLE a", StringComparison.Ordinal));

        Assert.True(offer.Media[1].IsRejected);
        Assert.False(offer.Media[1].PeerSends);
    }

    [Fact]
    public void Attributes_at_session_level_hold_for_every_m_line()
    {
        var transport = new[] { SmallOffer.Ufrag, SmallOffer.Password, SmallOffer.Fingerprint, "a=setup:actpass\r\n" };
        var text = transport.Aggregate(SmallOffer.Text, (sdp, line) => sdp.Replace(line, "", StringComparison.Ordinal));
        var offer = SampleOffers.Parse(text.Replace("t=0 0\r\n", "t=0 0\r\n" + string.Concat(transport), StringComparison.Ordinal));

        Assert.Equal("abcd", offer.Ice.UsernameFragment);
        Assert.Equal(32, offer.Fingerprint.Length);
    }

    [Fact]
    public void A_sha_512_fingerprint_is_passed_over_when_sha_256_stands_beside_it()
    {
        var offer = SampleOffers.Parse(SmallOffer.Text.Replace(SmallOffer.Fingerprint, "a=fingerprint:sha-512 00:11\r\n" + SmallOffer.Fingerprint, StringComparison.Ordinal));

        Assert.Equal(0xab, offer.Fingerprint.Span[0]);
    }

    [Fact]
    public void Unknown_attributes_and_codecs_are_passed_over()
    {
        var offer = SampleOffers.Parse(SmallOffer.Text
            .Replace("a=mid:v\r\n", "a=mid:v\r\na=x-unheard-of:1 2 3\r\na=rtpmap:99 VP8/90000\r\na=extmap:4099 urn:later\r\na=ssrc-group:FEC-FR 1 2\r\n", StringComparison.Ordinal));

        Assert.Equal([MediaCodec.Vp8], offer.Media[1].Codecs);
    }
}
