using System.Text.Json.Serialization;

namespace Pendopo.Signaling;

/// <summary>Body of <c>POST /api/meetings</c>.</summary>
/// <param name="Kind">Has no default: a body without it is refused.</param>
/// <param name="VideoCodecs">The codecs that the meeting may use, in order of preference; null: VP8, VP9, AV1, H.264.</param>
/// <param name="FoundingStatement">Encrypted meetings only, and needed there: what the founder signed, base64url. It names the id.</param>
public sealed record CreateMeetingRequest([property: JsonRequired] MeetingKind Kind, IReadOnlyList<VideoCodec>? VideoCodecs = null, string? FoundingStatement = null);

/// <summary>Answer of <c>POST /api/meetings</c>.</summary>
/// <param name="MeetingId">At least 128 bits of randomness, base64url.</param>
/// <param name="Path">Path of the join page: <c>/m/{id}</c>.</param>
/// <param name="PublishToken">Bearer token for WHIP; open broadcasts only.</param>
/// <param name="ViewToken">Bearer token for WHEP; open broadcasts only.</param>
public sealed record CreateMeetingResponse(string MeetingId, string Path, string? PublishToken, string? ViewToken);

/// <summary>Answer of <c>POST /api/meetings/{id}/welcomes</c>.</summary>
/// <param name="WelcomeId">To be named by a commit within 60 s.</param>
public sealed record StoredWelcome(string WelcomeId);

/// <summary>Answer of <c>GET /api/status</c>: what a client must know before it joins.</summary>
/// <param name="Build">Version of the running build.</param>
/// <param name="MediaOnLoopbackOnly">True: Firefox cannot connect.</param>
public sealed record StatusResponse(string Build, bool MediaOnLoopbackOnly);

/// <summary>Answer to <c>GET /api/meetings/{id}/files</c>: how much a member may give to the others.</summary>
/// <param name="Maximum">Longest ciphertext of one file, bytes.</param>
/// <param name="Left">What the meeting's files may still take together, bytes.</param>
public sealed record FileRoom(long Maximum, long Left);

/// <summary>Answer to <c>POST /api/meetings/{id}/files</c>: a file's ciphertext is kept until the meeting ends.</summary>
/// <param name="FileId">128 bits of the server's choosing, in base64url.</param>
public sealed record StoredFile(string FileId);
