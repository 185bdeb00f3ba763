using Pendopo.Rtc.Rtp;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// Layers by the Dependency Descriptor (AV1 RTP specification, appendix A): the receiver gets one decode target, that is, the frames
/// whose indication for it is other than “not present”. A target is entered at a frame that is a switch for it and whose references
/// were all forwarded; or at once, where all its frames are also frames of the present one. Chains, which tell a receiver what it must
/// not miss, are not needed for that: who forwards knows every frame that it left out.
/// </summary>
internal sealed class TargetSelection
{
    private const int None = -1;

    private FrameHistory _frames = new(bits: 16);
    private int _structure;
    private ushort _keyFrame;
    private int _current;

    /// <summary>The target before, for late frames from before <see cref="_since"/>.</summary>
    private int _previous;

    private ushort _since;
    private int _wanted;

    /// <summary>The wanted temporal layer in the present spatial one: reached earlier than the wanted target.</summary>
    private int _interim;

    private uint _active;
    private LayerAim _resolved;
    private byte _top;

    /// <summary>Frames that were the highest of their picture.</summary>
    private FrameHistory _tops = new(bits: 16);

    private bool _needsKeyFrame;

    /// <summary>Targets of the newest structure whose frames the receiver gets all.</summary>
    public uint ActiveTargets { get; private set; }

    public bool IsWaiting => _current != _wanted;

    public void Begin()
    {
        _frames.Clear();
        _tops.Clear();
        _structure = 0;
        _current = _previous = _wanted = _interim = None;
        _needsKeyFrame = false;
        ActiveTargets = uint.MaxValue;
    }

    public bool? Find(in FrameLayers layers) => _frames.Find(layers.Number);

    /// <summary>
    /// The frame is the highest that the receiver gets of its picture: what was decided for its first packet holds for late and repeated ones. Of one that is
    /// long past nobody knows; the marker that it may have had is better missed than had twice.
    /// </summary>
    public bool IsTop(in FrameLayers layers) => _tops.Find(layers.Number) == true;

    public bool TakeKeyFrameNeed()
    {
        var needed = _needsKeyFrame;
        _needsKeyFrame = false;
        return needed;
    }

    public bool Accepts(in FrameLayers layers, LayerAim aim, DependencyDescriptorReader structure)
    {
        var descriptor = layers.Descriptor;
        if (descriptor.Structure > _structure)
        {
            if (_current == None || (descriptor.HasTemplateStructure && _frames.IsNew(layers.Number))) Enter(descriptor, aim, structure);
            else EnterLate(descriptor);
        }

        if (descriptor.Structure == _structure && _frames.Find(layers.Number) is { } known) return known;

        // Before the newest key frame: nobody can use it any more. With the same template ids it is read by the new structure.
        if (descriptor.Structure < _structure || (descriptor.Structure == _structure && (short)(layers.Number - _keyFrame) < 0)) return false;
        if (_frames.IsNew(layers.Number)) Move(layers, aim, structure);

        var isEarlier = _previous != None && (short)(layers.Number - _since) < 0;
        var forwarded = _current == None || (descriptor.PresentTargets >> _current & 1) != 0 || (isEarlier && (descriptor.PresentTargets >> _previous & 1) != 0);
        if (forwarded && _frames.HasDropped(layers.Number, layers.Differences))
        {
            forwarded = false;
            _needsKeyFrame = true;
        }

        _frames.Record(layers.Number, forwarded);
        _tops.Record(layers.Number, _current != None && layers.Spatial == _top);
        return forwarded;
    }

    /// <summary>A key frame brings every target within reach.</summary>
    private void Enter(in DependencyDescriptor descriptor, LayerAim aim, DependencyDescriptorReader structure)
    {
        _frames.Clear();
        (_structure, _keyFrame) = (descriptor.Structure, descriptor.FrameNumber);
        _needsKeyFrame = false;

        // The reader is ahead when two key frames came in one batch; then the second one settles it.
        if (structure.Structure != _structure)
        {
            _current = _previous = _wanted = _interim = None;
            return;
        }

        _current = None;
        Resolve(aim, structure);
        Take(descriptor.FrameNumber, _wanted, structure);
        _previous = None;
    }

    /// <summary>
    /// The first packet of a key frame came after later frames, which were read by the structure before and judged by it. What they were
    /// told stays; where something else was waited for, it takes another key frame.
    /// </summary>
    private void EnterLate(in DependencyDescriptor descriptor)
    {
        _structure = descriptor.Structure;
        if (IsWaiting) _needsKeyFrame = true;
    }

    private void Move(in FrameLayers layers, LayerAim aim, DependencyDescriptorReader structure)
    {
        if (_current == None || structure.Structure != _structure) return;
        if (aim != _resolved || structure.ActiveDecodeTargets != _active) Resolve(aim, structure);
        if (_current == _wanted) return;
        if (CanEnter(layers, _wanted, structure)) Take(layers.Number, _wanted, structure);
        else if (_interim != _current && CanEnter(layers, _interim, structure)) Take(layers.Number, _interim, structure);
    }

    private bool CanEnter(in FrameLayers layers, int target, DependencyDescriptorReader structure) =>
        structure.Contains(_current, target)
        || ((layers.Descriptor.SwitchTargets >> target & 1) != 0 && !layers.Descriptor.HasFarDifference && _frames.HasAll(layers.Number, layers.Differences));

    private void Resolve(LayerAim aim, DependencyDescriptorReader structure)
    {
        _resolved = aim;
        _active = structure.ActiveDecodeTargets;
        _wanted = Best(aim, structure);
        _interim = _current == None ? _wanted : Best(aim with { Spatial = structure.TargetLayers(_current).Spatial }, structure);
        if (_current == None || structure.Contains(_current, _wanted)) return;

        // Temporal layers open at switching points, which come by themselves.
        if (structure.TargetLayers(_wanted).Spatial != structure.TargetLayers(_current).Spatial) _needsKeyFrame = true;
    }

    private void Take(ushort since, int target, DependencyDescriptorReader structure)
    {
        (_previous, _current, _since) = (_current, target, since);
        _top = structure.TargetLayers(target).Spatial;
        ActiveTargets = 0;
        for (var other = 0; other < structure.DecodeTargetCount; other++)
        {
            if ((_active >> other & 1) != 0 && structure.Contains(target, other)) ActiveTargets |= 1u << other;
        }
    }

    /// <summary>The largest target within the aim that is being sent; the smallest if none is within it.</summary>
    private static int Best(LayerAim aim, DependencyDescriptorReader structure)
    {
        int best = None, smallest = None;
        for (var target = 0; target < structure.DecodeTargetCount; target++)
        {
            if ((structure.ActiveDecodeTargets >> target & 1) == 0) continue;
            var layers = structure.TargetLayers(target);
            if (smallest == None || layers.CompareTo(structure.TargetLayers(smallest)) < 0) smallest = target;
            if (layers.Spatial > aim.Spatial || layers.Temporal > aim.Temporal) continue;
            if (best == None || layers.CompareTo(structure.TargetLayers(best)) > 0) best = target;
        }

        return best != None ? best : smallest != None ? smallest : 0;
    }
}
