namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// Spatial and temporal layers of VP9 by its payload descriptor (RFC 9628 §4.2).
/// <para>
/// Spatially the way up is a key picture, where every layer begins anew from the one below. The way down is open at the next picture
/// as long as the lower layer was forwarded without a break; where each layer is predicted from itself alone between key pictures
/// (Z says so), the lower ones are of no use to the receiver and are left out, so going down takes a key picture too.
/// </para>
/// <para>
/// Temporally the way up is a picture with U, after which higher layers refer to none of those before; or, where frames name their
/// references (flexible mode), a frame whose references were all forwarded. libwebrtc sets U by the second meaning in flexible
/// mode and by the first outside of it, so each is used where it is safe under both.
/// </para>
/// </summary>
internal sealed class Vp9LayerSelection
{
    /// <summary>A spatial id has three bits.</summary>
    private const int Layers = 8;

    private readonly FrameHistory[] _frames = new FrameHistory[Layers];

    /// <summary>By layer, the pictures of which it was the highest.</summary>
    private readonly FrameHistory[] _tops = new FrameHistory[Layers];

    private FrameHistory _pictures = new(bits: 15);
    private ushort _picture;
    private byte _spatial;
    private byte _temporal;

    /// <summary>The layers before, for late pictures from before <see cref="_since"/>.</summary>
    private LayerAim _previous;

    private ushort _since;
    private ushort _keyPicture;
    private bool _hasKeyPicture;
    private LayerAim _asked;
    private bool _isKeyPicture;
    private bool _opensLayers;
    private bool _needsKeyFrame;
    private bool _hasForwarded;

    /// <summary>The highest spatial layer of the last key picture; a higher one that begins later is forwarded beside the others.</summary>
    private byte _keyTop;

    /// <summary>Bit s: layer s was forwarded whole since the last key picture.</summary>
    private uint _whole;

    public bool IsWaiting { get; private set; }

    public void Begin(LayerAim aim)
    {
        for (var i = 0; i < Layers; i++) _frames[i] = _tops[i] = new FrameHistory(bits: 15);
        _pictures.Clear();
        (_spatial, _temporal) = (aim.Spatial, aim.Temporal);
        _asked = _previous = aim;
        _whole = uint.MaxValue;
        _needsKeyFrame = _isKeyPicture = _hasKeyPicture = _opensLayers = IsWaiting = false;
        _hasForwarded = true;
    }

    public bool? Find(in FrameLayers layers) => _frames[layers.Spatial].Find(layers.Number);

    /// <summary>
    /// The layer is the highest that the receiver gets of its picture: what was decided for its first packet holds for late and repeated ones. Of one that is
    /// long past nobody knows; the marker that it may have had is better missed than had twice.
    /// </summary>
    public bool IsTop(in FrameLayers layers) => _tops[layers.Spatial].Find(layers.Number) == true;

    public bool TakeKeyFrameNeed()
    {
        var needed = _needsKeyFrame;
        _needsKeyFrame = false;
        return needed;
    }

    public bool Accepts(in FrameLayers layers, LayerAim aim)
    {
        ref var frames = ref _frames[layers.Spatial];
        if (frames.Find(layers.Number) is { } known) return known;

        // Before the newest key picture: nobody can use it any more.
        if (_hasKeyPicture && (short)((layers.Number - _keyPicture) << 1) < 0) return false;
        if (_pictures.IsNew(layers.Number)) BeginPicture(layers, aim);
        else if (layers.IsKeyFrame && !(layers.Number == _picture && _isKeyPicture)) TakeLateKeyFrame(layers, aim);

        // Frames of one picture share its temporal layer; what the first one opens is open to all.
        if (layers.Temporal > _temporal && layers.Temporal <= aim.Temporal && layers.Number == _picture && CanRise(layers)) Take(layers.Number, _spatial, layers.Temporal);

        var isEarlier = (short)((layers.Number - _since) << 1) < 0;
        var forwarded = Belongs(layers, new(_spatial, _temporal)) || (isEarlier && Belongs(layers, _previous));
        if (forwarded && IsBroken(layers))
        {
            forwarded = false;
            _needsKeyFrame = true;
        }

        frames.Record(layers.Number, forwarded);
        _tops[layers.Spatial].Record(layers.Number, layers.Spatial == _spatial);
        if (layers.Number == _picture)
        {
            _hasForwarded |= forwarded || layers.Temporal > _temporal;
            if (_isKeyPicture) _keyTop = Math.Max(_keyTop, layers.Spatial);
            if (forwarded && layers.IsSwitchingPoint) _opensLayers = true;
        }

        // What was left out for its temporal layer is used by nobody who gets the rest.
        if (!forwarded && layers.Temporal <= _temporal) _whole &= ~(1u << layers.Spatial);
        return forwarded;
    }

    /// <summary>Layers above are left out; so are those below which nothing in the picture refers to any more.</summary>
    private bool Belongs(in FrameLayers layers, LayerAim selection) =>
        layers.Spatial <= selection.Spatial && layers.Temporal <= selection.Temporal
        && (!layers.IsPredicted || !layers.NotUpperReference || layers.Spatial >= Math.Min(selection.Spatial, _keyTop));

    /// <summary>
    /// The lowest layer of a key picture came after others: of its own picture, which is a key picture then; or of later ones, which were
    /// judged without it, so that only another one can bring what is waited for.
    /// </summary>
    private void TakeLateKeyFrame(in FrameLayers layers, LayerAim aim)
    {
        if (layers.Number == _picture) BeginKeyPicture(layers.Number, aim);
        else if (IsWaiting) _needsKeyFrame = true;
    }

    private void BeginKeyPicture(ushort number, LayerAim aim)
    {
        (_keyPicture, _hasKeyPicture, _isKeyPicture) = (number, true, true);
        Take(number, aim.Spatial, aim.Temporal);
        _whole = uint.MaxValue;
        _keyTop = 0;
        IsWaiting = false;
    }

    private void Take(ushort since, byte spatial, byte temporal)
    {
        if (spatial == _spatial && temporal == _temporal) return;
        (_previous, _since) = (new(_spatial, _temporal), since);
        (_spatial, _temporal) = (spatial, temporal);
    }

    private void BeginPicture(in FrameLayers layers, LayerAim aim)
    {
        // A top layer that stopped without a key picture would leave a receiver of that layer alone with nothing.
        if (!_hasForwarded) _needsKeyFrame = true;
        _hasForwarded = false;
        _pictures.Record(layers.Number, forwarded: true);
        _picture = layers.Number;
        _isKeyPicture = false;
        if (layers.IsKeyFrame)
        {
            BeginKeyPicture(layers.Number, aim);
        }
        else
        {
            var canLower = aim.Spatial < _spatial && (_whole >> aim.Spatial & 1) != 0;
            Take(layers.Number, canLower ? aim.Spatial : _spatial, aim.Temporal < _temporal || _opensLayers ? aim.Temporal : _temporal);
            if (aim.Spatial != _spatial && aim != _asked) _needsKeyFrame = true;
        }

        _asked = aim;
        _opensLayers = false;
        IsWaiting = _spatial != aim.Spatial || (_temporal != aim.Temporal && aim.Temporal != byte.MaxValue);
    }

    private bool CanRise(in FrameLayers layers) =>
        layers.IsFlexible && (!layers.IsPredicted || _frames[layers.Spatial].HasAll(layers.Number, layers.Differences))
        && (!layers.IsInterLayer || layers.Spatial == 0 || _frames[layers.Spatial - 1].Find(layers.Number) == true);

    private bool IsBroken(in FrameLayers layers) =>
        (layers.IsFlexible && layers.IsPredicted && _frames[layers.Spatial].HasDropped(layers.Number, layers.Differences))
        || (layers.IsInterLayer && layers.Spatial > 0 && _frames[layers.Spatial - 1].Find(layers.Number) == false);
}
