using Pendopo.Rtc;

namespace Pendopo.Testing.Network;

/// <summary>
/// A process that gets no CPU now and then, as a browser among many on a busy machine: it stands still for a random time and
/// runs for a random time, in turn. What arrives meanwhile waits in its socket. Deterministic by its seed.
/// </summary>
/// <param name="seed">Of the lengths.</param>
/// <param name="shortest">The shortest standstill.</param>
/// <param name="longest">The longest; lengths are uniform between the two.</param>
/// <param name="running">The longest time between two standstills, uniform from a fifth of it.</param>
public sealed class ProcessStalls(int seed, TimeSpan shortest, TimeSpan longest, TimeSpan running)
{
    private readonly Random _random = new(seed);
    private Instant _from;
    private Instant _until;

    /// <summary>When the process next runs: now, or at the end of a standstill. Moments must not go back.</summary>
    public Instant RunsAt(Instant now)
    {
        while (_until <= now)
        {
            _from = _until + running * (0.2 + 0.8 * _random.NextDouble());
            _until = _from + shortest + (longest - shortest) * _random.NextDouble();
        }

        return now < _from ? now : _until;
    }
}
