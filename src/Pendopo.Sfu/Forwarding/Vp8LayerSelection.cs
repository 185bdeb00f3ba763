namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// Temporal layers of VP8 by its payload descriptor (RFC 7741 §4.2): a frame is used by its own and higher layers only, and one with
/// Y refers to the lowest layer alone, so a higher layer may begin there.
/// </summary>
internal sealed class Vp8LayerSelection
{
    private FrameHistory _pictures = new(bits: 15);
    private byte _temporal;

    /// <summary>The layer before, for late pictures from before <see cref="_since"/>.</summary>
    private byte _previous;

    private ushort _since;
    private byte _wanted;

    public bool IsWaiting => _temporal < _wanted && _wanted != byte.MaxValue;

    public void Begin(LayerAim aim)
    {
        _pictures.Clear();
        _temporal = _previous = _wanted = aim.Temporal;
    }

    public bool? Find(in FrameLayers layers) => _pictures.Find(layers.Number);

    public bool Accepts(in FrameLayers layers, LayerAim aim)
    {
        if (_pictures.Find(layers.Number) is { } known) return known;
        if (_pictures.IsNew(layers.Number))
        {
            _wanted = aim.Temporal;
            if (layers.IsKeyFrame || _wanted < _temporal) Take(layers.Number, _wanted);
            else if (layers.IsSwitchingPoint && layers.Temporal > _temporal && layers.Temporal <= _wanted) Take(layers.Number, layers.Temporal);
        }

        var isEarlier = (short)((layers.Number - _since) << 1) < 0;
        var forwarded = layers.Temporal <= _temporal || (isEarlier && layers.Temporal <= _previous);
        _pictures.Record(layers.Number, forwarded);
        return forwarded;
    }

    private void Take(ushort since, byte temporal)
    {
        if (temporal != _temporal) (_previous, _temporal, _since) = (_temporal, temporal, since);
    }
}
