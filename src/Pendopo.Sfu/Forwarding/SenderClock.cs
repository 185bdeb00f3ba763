using Pendopo.Rtc;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// NTP time as 32.32 fixed point (RFC 3550 §4), anchored once to the wall clock and then counted by the monotonic clock, so that it
/// never jumps.
/// </summary>
internal sealed class NtpClock(DateTimeOffset wallClock, Instant at)
{
    private static readonly DateTimeOffset Epoch = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ulong _anchor = FromTicks((wallClock - Epoch).Ticks);

    public ulong At(Instant now) => _anchor + FromTicks((now - at).Ticks);

    public static ulong FromTicks(long ticks)
    {
        var seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out var rest);
        return ((ulong)seconds << 32) + (ulong)((rest << 32) / TimeSpan.TicksPerSecond);
    }
}

/// <summary>
/// Where RTP timestamps of one received stream stand on its sender's NTP clock, from its last sender report. Streams of one
/// sender share that clock: this is what keeps its audio and video, and its simulcast layers, aligned.
/// </summary>
internal struct SenderClock
{
    private ulong _ntp;
    private uint _rtp;

    public bool IsKnown { get; private set; }

    public void Update(ulong ntp, uint rtp)
    {
        _ntp = ntp;
        _rtp = rtp;
        IsKnown = true;
    }

    /// <summary>The sender's NTP time of an RTP timestamp.</summary>
    public readonly ulong NtpOf(uint rtp, int clockRate) => _ntp + (ulong)(((long)(int)(rtp - _rtp) << 32) / clockRate);

    /// <summary>The RTP timestamp at a moment of the sender's NTP clock.</summary>
    public readonly uint RtpAt(ulong ntp, int clockRate)
    {
        var difference = (long)(ntp - _ntp);
        var whole = difference >> 32;
        var fraction = difference & 0xffff_ffff;
        return _rtp + (uint)((whole * clockRate) + ((fraction * clockRate) >> 32));
    }
}

/// <summary>
/// How far our NTP clock is ahead of a sender's, delay included; one value for all streams of a sender. It follows the smallest
/// delay quickly and forgets it slowly, so that a single late report does not shift sound against picture.
/// </summary>
internal struct ClockOffset
{
    private long _offset;

    public bool IsKnown { get; private set; }

    public readonly ulong ToLocal(ulong senderNtp) => senderNtp + (ulong)_offset;

    public readonly ulong ToSender(ulong localNtp) => localNtp - (ulong)_offset;

    public void Update(ulong localNtp, ulong senderNtp)
    {
        var offset = (long)(localNtp - senderNtp);
        if (!IsKnown || offset < _offset) _offset = offset;
        else _offset += (offset - _offset) / 256;
        IsKnown = true;
    }
}
