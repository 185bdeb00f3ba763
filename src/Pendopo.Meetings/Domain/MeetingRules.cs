using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain;

/// <summary>What policy allows in a meeting. A value: a change of policy gives another one.</summary>
public sealed record MeetingRules
{
    public static MeetingRules Default { get; } = new();

    /// <summary>
    /// How long a lost socket keeps its place. 20 s covers a change from Wi-Fi to mobile and a restart of the server; longer
    /// would leave dead tiles in the room.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long an empty meeting's link stays good: a working day, so that the morning's link serves the afternoon.</summary>
    public TimeSpan EmptyLifetime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How long an ended meeting is remembered, to say "ended" instead of "not found".</summary>
    public TimeSpan EndedRetention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long somebody may wait for a moderator's word. Key packages end by then, and clients knock anew every six hours.</summary>
    public TimeSpan WaitingMaximum { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Participants and endpoints together: what one process is meant to carry.</summary>
    public int MaximumParticipants { get; init; } = 500;

    /// <summary>
    /// What holds in an encrypted meeting until its moderators set something else. Sharing goes by grant, since an unasked screen is what disturbers use first,
    /// and a grant is one tap. Two people talk at once: entering muted begins with the third, when somebody is being interrupted. Faces are expected in a
    /// working meeting; from 20 people on who comes in is audience, and chooses to be seen.
    /// </summary>
    public MeetingControls Controls { get; init; } = new(
        MicrophonesLocked: false, CamerasLocked: false, ChatLocked: false, MeetingLocked: false, Frozen: false, SharePolicy.Granted, MutedFrom: 3, CameraOffFrom: 20);

    /// <summary>VP8 first: every browser has it in software, and its key frames can be seen under end-to-end encryption.</summary>
    public static IReadOnlyList<VideoCodec> DefaultVideoCodecs { get; } = [VideoCodec.Vp8, VideoCodec.Vp9, VideoCodec.Av1, VideoCodec.H264];
}
