namespace Pendopo.Rtc;

/// <summary>Why a packet was not used. Malformed input is counted by reason, never thrown.</summary>
public enum DropReason
{
    None,
    TooShort,
    BadVersion,
    BadLength,
    BadPadding,
    BadExtension,
    UnknownProtocol,
    UnknownPeer,
    StunMalformed,
    StunFingerprint,
    StunIntegrity,
    StunUsername,
    StunRole,
    DtlsMalformed,
    DtlsBusy,
    DtlsBeforeIce,
    SrtpNotReady,
    SrtpAuthentication,
    SrtpReplay,
    SrtpTooManySources,
    UnknownSsrc,
    UnknownPayloadType,
    UnknownCodecFormat,
    RtcpMalformed,
    NotPublishing,
    BufferFull,
    TooLate,
    RateLimited,

    /// <summary>A picture's packet waited for its receiver's line for too long.</summary>
    PacingOverflow,

    /// <summary>A picture's packet waited, and meanwhile the receiver was to see something else.</summary>
    PacingObsolete,
}

/// <summary>Counts of dropped packets by reason. One owner writes; anybody may read a slightly old value.</summary>
public sealed class DropCounters
{
    /// <summary>How many reasons there are, <see cref="DropReason.None"/> included.</summary>
    public static readonly int Reasons = Enum.GetValues<DropReason>().Length;

    private readonly long[] _counts = new long[Reasons];

    public long this[DropReason reason] => Volatile.Read(ref _counts[(int)reason]);

    public void Add(DropReason reason) => _counts[(int)reason]++;

    public void Add(DropReason reason, long count) => Volatile.Write(ref _counts[(int)reason], _counts[(int)reason] + count);

    public long Total
    {
        get
        {
            long total = 0;
            for (var i = 1; i < _counts.Length; i++) total += Volatile.Read(ref _counts[i]);
            return total;
        }
    }
}
