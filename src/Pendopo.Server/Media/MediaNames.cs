using Pendopo.Rtc.Rtp;
using Pendopo.Sfu;
using Pendopo.Signaling;

namespace Pendopo.Server.Media;

/// <summary>The same things under the names of the two planes.</summary>
internal static class MediaNames
{
    public static VideoCodec? ToContract(MediaCodec codec) => codec switch
    {
        MediaCodec.Vp8 => VideoCodec.Vp8,
        MediaCodec.Vp9 => VideoCodec.Vp9,
        MediaCodec.Av1 => VideoCodec.Av1,
        MediaCodec.H264 => VideoCodec.H264,
        _ => null,
    };

    public static MediaCodec ToMedia(VideoCodec codec) => codec switch
    {
        VideoCodec.Vp8 => MediaCodec.Vp8,
        VideoCodec.Vp9 => MediaCodec.Vp9,
        VideoCodec.Av1 => MediaCodec.Av1,
        VideoCodec.H264 => MediaCodec.H264,
        _ => throw new ArgumentOutOfRangeException(nameof(codec)),
    };

    public static MediaSource ToContract(SourceKind source) => source switch
    {
        SourceKind.Microphone => MediaSource.Microphone,
        SourceKind.Camera => MediaSource.Camera,
        SourceKind.Screen => MediaSource.Screen,
        SourceKind.ScreenAudio => MediaSource.ScreenAudio,
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };

    public static SourceKind ToMedia(MediaSource source) => source switch
    {
        MediaSource.Microphone => SourceKind.Microphone,
        MediaSource.Camera => SourceKind.Camera,
        MediaSource.Screen => SourceKind.Screen,
        MediaSource.ScreenAudio => SourceKind.ScreenAudio,
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };

    public static Signaling.PauseReason ToContract(Sfu.PauseReason pause) => pause switch
    {
        Sfu.PauseReason.None => Signaling.PauseReason.None,
        Sfu.PauseReason.Muted => Signaling.PauseReason.Muted,
        Sfu.PauseReason.Bandwidth => Signaling.PauseReason.Bandwidth,
        Sfu.PauseReason.Codec => Signaling.PauseReason.Codec,
        Sfu.PauseReason.NotWanted => Signaling.PauseReason.NotWanted,
        Sfu.PauseReason.Stalled => Signaling.PauseReason.Stalled,
        _ => throw new ArgumentOutOfRangeException(nameof(pause)),
    };

    public static SeatMap ToContract(MediaEvent.SeatsChanged seats) => new(
        [.. seats.Seats.Select(seat => new Signaling.SeatBinding(seat.Seat, seat.Peer, ToContract(seat.Source), ToContract(seat.Pause)))],
        [.. seats.Voices.Select(voice => new Signaling.VoiceBinding(voice.Voice, voice.Peer))]);

    public static LayerDemand ToContract(MediaEvent.LayersWanted layers) => new(ToContract(layers.Source), layers.IsWanted, layers.Rids);

    public static MediaPlan ToMedia(OfferPlan plan) => new()
    {
        Microphone = plan.Microphone,
        Camera = plan.Camera,
        Screen = plan.Screen,
        ScreenAudio = plan.ScreenAudio,
        Seats = [.. plan.Seats.Select(seat => (seat.Audio, seat.Video))],
        Voices = plan.Voices,
    };

    public static IReadOnlySet<SourceKind> ToMedia(MediaState media)
    {
        var sources = new HashSet<SourceKind>();
        if (media.Microphone) sources.Add(SourceKind.Microphone);
        if (media.Camera) sources.Add(SourceKind.Camera);
        if (media.Screen) sources.Add(SourceKind.Screen);
        if (media.ScreenAudio) sources.Add(SourceKind.ScreenAudio);
        return sources;
    }
}
