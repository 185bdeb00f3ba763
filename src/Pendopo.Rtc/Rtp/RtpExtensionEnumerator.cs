namespace Pendopo.Rtc.Rtp;

/// <summary>
/// Walks the extension elements of a packet: <c>while (e.MoveNext()) { e.Id; e.Value; }</c>. A malformed element ends the
/// walk; the elements before it count (RFC 8285 §4.2 asks for that).
/// </summary>
public ref struct RtpExtensionEnumerator
{
    internal const ushort OneByteProfile = 0xBEDE;
    internal const ushort TwoByteProfile = 0x1000;

    /// <summary>The low four bits of the two-byte form's profile are free for the application (RFC 8285 §4.3).</summary>
    private const ushort TwoByteProfileMask = 0xFFF0;

    private readonly ReadOnlySpan<byte> _block;
    private readonly int _blockOffset;
    private readonly bool _twoByte;
    private int _position;
    private int _valueStart;

    internal RtpExtensionEnumerator(ushort profile, ReadOnlySpan<byte> block, int blockOffset)
    {
        _blockOffset = blockOffset;
        _twoByte = (profile & TwoByteProfileMask) == TwoByteProfile;
        if (_twoByte || profile == OneByteProfile) _block = block;
    }

    public byte Id { get; private set; }

    public readonly ReadOnlySpan<byte> Value => _block[_valueStart.._position];

    /// <summary>Where the value starts, counted from the start of the packet, for rewriting it in place.</summary>
    public readonly int ValueOffset => _blockOffset + _valueStart;

    public bool MoveNext()
    {
        while (_position < _block.Length)
        {
            var first = _block[_position];
            if (first == 0)
            {
                _position++; // padding between elements
                continue;
            }

            return _twoByte ? ReadTwoByte(first) : ReadOneByte(first);
        }

        return End();
    }

    private bool ReadOneByte(byte first)
    {
        var id = first >> 4;
        // 15 is reserved and ends the list; 0 with a length must end it as well (RFC 8285 §4.2).
        if (id is 0 or 15) return End();
        return Take((byte)id, _position + 1, (first & 0x0F) + 1);
    }

    private bool ReadTwoByte(byte id) =>
        _position + 1 < _block.Length ? Take(id, _position + 2, _block[_position + 1]) : End();

    private bool Take(byte id, int start, int length)
    {
        if (length > _block.Length - start) return End();
        Id = id;
        _valueStart = start;
        _position = start + length;
        return true;
    }

    private bool End()
    {
        Id = 0;
        _position = _valueStart = _block.Length;
        return false;
    }
}
