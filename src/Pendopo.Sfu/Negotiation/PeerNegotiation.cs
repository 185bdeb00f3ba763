using System.Diagnostics.CodeAnalysis;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Sdp;

namespace Pendopo.Sfu.Negotiation;

/// <summary>
/// The offer/answer state of one peer connection: our credentials, the slots' SSRCs by mid, the session version. Lives
/// outside the media thread; offers of one peer are handled one after the other.
/// </summary>
internal sealed class PeerNegotiation
{
    /// <summary>A 7 × 7 grid is the largest that a screen shows; more seats cost every joiner time.</summary>
    private const int MaximumSeats = 49;

    private const int MaximumVoices = 16;

    private readonly Dictionary<string, SlotPlan> _slots = [];
    private readonly HashSet<uint> _ssrcs = [];
    private readonly RandomBytes _random;
    private readonly ulong _sessionId;
    private ulong _version;
    private IceCredentials? _remoteIce;

    /// <param name="random">Of credentials and SSRCs; must be unpredictable outside of tests.</param>
    public PeerNegotiation(RandomBytes random)
    {
        _random = random;
        _sessionId = ((ulong)Number() << 32 | Number()) >> 2;
        LocalIce = IceCredentials.Generate(random);
    }

    public IceCredentials LocalIce { get; private set; }

    /// <summary>Serialises offers of this peer.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>The plan of the last answered offer.</summary>
    public MediaPlan Plan { get; private set; } = new();

    /// <summary>The plan of a WHIP or WHEP offer: what it sends is microphone and camera, what it receives is one seat.</summary>
    public static MediaPlan PlanFor(Offer offer)
    {
        var usable = offer.Media.Where(static media => !media.IsRejected).ToList();
        string? Sends(MediaKind kind) => usable.Find(media => media.PeerSends && media.Kind == kind)?.Mid;
        string? Receives(MediaKind kind) => usable.Find(media => media.PeerReceives && !media.PeerSends && media.Kind == kind)?.Mid;
        var audio = Receives(MediaKind.Audio);
        var video = Receives(MediaKind.Video);
        return new MediaPlan
        {
            IsOpen = true,
            Microphone = Sends(MediaKind.Audio),
            Camera = Sends(MediaKind.Video),
            Seats = audio is null && video is null ? [] : [(audio ?? "", video ?? "")],
        };
    }

    /// <summary>Answers an offer. <paramref name="restarted"/>: our new credentials, where the offer restarts ICE.</summary>
    public bool TryAnswer(
        Offer offer,
        MediaOffer request,
        DtlsRole role,
        ReadOnlyMemory<byte> fingerprint,
        IReadOnlyList<HostCandidate> candidates,
        [NotNullWhen(true)] out NegotiatedSession? session,
        out IceCredentials? restarted,
        [NotNullWhen(false)] out string? error)
    {
        session = null;
        restarted = null;
        var plan = request.Plan ?? PlanFor(offer);
        error = Check(plan, offer);
        if (error is not null) return false;

        var local = LocalIce;
        if (_remoteIce is not null && _remoteIce.UsernameFragment != offer.Ice.UsernameFragment) restarted = local = IceCredentials.Generate(_random);
        var options = new AnswerOptions
        {
            Ice = local,
            Fingerprint = fingerprint,
            Candidates = candidates,
            Slots = Slots(plan),
            VideoCodecs = request.VideoCodecs,
            FurtherVideoCodecs = request.FurtherVideoCodecs,
            AllowRed = request.AllowRed,
            Role = role,
            SessionId = _sessionId,
            SessionVersion = _version + 1,
        };
        if (!offer.TryAnswer(options, out session, out var refused))
        {
            error = refused.ToString();
            return false;
        }

        _version++;
        _remoteIce = offer.Ice;
        LocalIce = local;
        Plan = plan;
        return true;
    }

    /// <summary>New credentials of both sides without an offer (WHIP and WHEP PATCH).</summary>
    public void Restart(IceCredentials local, IceCredentials remote)
    {
        LocalIce = local;
        _remoteIce = remote;
    }

    private static string? Check(MediaPlan plan, Offer offer)
    {
        if (plan.Seats.Count > MaximumSeats) return $"The plan has {plan.Seats.Count} seats; at most {MaximumSeats} are possible.";
        if (plan.Voices.Count > MaximumVoices) return $"The plan has {plan.Voices.Count} voices; at most {MaximumVoices} are possible.";
        var used = new HashSet<string>();
        return Sends("microphone", plan.Microphone, MediaKind.Audio)
            ?? Sends("camera", plan.Camera, MediaKind.Video)
            ?? Sends("screen", plan.Screen, MediaKind.Video)
            ?? Sends("screen audio", plan.ScreenAudio, MediaKind.Audio)
            ?? plan.Seats.Select(seat => Receives("seat", seat.Audio, MediaKind.Audio) ?? Receives("seat", seat.Video, MediaKind.Video)).FirstOrDefault(static error => error is not null)
            ?? plan.Voices.Select(voice => Receives("voice", voice, MediaKind.Audio)).FirstOrDefault(static error => error is not null);

        string? Sends(string what, string? mid, MediaKind kind) => mid is null ? null : CheckOne(what, mid, kind, static media => media.PeerSends);

        string? Receives(string what, string mid, MediaKind kind) => mid.Length == 0 ? null : CheckOne(what, mid, kind, static media => media.PeerReceives);

        string? CheckOne(string what, string mid, MediaKind kind, Func<OfferedMedia, bool> direction)
        {
            if (offer.Media.FirstOrDefault(media => media.Mid == mid) is not { } media) return $"The plan names m-line “{mid}” for a {what}, which the offer does not have.";
            if (media.Kind != kind) return $"The m-line “{mid}” planned for a {what} is not {kind}.";
            if (!direction(media)) return $"The m-line “{mid}” planned for a {what} has the wrong direction.";
            return used.Add(mid) ? null : $"The plan uses m-line “{mid}” twice.";
        }
    }

    private List<SlotPlan> Slots(MediaPlan plan)
    {
        var slots = new List<SlotPlan>();
        foreach (var mid in new[] { plan.Microphone, plan.Camera, plan.Screen, plan.ScreenAudio })
        {
            if (mid is not null) slots.Add(new SlotPlan(mid, SlotPurpose.Receive));
        }

        for (var i = 0; i < plan.Seats.Count; i++)
        {
            var (audio, video) = plan.Seats[i];
            if (audio.Length > 0) slots.Add(GetOrAdd(audio, $"seat-{i}", MediaKind.Audio));
            if (video.Length > 0) slots.Add(GetOrAdd(video, $"seat-{i}", MediaKind.Video));
        }

        for (var i = 0; i < plan.Voices.Count; i++) slots.Add(GetOrAdd(plan.Voices[i], $"voice-{i}", MediaKind.Audio));
        return slots;
    }

    private SlotPlan GetOrAdd(string mid, string stream, MediaKind kind)
    {
        if (_slots.TryGetValue(mid, out var slot)) return slot;
        var track = kind == MediaKind.Audio ? $"{stream}-audio" : $"{stream}-video";

        // Sound has an RTX stream too; the answer announces it only where the offer has RTX for the codec.
        return _slots[mid] = new SlotPlan(mid, SlotPurpose.Send, stream, track, NewSsrc(), NewSsrc());
    }

    private uint NewSsrc()
    {
        while (true)
        {
            var ssrc = Number();
            if (ssrc != 0 && _ssrcs.Add(ssrc)) return ssrc;
        }
    }

    private uint Number()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        _random(bytes);
        return BitConverter.ToUInt32(bytes);
    }
}
