using System.Text.Json;
using Xunit;

namespace Pendopo.Signaling.Tests;

public sealed class WireFormTests
{
    private static readonly JsonSerializerOptions Json = SignalingContract.CreateJsonOptions();

    [Fact]
    public void Properties_and_enums_are_camel_case()
    {
        var text = JsonSerializer.Serialize(new CreateMeetingRequest(MeetingKind.OpenBroadcast, [VideoCodec.H264, VideoCodec.Vp8]), Json);

        Assert.Equal("""{"kind":"openBroadcast","videoCodecs":["h264","vp8"],"foundingStatement":null}""", text);
    }

    [Fact]
    public void A_number_is_no_enum()
    {
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<CreateMeetingRequest>("""{"kind":1}""", Json));
    }

    [Fact]
    public void A_meeting_is_founded_with_a_kind_that_is_said()
    {
        foreach (var body in new[] { "{}", """{"kind":null}""", """{"kind":"meeting"}""", """{"videoCodecs":["vp8"]}""" })
        {
            Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<CreateMeetingRequest>(body, Json));
        }

        Assert.Equal(MeetingKind.Encrypted, default);
        Assert.Equal(["encrypted", "openBroadcast"], Enum.GetValues<MeetingKind>().Select(kind => JsonSerializer.SerializeToElement(kind, Json).GetString()));
    }

    [Theory]
    [InlineData("rAAAAAAAAAAAAAAAAAAAAAAA", MeetingKind.Encrypted)]
    [InlineData("rP__________________-__-", MeetingKind.Encrypted)]
    [InlineData("sAAAAAAAAAAAAAAAAAAAAAAA", MeetingKind.OpenBroadcast)]
    [InlineData("sQAAAAAAAAAAAAAAAAAAAAAA", null)]
    [InlineData("rQAAAAAAAAAAAAAAAAAAAAAA", null)]
    [InlineData("mAAAAAAAAAAAAAAAAAAAAAAA", null)]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAA", null)]
    [InlineData("rAAAAAAAAAAAAAAAAAAAAAA", null)]
    [InlineData("rAAAAAAAAAAAAAAAAAAAAAAAA", null)]
    [InlineData("rAAAAAAAAAAAAAAAAAAAAA==", null)]
    [InlineData("rAAAAAAAAAAAAAAAAAAAAAA ", null)]
    [InlineData(" rAAAAAAAAAAAAAAAAAAAAAA", null)]
    [InlineData("rAAAAAAAAAAAAAAAAAAAAAA+", null)]
    [InlineData("rAAAAAAAAAAAAAAAAAAAAAAé", null)]
    [InlineData("r", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void An_id_tells_its_kind_by_its_first_byte_and_nothing_else_is_an_id(string? id, MeetingKind? kind) => Assert.Equal(kind, SignalingContract.KindOf(id));

    [Fact]
    public void Optional_fields_may_be_missing()
    {
        var media = JsonSerializer.Deserialize<MediaState>("""{"microphone":true,"camera":false}""", Json);

        Assert.Equal(new MediaState(true, false), media);
    }

    [Fact]
    public void Every_message_survives_a_round_trip()
    {
        var snapshot = new MeetingSnapshot(
            "id", MeetingKind.Encrypted, 7, 1_700_000_000_000,
            [new Participant("p", "Sri", ParticipantRole.Host, new MediaState(true, false), ConnectionState.Reconnecting, 1_700_000_000_001)],
            [VideoCodec.Av1], Red: true);
        var result = new JoinResult(ErrorCode.None, null, "p", snapshot, "v=0", new SeatMap([new SeatBinding(0, "p", MediaSource.Screen, PauseReason.Muted)], []));

        var text = JsonSerializer.Serialize(result, Json);
        var back = JsonSerializer.Deserialize<JoinResult>(text, Json)!;

        Assert.Equal(text, JsonSerializer.Serialize(back, Json));
        Assert.Equal(ConnectionState.Reconnecting, back.Meeting!.Participants[0].Connection);
        Assert.Equal(MediaSource.Screen, back.Seats!.Seats[0].Source);
    }
}
