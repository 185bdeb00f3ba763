namespace Pendopo.Rtc.Rtp;

/// <summary>Extends 16-bit sequence numbers to 64 bits by the nearest distance to the newest one seen.</summary>
public struct SequenceUnwrapper
{
    private long _newest;
    private bool _started;

    /// <summary>The extended number. The first number becomes 65536 + itself, so that earlier late ones stay positive.</summary>
    public long Unwrap(ushort value)
    {
        if (!_started)
        {
            _started = true;
            return _newest = 0x10000L + value;
        }

        var extended = _newest + (short)(value - (ushort)_newest);
        if (extended > _newest) _newest = extended;
        return extended;
    }

    public readonly long Newest => _newest;
}
