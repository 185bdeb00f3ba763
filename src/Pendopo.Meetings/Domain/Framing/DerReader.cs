namespace Pendopo.Meetings.Domain.Framing;

/// <summary>Walks over DER (X.690): definite lengths in their shortest form, tags of one byte. The first thing that does not fit fails it for good.</summary>
internal ref struct DerReader(ReadOnlySpan<byte> input)
{
    private ReadOnlySpan<byte> _rest = input;
    private bool _failed;

    /// <summary>Nothing failed and nothing is left.</summary>
    public readonly bool IsComplete => !_failed && _rest.IsEmpty;

    public readonly bool HasMore => !_failed && !_rest.IsEmpty;

    /// <summary>Tag of the next element; 0 where there is none.</summary>
    public readonly byte Next => HasMore ? _rest[0] : (byte)0;

    /// <summary>Content of the next element, which must have this tag.</summary>
    public ReadOnlySpan<byte> Read(byte tag)
    {
        if (Next != tag) _failed = true;
        var element = Skip();
        return _failed ? default : element[^ContentLength(element)..];
    }

    /// <summary>The next element, whole.</summary>
    public ReadOnlySpan<byte> Skip()
    {
        // Tag numbers above 30 take more bytes and occur nowhere in certificates.
        if (_failed || _rest.Length < 2 || (_rest[0] & 0x1F) == 0x1F || HeadLength(_rest) is not { } head || ContentLength(_rest) > _rest.Length - head)
        {
            _failed = true;
            return default;
        }

        var element = _rest[..(head + ContentLength(_rest))];
        _rest = _rest[element.Length..];
        return element;
    }

    /// <summary>Bytes of tag and length; null for lengths that are no DER, or above 65,535.</summary>
    private static int? HeadLength(ReadOnlySpan<byte> element) => element[1] switch
    {
        < 0x80 => 2,
        0x81 when element.Length > 2 && element[2] >= 0x80 => 3,
        0x82 when element.Length > 3 && element[2] > 0 => 4,
        _ => null,
    };

    private static int ContentLength(ReadOnlySpan<byte> element) => element[1] switch
    {
        0x81 => element[2],
        0x82 => (element[2] << 8) | element[3],
        var length => length,
    };
}
