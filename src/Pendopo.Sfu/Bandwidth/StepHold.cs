using Pendopo.Rtc;

namespace Pendopo.Sfu.Bandwidth;

/// <summary>
/// Keeps a picture that had to go down from going up again at once. Each time it comes down again soon after it rose, the wait doubles: a
/// path that does not carry a step is not asked every few seconds whether it has changed its mind.
/// </summary>
internal struct StepHold
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(24);

    /// <summary>A step that held for so long was right; coming down after that is something new.</summary>
    private static readonly TimeSpan Proof = TimeSpan.FromSeconds(15);

    private Instant _until;
    private Instant _roseAt;
    private TimeSpan _wait;
    private bool _hasRisen;

    public readonly bool IsHolding(Instant now) => _wait > TimeSpan.Zero && now < _until;

    public void OnRise(Instant now) => (_hasRisen, _roseAt) = (true, now);

    public void OnFall(Instant now)
    {
        var isSoon = _hasRisen && now - _roseAt < Proof;
        _wait = isSoon && _wait > TimeSpan.Zero ? (_wait * 2 < Longest ? _wait * 2 : Longest) : Shortest;
        _until = now + _wait;
    }
}
