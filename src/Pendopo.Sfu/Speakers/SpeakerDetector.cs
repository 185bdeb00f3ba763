using Pendopo.Rtc;

namespace Pendopo.Sfu.Speakers;

/// <summary>
/// Who speaks, from the audio levels in header extensions (RFC 6464), which stay readable under end-to-end encryption. A
/// person counts as speaking after about 200 ms of voice, so that a cough or a key does not count, and stops 1.5 s after the
/// last, so that pauses between words do not flicker. Owned by the worker.
/// </summary>
internal sealed class SpeakerDetector
{
    /// <summary>Louder than this (in −dBov, smaller is louder) counts as voice; room noise lies at 55 to 70.</summary>
    private const int VoiceLevel = 50;

    /// <summary>Packets of 20 ms with voice, less those without, before somebody speaks.</summary>
    private const int StartScore = 10;

    private const int MaximumScore = 15;

    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(1.5);

    private readonly Dictionary<string, State> _states = [];
    private readonly List<string> _speakers = [];

    /// <summary>Most recent first.</summary>
    public IReadOnlyList<string> Speakers => _speakers;

    /// <summary>True when the list changed since the last <see cref="TakeChange"/>.</summary>
    private bool _changed;

    /// <param name="level">0 (loudest) to 127 (silence).</param>
    public void OnLevel(Instant now, string peer, int level)
    {
        if (!_states.TryGetValue(peer, out var state)) _states[peer] = state = new State();
        if (level < VoiceLevel)
        {
            state.Score = Math.Min(MaximumScore, state.Score + 1);
            if (state.Score < StartScore) return;
            state.LastVoice = now;
            if (state.IsSpeaking) return;
            state.IsSpeaking = true;
            _speakers.Insert(0, peer);
            _changed = true;
        }
        else if (state.Score > 0)
        {
            state.Score--;
        }
    }

    public void Advance(Instant now)
    {
        for (var i = _speakers.Count - 1; i >= 0; i--)
        {
            var state = _states[_speakers[i]];
            if (now - state.LastVoice < Hold) continue;
            state.IsSpeaking = false;
            state.Score = 0;
            _speakers.RemoveAt(i);
            _changed = true;
        }
    }

    public void Remove(string peer)
    {
        _states.Remove(peer);
        if (_speakers.Remove(peer)) _changed = true;
    }

    public bool TakeChange()
    {
        var changed = _changed;
        _changed = false;
        return changed;
    }

    private sealed class State
    {
        public int Score;
        public Instant LastVoice;
        public bool IsSpeaking;
    }
}
