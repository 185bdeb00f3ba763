namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// What became of the last 64 frames of a stream: forwarded, left out, or not seen (yet). Frames are numbered modulo a power of two;
/// a gap may be a frame on its way, so it counts neither as forwarded nor as left out.
/// </summary>
/// <param name="bits">Width of the numbers: 16 for frame numbers, 15 for picture ids.</param>
internal struct FrameHistory(int bits)
{
    private readonly int _shift = 32 - bits;
    private ulong _forwarded;
    private ulong _dropped;
    private ushort _newest;
    private bool _started;

    /// <summary>True for a frame that comes after every other.</summary>
    public readonly bool IsNew(ushort number) => !_started || Distance(number) > 0;

    /// <summary>What was decided about a frame; null while it was not seen, or when it is long past.</summary>
    public readonly bool? Find(ushort number)
    {
        if (!_started) return null;
        var back = -Distance(number);
        if (back is < 0 or > 63) return null;
        if ((_forwarded >> back & 1) != 0) return true;
        return (_dropped >> back & 1) != 0 ? false : null;
    }

    /// <summary>One of a frame's references was left out, so that the frame cannot be decoded.</summary>
    public readonly bool HasDropped(ushort number, ulong differences) => (differences & Before(number, _dropped)) != 0;

    /// <summary>Every reference of a frame was forwarded for certain.</summary>
    public readonly bool HasAll(ushort number, ulong differences) => (differences & ~Before(number, _forwarded)) == 0;

    public void Record(ushort number, bool forwarded)
    {
        var ahead = _started ? Distance(number) : 64;
        if (ahead > 0)
        {
            (_forwarded, _dropped) = ahead < 64 ? (_forwarded << ahead, _dropped << ahead) : (0, 0);
            (_newest, _started, ahead) = (number, true, 0);
        }

        if (ahead < -63) return;
        if (forwarded) _forwarded |= 1UL << -ahead;
        else _dropped |= 1UL << -ahead;
    }

    public void Clear() => (_forwarded, _dropped, _started) = (0, 0, false);

    /// <summary>Bits that stand for the frames before the newest, moved so that bit d − 1 stands for the one d before <paramref name="number"/>.</summary>
    private readonly ulong Before(ushort number, ulong frames)
    {
        if (!_started) return 0;
        var ahead = Distance(number);
        return ahead switch
        {
            > 64 or < -62 => 0,
            > 0 => frames << (ahead - 1),
            _ => frames >> (1 - ahead),
        };
    }

    private readonly int Distance(ushort number) => (number - _newest) << _shift >> _shift;
}
