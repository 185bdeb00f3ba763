namespace Pendopo.Sfu.Capture;

/// <summary>Bytes from one writing thread to one reading one, without a lock. What does not fit is refused whole.</summary>
internal sealed class CaptureRing(int capacity)
{
    private readonly byte[] _bytes = new byte[capacity];
    private long _written;
    private long _read;

    /// <summary>By the writer only.</summary>
    public bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _bytes.Length - (_written - Volatile.Read(ref _read))) return false;
        var start = (int)(_written % _bytes.Length);
        var first = Math.Min(bytes.Length, _bytes.Length - start);
        bytes[..first].CopyTo(_bytes.AsSpan(start));
        bytes[first..].CopyTo(_bytes);
        Volatile.Write(ref _written, _written + bytes.Length);
        return true;
    }

    /// <summary>What lies ready in one piece; by the reader only, who then calls <see cref="Advance"/>.</summary>
    public ReadOnlyMemory<byte> Peek()
    {
        var ready = Volatile.Read(ref _written) - _read;
        var start = (int)(_read % _bytes.Length);
        return _bytes.AsMemory(start, (int)Math.Min(ready, _bytes.Length - start));
    }

    public void Advance(int count) => Volatile.Write(ref _read, _read + count);
}
