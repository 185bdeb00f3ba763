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

    /// <summary>
    /// Made from the directions of an offer alone, as those of WHIP and WHEP: these endpoints may enter open broadcasts only, so the
    /// room's media are not encrypted end to end.
    /// </summary>
    internal bool IsOpen { get; init; }

    /// <summary>Receive slots in pairs: mid of the audio and of the video m-line of each seat.</summary>
    public IReadOnlyList<(string Audio, string Video)> Seats { get; init; } = [];

    /// <summary>Audio-only receive slots, for people who speak without having a seat.</summary>
    public IReadOnlyList<string> Voices { get; init; } = [];
}
