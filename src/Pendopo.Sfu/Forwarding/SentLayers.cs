using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// What a source's sender says of its layers, where it does (<see cref="VideoLayersAllocation"/>): which it sends, and with which target
/// rate. It knows that sooner than packets tell, but packets are believed where they say otherwise. Owned by the worker.
/// </summary>
internal sealed class SentLayers
{
    /// <summary>What was on its way when the sender switched a layer off arrives within this, repairs included.</summary>
    private static readonly TimeSpan InFlight = TimeSpan.FromMilliseconds(300);

    private VideoLayersAllocation _told;
    private Instant? _since;
    private uint _ssrc;
    private long _sequence;

    /// <summary>Takes what stood in a packet; true if other layers are sent than before.</summary>
    /// <param name="now">The present moment.</param>
    /// <param name="ssrc">The packet's.</param>
    /// <param name="sequence">Its extended number, since a late one tells what is over.</param>
    /// <param name="value">The extension's.</param>
    public bool TryTake(Instant now, uint ssrc, long sequence, ReadOnlySpan<byte> value)
    {
        if (_since is not null && ssrc == _ssrc && sequence < _sequence) return false;
        if (!VideoLayersAllocation.TryParse(value, out var told)) return false;
        var isOther = _since is null || !told.HasSameLayers(_told);
        if (isOther) _since = now;
        (_told, _ssrc, _sequence) = (told, ssrc, sequence);
        return isOther;
    }

    /// <summary>The sender has switched the stream off.</summary>
    /// <param name="stream">Its place in the sender's order.</param>
    /// <param name="lastPacketAt">A packet that comes long after the sender said so proves it wrong.</param>
    public bool IsOff(int stream, Instant lastPacketAt) => _told.TopSpatialLayer(stream) < 0 && lastPacketAt - _since < InFlight;

    /// <summary>The sender has switched a spatial layer of the stream off.</summary>
    /// <param name="stream">Its place in the sender's order.</param>
    /// <param name="aim">Whose spatial layer is meant.</param>
    /// <param name="lastPacketAt">As above, of that layer.</param>
    public bool IsOff(int stream, LayerAim aim, Instant lastPacketAt) =>
        Spatial(stream, aim) is var spatial && !_told.IsActive(stream, spatial) && lastPacketAt - _since < InFlight;

    /// <summary>What the encoder aims at, in bits per second, for all that a receiver of these layers gets; 0 where nothing was told of them.</summary>
    public long TargetRate(int stream, LayerAim aim) => _told.TargetRate(stream, Spatial(stream, aim), aim.Temporal).BitsPerSecond;

    /// <summary>Lines of the pictures; 0 while unknown.</summary>
    public int Height(int stream, LayerAim aim) => _told.Size(stream, Spatial(stream, aim)).Height;

    private int Spatial(int stream, LayerAim aim) => aim == LayerAim.Everything ? _told.TopSpatialLayer(stream) : aim.Spatial;
}
