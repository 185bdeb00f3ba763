using Pendopo.Rtc.Rtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Sdp;

public class CodecChoiceTests
{
    private const string Mode1 = "packetization-mode=1";

    [Theory]
    [InlineData("H264", Mode1 + ";profile-level-id=42e01f", MediaCodec.H264)]
    [InlineData("h264", Mode1 + "; profile-level-id=42001F", MediaCodec.H264)]
    [InlineData("H264", Mode1, MediaCodec.H264)]
    [InlineData("H264", "profile-level-id=42e01f", MediaCodec.None)]
    [InlineData("H264", "packetization-mode=0;profile-level-id=42e01f", MediaCodec.None)]
    [InlineData("H264", Mode1 + ";profile-level-id=4d001f", MediaCodec.None)]
    [InlineData("H264", Mode1 + ";profile-level-id=64001f", MediaCodec.None)]
    [InlineData("H264", Mode1 + ";profile-level-id=42", MediaCodec.None)]
    [InlineData("VP9", "", MediaCodec.Vp9)]
    [InlineData("VP9", "profile-id=0", MediaCodec.Vp9)]
    [InlineData("VP9", "profile-id=2", MediaCodec.None)]
    [InlineData("AV1", "", MediaCodec.Av1)]
    [InlineData("AV1", "profile=1", MediaCodec.None)]
    [InlineData("AV1X", "", MediaCodec.None)]
    public void Only_forms_that_every_decoder_has_are_taken(string name, string format, MediaCodec expected)
    {
        var codecs = Video($"a=rtpmap:98 {name}/90000" + (format.Length > 0 ? $"\na=fmtp:98 {format}" : ""));

        Assert.Equal(expected == MediaCodec.None ? [MediaCodec.Vp8] : [MediaCodec.Vp8, expected], codecs);
    }

    [Fact]
    public void A_payload_type_that_looks_like_RTCP_is_not_taken()
    {
        var offer = SampleOffers.Parse(SmallOffer.Text.Replace("SAVPF 96 97", "SAVPF 72 96 97", StringComparison.Ordinal) + "a=rtpmap:72 VP9/90000\r\n");

        Assert.Equal([MediaCodec.Vp8], offer.Media[1].Codecs);
    }

    [Theory]
    [InlineData("a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n", true)]
    [InlineData("a=rtpmap:63 red/48000/2\r\n", false)]
    [InlineData("a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/0\r\n", false)]
    [InlineData("a=rtpmap:63 red/8000\r\na=fmtp:63 111/111\r\n", false)]
    public void RED_is_taken_only_around_the_Opus_that_is_taken(string lines, bool taken)
    {
        var offer = SampleOffers.Parse(SmallOffer.Text
            .Replace("SAVPF 111", "SAVPF 111 63", StringComparison.Ordinal)
            .Replace("a=rtpmap:111 opus/48000/2\r\n", "a=rtpmap:111 opus/48000/2\r\n" + lines, StringComparison.Ordinal));

        Assert.Equal(taken, offer.Media[0].Codecs.Contains(MediaCodec.Red));
    }

    [Fact]
    public void Feedback_for_all_payload_types_holds_for_each()
    {
        var offer = SampleOffers.Parse(SmallOffer.WithVideo("a=rtcp-fb:* nack pli\na=rtcp-fb:96 nack\na=rtcp-fb:96 made-up"));
        var lines = SampleOffers.Section(SampleOffers.Answer(offer, SampleOffers.OptionsFor(offer)).AnswerSdp, "v");

        Assert.Equal(["a=rtcp-fb:96 nack", "a=rtcp-fb:96 nack pli"], lines.Where(line => line.StartsWith("a=rtcp-fb", StringComparison.Ordinal)));
    }

    private static IReadOnlyList<MediaCodec> Video(string lines) => SampleOffers.Parse(
        SmallOffer.WithVideo(lines).Replace("SAVPF 96 97", "SAVPF 96 97 98", StringComparison.Ordinal)).Media[1].Codecs;
}
