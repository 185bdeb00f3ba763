using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain;

/// <summary>Nothing transcodes, so a meeting uses only what all of its members decode.</summary>
public static class CodecAgreement
{
    /// <summary>The codecs that all have, in the meeting's order. Members without video (null) bind nobody.</summary>
    public static IReadOnlyList<VideoCodec> Common(IReadOnlyList<VideoCodec> order, IReadOnlyList<IReadOnlyList<VideoCodec>?> members) =>
        [.. order.Where(codec => members.All(member => member is null || member.Contains(codec)))];

    /// <summary>
    /// What a sender negotiates beside the codecs in use: the rest of the meeting's order, so that it can switch without a negotiation when
    /// those who do not decode them have left.
    /// </summary>
    public static IReadOnlyList<VideoCodec> Further(IReadOnlyList<VideoCodec> order, IReadOnlyList<VideoCodec> common) => [.. order.Except(common)];

    /// <summary>True if at least one member has audio and all of those have RED.</summary>
    public static bool Red(IReadOnlyList<bool?> members) => members.Any(red => red is not null) && members.All(red => red ?? true);

    /// <summary>
    /// An endpoint cannot be asked for a new offer: it is held to what its one answer settles. A viewer keeps what it shares
    /// with the meeting now, a publisher the one codec that it will send.
    /// </summary>
    public static MediaAbilities Pin(MediaAbilities abilities, IReadOnlyList<VideoCodec> common, bool publisher)
    {
        ArgumentNullException.ThrowIfNull(abilities);
        if (abilities.Decodes is null) return abilities;
        return abilities with { Decodes = publisher ? [.. common.Take(1)] : common };
    }
}
