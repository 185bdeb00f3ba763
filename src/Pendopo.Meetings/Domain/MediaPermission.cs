using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain;

/// <summary>Which sources of somebody may flow, by what moderators have set and by what he is. Moderators are held to nothing.</summary>
internal static class MediaPermission
{
    private static readonly MediaSource[] Sources = Enum.GetValues<MediaSource>();

    /// <summary>Null: it may flow.</summary>
    public static MediaRefusal? Refuse(MediaSource source, ParticipantState participant, MeetingControls controls)
    {
        if (participant.IsModerator) return null;
        if (participant.Standing == Standing.Observer) return MediaRefusal.Observer;
        if (controls.Frozen) return MediaRefusal.Frozen;
        return source switch
        {
            MediaSource.Microphone => controls.MicrophonesLocked ? MediaRefusal.MicrophonesLocked : null,
            MediaSource.Camera => controls.CamerasLocked ? MediaRefusal.CamerasLocked : null,
            _ => controls.Sharing switch
            {
                SharePolicy.Everybody => null,
                SharePolicy.Granted => participant.Standing == Standing.Presenter ? null : MediaRefusal.SharingNotGranted,
                _ => MediaRefusal.SharingLocked,
            },
        };
    }

    /// <summary>What of a wish is refused, and why.</summary>
    public static IReadOnlyList<MediaCut> Cuts(MediaState wish, ParticipantState participant, MeetingControls controls) =>
    [
        .. Sources.Where(source => IsOn(wish, source))
            .Select(source => (source, reason: Refuse(source, participant, controls)))
            .Where(cut => cut.reason is not null)
            .Select(cut => new MediaCut(cut.source, cut.reason!.Value)),
    ];

    public static MediaState Cut(MediaState media, IReadOnlyList<MediaCut> cuts) => cuts.Aggregate(media, (left, cut) => Without(left, cut.Source));

    /// <summary>Somebody as he may be. What is cut stays off until he switches it on himself.</summary>
    public static ParticipantState Restrict(ParticipantState participant, MeetingControls controls)
    {
        var media = Cut(participant.Media, Cuts(participant.Media, participant, controls));
        var muted = participant.Media.Microphone switch
        {
            true when !media.Microphone => MuteCause.Moderator,
            true => MuteCause.None,
            false => participant.Muted,
        };
        return participant with
        {
            Media = media,
            Muted = muted,
            AskedToUnmute = participant.AskedToUnmute && !media.Microphone && Refuse(MediaSource.Microphone, participant, controls) is null,
            AsksToShare = participant.AsksToShare && Refuse(MediaSource.Screen, participant, controls) == MediaRefusal.SharingNotGranted,
        };
    }

    /// <summary>Whether a message of this kind may be posted. What the kind is, is the sender's word, to which the receivers hold him (docs/e2ee.md §17).</summary>
    public static bool MayPost(LogKind kind, ParticipantState participant, MeetingControls controls) => participant.IsModerator || kind switch
    {
        LogKind.Chat => participant.Standing != Standing.Observer && controls is { ChatLocked: false, Frozen: false },
        LogKind.Private => participant.Standing != Standing.Observer && controls is { ChatLocked: false, Frozen: false, PrivateChat: PrivateChatPolicy.Everybody },
        LogKind.PrivateToModerators => participant.Standing != Standing.Observer && controls is { Frozen: false, PrivateChat: not PrivateChatPolicy.Nobody },
        LogKind.Hand => participant.Standing != Standing.Observer,
        _ => true,
    };

    private static bool IsOn(MediaState media, MediaSource source) => source switch
    {
        MediaSource.Microphone => media.Microphone,
        MediaSource.Camera => media.Camera,
        MediaSource.Screen => media.Screen,
        _ => media.ScreenAudio,
    };

    private static MediaState Without(MediaState media, MediaSource source) => source switch
    {
        MediaSource.Microphone => media with { Microphone = false },
        MediaSource.Camera => media with { Camera = false },
        MediaSource.Screen => media with { Screen = false },
        _ => media with { ScreenAudio = false },
    };
}
