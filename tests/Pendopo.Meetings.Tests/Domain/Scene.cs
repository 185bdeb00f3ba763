using Pendopo.Meetings.Domain;
using Pendopo.Signaling;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain;

/// <summary>An open broadcast on virtual time, with people named by their session.</summary>
internal sealed class Scene
{
    public static readonly MediaAbilities Chromium = new([VideoCodec.Vp8, VideoCodec.Vp9, VideoCodec.Av1, VideoCodec.H264], true);
    public static readonly MediaAbilities Firefox = new([VideoCodec.Vp8, VideoCodec.Vp9, VideoCodec.Av1], false);

    private int _ids;

    public Scene(IReadOnlyList<VideoCodec>? codecs = null, MeetingRules? rules = null)
    {
        Meeting = new Meeting(null, rules ?? MeetingRules.Default);
        Assert.True(Apply(new MeetingCommand.Create(
            MeetingKind.OpenBroadcast, SessionOf("founder"), codecs ?? MeetingRules.DefaultVideoCodecs, TokenHash.Of("publish"), TokenHash.Of("view"))).Accepted);
    }

    public Meeting Meeting { get; set; }

    public DateTimeOffset Now { get; private set; } = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);

    public MeetingState State => Meeting.State!;

    public static SessionKey SessionOf(string person) => SessionKey.Of(person);

    public MeetingDecision Apply(MeetingCommand command) => Meeting.Apply(command, Now);

    public void Pass(double seconds) => Now += TimeSpan.FromSeconds(seconds);

    public MeetingDecision Enter(Entrance entrance, MediaAbilities? abilities = null, MediaState? media = null, string? connection = null) =>
        Apply(new MeetingCommand.Enter(entrance, new ParticipantId($"p{_ids++}"), "Name", media ?? new MediaState(true, true), connection, abilities ?? Chromium));

    public ParticipantState Join(string person, MediaAbilities? abilities = null, MediaState? media = null)
    {
        var decision = Enter(new Entrance.Link(SessionOf(person)), abilities, media, $"c-{person}");
        Assert.Equal(ErrorCode.None, decision.Error);
        return decision.Subject!;
    }

    public MeetingDecision Resume(SessionKey session, ParticipantId id, string connection, MediaAbilities? abilities = null) =>
        Apply(new MeetingCommand.Resume(session, id, connection, abilities, MeetingKind.OpenBroadcast));

    public MeetingDecision Lose(ParticipantState participant) => Apply(new MeetingCommand.LoseConnection(participant.Id, participant.ConnectionId!));

    public ParticipantState? Find(ParticipantId id) => State.Participants.FirstOrDefault(participant => participant.Id == id);
}
