using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Sfu;

public enum SourceKind : byte
{
    Microphone,
    Camera,
    Screen,
    ScreenAudio,
}

/// <summary>How the m-lines of an offer are meant.</summary>
public sealed record MediaPlan
{
    public string? Microphone { get; init; }

    public string? Camera { get; init; }

    public string? Screen { get; init; }

    public string? ScreenAudio { get; init; }

    /// <summary>Receive slots in pairs: mid of the audio and of the video m-line of each seat.</summary>
    public IReadOnlyList<(string Audio, string Video)> Seats { get; init; } = [];

    /// <summary>Audio-only receive slots, for people who speak without having a seat.</summary>
    public IReadOnlyList<string> Voices { get; init; } = [];
}

/// <summary>A peer wants to send and receive in a room.</summary>
/// <param name="Room">Loggable id of the room; rooms are made by the first peer and vanish with the last.</param>
/// <param name="Peer">The participant, unique in the room; a second connect of the same peer replaces the first.</param>
/// <param name="Plan">Null: WHIP or WHEP, where the plan follows from the directions of the m-lines.</param>
/// <param name="VideoCodecs">The meeting's codecs in order; the first is what senders shall use.</param>
/// <param name="PreferRed">True while every member has RED.</param>
public sealed record MediaOffer(string Room, string Peer, string Sdp, MediaPlan? Plan, IReadOnlyList<MediaCodec> VideoCodecs, bool PreferRed);

/// <summary>The answer, or the reason why there is none.</summary>
public sealed record MediaAnswer(string? Sdp, string? Error, IReadOnlyList<MediaCodec> Decodes)
{
    public static MediaAnswer Refused(string error) => new(null, error, []);
}

/// <summary>A participant that a view shows, in order of importance.</summary>
/// <param name="Height">Pixels on the screen of the viewer; chooses the simulcast layer. 0: no video wanted.</param>
public readonly record struct ViewItem(string Peer, SourceKind Source, int Height);

/// <summary>Why a seat shows no moving picture.</summary>
public enum PauseReason : byte
{
    None,

    /// <summary>The sender has switched it off.</summary>
    Muted,

    /// <summary>The receiver's connection cannot carry it.</summary>
    Bandwidth,

    /// <summary>The receiver cannot decode the sender's codec (until the sender has switched).</summary>
    Codec,
}

/// <summary>Which source a seat carries now.</summary>
public sealed record SeatBinding(int Seat, string Peer, SourceKind Source, PauseReason Pause);

/// <summary>Which microphone an audio-only slot carries now.</summary>
public sealed record VoiceBinding(int Voice, string Peer);

/// <summary>What the media plane tells the planes above.</summary>
public abstract record MediaEvent(string Room, string Peer)
{
    public sealed record Connected(string Room, string Peer, TimeSpan Ice, TimeSpan Dtls) : MediaEvent(Room, Peer);

    /// <summary>The path is lost; the peer may come back by ICE restart.</summary>
    public sealed record Disconnected(string Room, string Peer) : MediaEvent(Room, Peer);

    /// <summary>Final: the peer must connect anew.</summary>
    public sealed record Failed(string Room, string Peer, string Reason) : MediaEvent(Room, Peer);

    public sealed record SeatsChanged(string Room, string Peer, IReadOnlyList<SeatBinding> Seats, IReadOnlyList<VoiceBinding> Voices) : MediaEvent(Room, Peer);

    /// <summary>Who speaks now, the most recent first; <see cref="MediaEvent.Peer"/> is empty.</summary>
    public sealed record SpeakersChanged(string Room, IReadOnlyList<string> Speakers) : MediaEvent(Room, "");
}

/// <summary>The media server of one process: endpoints, workers, rooms. Thread-safe; every call is answered by the room's worker.</summary>
public sealed class MediaServer : IAsyncDisposable
{
    public static MediaServer Start(MediaServerOptions options, TimeProvider time, ILogger<MediaServer> logger) => throw new NotSupportedException("not built yet");

    /// <summary>Everything that happens, in order; one reader. Bounded: the oldest speaker changes are dropped first.</summary>
    public ChannelReader<MediaEvent> Events => throw new NotSupportedException();

    /// <summary>Where media is received: real port and addresses.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => throw new NotSupportedException();

    /// <summary>Connects a peer, or replaces its connection.</summary>
    public ValueTask<MediaAnswer> ConnectAsync(MediaOffer offer, CancellationToken cancellation = default) => throw new NotSupportedException();

    /// <summary>A further offer on the same connection: more seats, another codec order, ICE restart.</summary>
    public ValueTask<MediaAnswer> RenegotiateAsync(MediaOffer offer, CancellationToken cancellation = default) => throw new NotSupportedException();

    /// <summary>ICE restart by credentials alone (WHIP and WHEP PATCH, RFC 9725 §4.3.3). Returns ours as an SDP fragment, or null.</summary>
    public ValueTask<string?> RestartIceAsync(string room, string peer, string sdpFragment, CancellationToken cancellation = default) => throw new NotSupportedException();

    /// <summary>What the peer wants to see, most important first. Without a view, everybody in order of arrival.</summary>
    public ValueTask SetViewAsync(string room, string peer, IReadOnlyList<ViewItem> view) => throw new NotSupportedException();

    /// <summary>Which sources may flow; packets of others are dropped (mute holds on the server).</summary>
    public ValueTask SetPublishingAsync(string room, string peer, IReadOnlySet<SourceKind> sources) => throw new NotSupportedException();

    public ValueTask DisconnectAsync(string room, string peer) => throw new NotSupportedException();

    public ValueTask CloseRoomAsync(string room) => throw new NotSupportedException();

    /// <summary>True when the worker answers within a second; for readiness.</summary>
    public ValueTask<bool> IsResponsiveAsync(CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
