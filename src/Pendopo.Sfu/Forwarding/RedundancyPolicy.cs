using Pendopo.Rtc;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// Whether one microphone shall send its sound redundantly (RED, RFC 2198). Opus with in-band FEC covers single losses at no cost of note;
/// RED doubles 40 kb/s and covers nearly all, so it is asked for while loss is audible and taken back when it has been gone for long.
/// </summary>
internal struct RedundancyPolicy
{
    /// <summary>Above 3 % concealment becomes audible although a part is repaired by FEC and retransmission.</summary>
    private const double LossToBegin = 0.03;

    private const double LossToEnd = 0.01;

    /// <summary>One lost burst is no reason: it is over when the sender has switched, and stays in the measured share of lost packets for three seconds.</summary>
    private static readonly TimeSpan BadTime = TimeSpan.FromSeconds(3.5);

    /// <summary>Wi-Fi is bad in waves; switching back and forth with each costs more than the bits.</summary>
    private static readonly TimeSpan GoodTime = TimeSpan.FromSeconds(15);

    private Instant? _badSince;
    private Instant? _goodSince;

    public bool IsWanted { get; private set; }

    /// <summary>Takes in how it stands; true if <see cref="IsWanted"/> has changed.</summary>
    /// <param name="loss">0–1: the worst of the source's own way and its receivers'.</param>
    /// <param name="isPossible">The source and all who may receive it have RED. If not, it is left at once.</param>
    public bool Update(Instant now, double loss, bool isPossible)
    {
        var before = IsWanted;
        _badSince = loss >= LossToBegin ? _badSince ?? now : null;
        _goodSince = loss <= LossToEnd ? _goodSince ?? now : null;
        if (!isPossible) IsWanted = false;
        else if (now - _badSince >= BadTime) IsWanted = true;
        else if (now - _goodSince >= GoodTime) IsWanted = false;
        return IsWanted != before;
    }
}
