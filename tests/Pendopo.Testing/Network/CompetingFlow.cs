using Pendopo.Rtc;

namespace Pendopo.Testing.Network;

/// <summary>
/// A download through the same bottleneck, as TCP with Reno's rules does it (RFC 5681): the window grows by a segment per round
/// trip and halves when a segment is lost. Only its load on the link matters; it carries nothing.
/// </summary>
public sealed class CompetingFlow
{
    private const int SegmentBytes = 1400;

    private readonly VirtualClock _clock;
    private readonly SimulatedLink _link;
    private readonly TimeSpan _acknowledgement;
    private readonly Instant _end;
    private double _window = 10;
    private int _inFlight;
    private Instant _recoveredAt;

    /// <param name="acknowledgement">The way back.</param>
    public CompetingFlow(VirtualClock clock, SimulatedLink link, TimeSpan acknowledgement, TimeSpan length)
    {
        ArgumentNullException.ThrowIfNull(clock);
        (_clock, _link, _acknowledgement, _end) = (clock, link, acknowledgement, clock.Now + length);
        Fill();
    }

    public long DeliveredBytes { get; private set; }

    private void Fill()
    {
        while (_inFlight < _window && _clock.Now < _end)
        {
            _inFlight++;
            if (_link.Offer(_clock.Now, SegmentBytes, out var delivery))
            {
                DeliveredBytes += SegmentBytes;
                _clock.At(delivery + _acknowledgement, () => OnAnswer(lost: false));
            }
            else
            {
                // Duplicate acknowledgements of later segments tell of it about when its own would have.
                _clock.After(_link.QueueDelay(_clock.Now) + _link.Options.Delay + _acknowledgement, () => OnAnswer(lost: true));
            }
        }
    }

    private void OnAnswer(bool lost)
    {
        _inFlight--;
        if (!lost)
        {
            _window += 1 / _window;
        }
        else if (_clock.Now >= _recoveredAt)
        {
            _window = Math.Max(2, _window / 2);
            _recoveredAt = _clock.Now + _link.QueueDelay(_clock.Now) + _link.Options.Delay + _acknowledgement;
        }

        Fill();
    }
}
