using Pendopo.Rtc.Rtp;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// Says of every packet of the stream behind a slot whether the receiver gets it, when it shall have fewer spatial or temporal layers
/// than are sent. Down it goes at the next frame, up only where the stream allows it: at a key frame, at a switching point, or (by
/// Dependency Descriptor) at a frame that opens a decode target and whose references were all forwarded. Without IO and clock; owned
/// by its slot.
/// </summary>
internal sealed class LayerSelector
{
    private readonly Vp8LayerSelection _vp8 = new();
    private Vp9LayerSelection? _vp9;
    private TargetSelection? _targets;
    private LayerScheme _scheme;
    private LayerAim _aim = LayerAim.Everything;

    /// <summary>What the receiver shall have at most.</summary>
    public LayerAim Aim => _aim;

    /// <summary>Pictures that are left out must leave no gap in the picture ids.</summary>
    public bool ClosesPictures => _scheme == LayerScheme.Vp8;

    /// <summary>The decode targets that the receiver gets, bit i for target i of the newest template structure.</summary>
    public uint ActiveTargets => _scheme == LayerScheme.Descriptor ? _targets!.ActiveTargets : uint.MaxValue;

    /// <summary>What is forwarded differs from the aim: a key frame or a switching point has to come first.</summary>
    public bool IsWaiting => _scheme switch
    {
        LayerScheme.Vp8 => _vp8.IsWaiting,
        LayerScheme.Vp9 => _vp9!.IsWaiting,
        LayerScheme.Descriptor => _targets!.IsWaiting,
        _ => false,
    };

    /// <summary>The slot goes over to another stream with the packet that follows, which starts a key frame.</summary>
    public void Begin(LayerAim aim)
    {
        _aim = aim;
        _scheme = LayerScheme.None;
    }

    /// <summary>Other layers of the present stream.</summary>
    public void Redirect(LayerAim aim) => _aim = aim;

    /// <summary>True if the packet is to be forwarded. All packets of a frame get the same answer, late ones too.</summary>
    /// <param name="layers">What the packet says.</param>
    /// <param name="structure">The stream's reader of Dependency Descriptors.</param>
    public bool Accepts(in FrameLayers layers, DependencyDescriptorReader structure)
    {
        // Single layer, or a descriptor that cannot be read until the first packet of its key frame is repaired.
        if (layers.Scheme == LayerScheme.None) return true;
        if (layers.Scheme != _scheme) Start(layers.Scheme);
        return layers.Scheme switch
        {
            LayerScheme.Vp8 => _vp8.Accepts(layers, _aim),
            LayerScheme.Vp9 => _vp9!.Accepts(layers, _aim),
            _ => _targets!.Accepts(layers, _aim, structure),
        };
    }

    /// <summary>
    /// The packet ends what the receiver gets of its picture, though the sender's picture goes on with layers that are left out: it
    /// needs the marker (RFC 9628 §4.1, AV1 RTP specification §4.2).
    /// </summary>
    public bool EndsPicture(in FrameLayers layers) => layers.EndOfFrame && layers.Scheme == _scheme && _scheme switch
    {
        LayerScheme.Vp9 => _vp9!.IsTop(layers),
        LayerScheme.Descriptor => _targets!.IsTop(layers),
        _ => false,
    };

    /// <summary>The packet belongs to a frame that was left out.</summary>
    public bool WasLeftOut(in FrameLayers layers) => layers.Scheme == _scheme && _scheme switch
    {
        LayerScheme.Vp8 => _vp8.Find(layers) == false,
        LayerScheme.Vp9 => _vp9!.Find(layers) == false,
        LayerScheme.Descriptor => _targets!.Find(layers) == false,
        _ => false,
    };

    /// <summary>True once when the aim turned out to be out of reach without a key frame.</summary>
    public bool TakeKeyFrameNeed() => _scheme switch
    {
        LayerScheme.Vp9 => _vp9!.TakeKeyFrameNeed(),
        LayerScheme.Descriptor => _targets!.TakeKeyFrameNeed(),
        _ => false,
    };

    private void Start(LayerScheme scheme)
    {
        _scheme = scheme;
        switch (scheme)
        {
            case LayerScheme.Vp8:
                _vp8.Begin(_aim);
                break;
            case LayerScheme.Vp9:
                (_vp9 ??= new()).Begin(_aim);
                break;
            default:
                (_targets ??= new()).Begin();
                break;
        }
    }
}

/// <summary>The spatial and temporal layer that a receiver shall have at most.</summary>
internal readonly record struct LayerAim(byte Spatial, byte Temporal)
{
    public static readonly LayerAim Everything = new(byte.MaxValue, byte.MaxValue);
}
