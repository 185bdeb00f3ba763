using Pendopo.Rtc;

namespace Pendopo.Sfu.Speakers;

/// <summary>
/// Who speaks, from the audio levels in header extensions (RFC 6464), which stay readable under end-to-end encryption. A
/// person counts as speaking after about 400 ms of voice within a second, so that a cough or keys do not count, and stops 1.5 s
/// after the last, so that pauses between words do not flicker. The dominant speaker comes first: another one takes that place
/// only by speaking while the first does not. Owned by the worker.
/// </summary>
internal sealed class SpeakerDetector
{
    /// <summary>
    /// Blocks of 100 ms with voice in the last second before somebody speaks. A cough of 250 ms reaches 3 at the worst
    /// alignment.
    /// </summary>
    private const int StartBlocks = 4;

    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(1.5);

    private readonly Dictionary<string, State> _states = [];
    private readonly List<string> _speakers = [];
    private bool _changed;

    /// <summary>The dominant one, then the others, those who began last first.</summary>
    public List<string> Speakers => _speakers;

    /// <summary>The list has changed since <see cref="TakeChange"/>.</summary>
    public bool HasChanged => _changed;

    /// <summary>When somebody stops to count as speaking unless heard again.</summary>
    public Instant Due
    {
        get
        {
            var due = Instant.Never;
            foreach (var speaker in _speakers) due = Instant.Min(due, _states[speaker].LastVoice + Hold);
            return due;
        }
    }

    /// <param name="level">0 (loudest) to 127 (silence).</param>
    public void OnLevel(Instant now, string peer, int level)
    {
        if (!_states.TryGetValue(peer, out var state)) _states[peer] = state = new State();
        state.Activity.Hear(now, level);
        if (!state.Activity.IsActive) return;
        if (state.IsSpeaking) state.LastVoice = now;
        else if (!TryStart(now, peer, state)) return;
        Compete(now, peer, state);
    }

    public void Advance(Instant now)
    {
        for (var i = _speakers.Count - 1; i >= 0; i--)
        {
            var state = _states[_speakers[i]];
            if (now - state.LastVoice < Hold) continue;
            state.IsSpeaking = false;
            state.Activity.Reset();
            _speakers.RemoveAt(i);
            _changed = true;
        }
    }

    public void Remove(string peer)
    {
        _states.Remove(peer);
        if (_speakers.Remove(peer)) _changed = true;
    }

    /// <summary>True when the list changed since the last call.</summary>
    public bool TakeChange()
    {
        var changed = _changed;
        _changed = false;
        return changed;
    }

    private bool TryStart(Instant now, string peer, State state)
    {
        if (state.Activity.Long < StartBlocks) return false;
        state.LastVoice = now;
        state.IsSpeaking = true;
        _speakers.Insert(Math.Min(1, _speakers.Count), peer);
        _changed = true;
        return true;
    }

    private void Compete(Instant now, string peer, State state)
    {
        var dominant = _speakers[0];
        if (ReferenceEquals(dominant, peer) || dominant == peer) return;
        var other = _states[dominant].Activity;
        other.FillSilence(now);
        if (!state.Activity.Dominates(other)) return;
        _speakers.Remove(peer);
        _speakers.Insert(0, peer);
        _changed = true;
    }

    private sealed class State
    {
        public readonly SpeechActivity Activity = new();
        public Instant LastVoice;
        public bool IsSpeaking;
    }
}
