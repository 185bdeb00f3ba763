using Pendopo.Rtc;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// How often each packet of sound is sent to one receiver beyond the first time. A second copy makes of random loss its square (10 %
/// becomes 1 %), for as many bits again: they must fit, and what does not help must end.
/// </summary>
/// <remarks>
/// An estimate says nothing of a line on which nothing but sound was tried: it stands where it began. On such a line every fourth packet
/// is repeated first, then every second, then all. If its queue fills meanwhile, the copies end before much of it is full, and are not
/// tried again for a while that doubles each time.
/// </remarks>
internal struct RepeatPolicy
{
    /// <summary>Above 3 % concealment becomes audible although decoders are good at it.</summary>
    private const double LossToBegin = 0.03;

    private const double LossToEnd = 0.01;

    /// <summary>
    /// Up to here repairs on request leave little: a packet and its first repair are both lost in one case of fifty. But they make a player
    /// wait for a round trip longer, and until it does they come too late, so copies come first where they cost next to nothing.
    /// </summary>
    private const double LossForRequests = 0.15;

    /// <summary>One copy leaves 4 % of 20 %; two leave less than 1 %.</summary>
    private const double LossForTwo = 0.20;

    /// <summary>So much of 3 % may be left by one copy. Bursts that outlast the time between the two leave more.</summary>
    private const double LossAfterOne = 0.02;

    /// <summary>Two copies become one when no more than this is left, for long, of the loss that asked for them.</summary>
    private const double Relief = 0.6;

    private static readonly TimeSpan ReliefTime = TimeSpan.FromSeconds(10);

    /// <summary>Sound with its copies takes so much of the estimate at most: what else there is shares the rest, and the estimate may err.</summary>
    private const double Share = 0.65;

    /// <summary>Where sound and copies take less of the line, they cost next to nothing, and a queue is not theirs.</summary>
    private const double Negligible = 0.25;

    private const int FirstEvery = 4;

    /// <summary>A queue that stands as high is one that copies make, or is made by what else there is, and then losses are its overflow.</summary>
    private static readonly TimeSpan HighQueue = TimeSpan.FromMilliseconds(40);

    /// <summary>A queue that a fourth too much makes grows by 40 ms in a fifth of a second, and is seen after another and a round trip.</summary>
    private static readonly TimeSpan StepTime = TimeSpan.FromSeconds(1);

    /// <summary>Wi-Fi is bad in waves.</summary>
    private static readonly TimeSpan GoodTime = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(8);

    /// <summary>
    /// In that time one voice has 3000 packets: if none of them was lost twice, less than 3 % of all are. This is for paths of which
    /// nothing better is known.
    /// </summary>
    private static readonly TimeSpan SpotlessTime = TimeSpan.FromSeconds(60);

    private Instant? _goodSince;
    private Instant? _spotlessSince;
    private Instant _steppedAt;
    private Instant _triedAt;
    private TimeSpan _pause;
    private int _tooMany;
    private double _lossAtTwo;
    private Instant? _relievedSince;

    /// <summary>0, 1 or 2.</summary>
    public int Copies { get; private set; }

    /// <summary>Which packets have the last of the copies: each, or each second or fourth one. The others have one less.</summary>
    public int Every { get; private set; }

    public void Update(Instant now, in RepeatConditions path)
    {
        _goodSince = path.Loss <= LossToEnd ? _goodSince ?? now : null;
        _spotlessSince = Copies > 0 && path.RepeatedLoss is null or 0.0 ? _spotlessSince ?? now : null;
        _relievedSince = path.Loss < _lossAtTwo * Relief ? _relievedSince ?? now : null;
        var wanted = Wanted(now, path);
        if (Copies > 0 && path.Queue > HighQueue && path.Sound * (1 + Copies) > path.Estimate * Negligible) wanted = Withdraw(now);
        else if (now < _triedAt + _pause) wanted = Math.Min(wanted, _tooMany - 1);
        while (wanted > 0 && path.Sound * (1 + wanted) > path.Estimate * Share) wanted--;
        Take(now, wanted, path);
    }

    private readonly int Wanted(Instant now, in RepeatConditions path) => Copies switch
    {
        0 when path.Queue > HighQueue => 0,
        0 when path.IsRepaired && path.Sound * 2 > path.Carried * Negligible => path.Loss >= LossForRequests ? 1 : 0,
        0 => path.Loss >= LossToBegin ? 1 : 0,
        _ when now - _goodSince >= GoodTime || now - _spotlessSince >= SpotlessTime => 0,
        1 => Every == 1 && (path.Loss >= LossForTwo || path.RepeatedLoss >= LossAfterOne) ? 2 : 1,
        _ => now - _relievedSince >= ReliefTime ? 1 : 2,
    };

    /// <summary>One copy less, and time for the queue to drain before that one is blamed as well.</summary>
    private int Withdraw(Instant now)
    {
        if (_pause > TimeSpan.Zero && now - _triedAt < StepTime) return Copies;
        _pause = _pause == TimeSpan.Zero ? FirstPause : _pause * 2 > LongestPause ? LongestPause : _pause * 2;
        _triedAt = now;
        _tooMany = Copies;
        return Copies - 1;
    }

    private void Take(Instant now, int wanted, in RepeatConditions path)
    {
        if (wanted > Copies) (Every, _steppedAt) = (FirstEvery, now);
        else if (wanted < Copies) Every = 1;
        else if (Every > 1 && now - _steppedAt >= StepTime) (Every, _steppedAt) = (Every / 2, now);
        if (path.Carried >= path.Sound * (1 + wanted)) Every = 1;
        if (wanted == 2 && Copies < 2) _lossAtTwo = path.Loss ?? 0;
        Copies = wanted;
    }
}
