using System.Buffers.Binary;

namespace Pendopo.Fuzz;

/// <summary>Makes inputs out of a target's corpus. The same seed and index give the same input.</summary>
internal sealed class Mutator(FuzzTarget target, ulong seed)
{
    private const int LongestInput = 64 * 1024;

    private static readonly byte[] EdgeBytes = [0, 1, 0x7f, 0x80, 0xfe, 0xff];

    private readonly IReadOnlyList<byte[]> _corpus = target.Corpus;
    private readonly IReadOnlyList<byte[]> _dictionary = target.Dictionary;
    private readonly byte[] _bytes = new byte[LongestInput];
    private readonly byte[] _scratch = new byte[LongestInput];
    private int _length;
    private FuzzRandom _random;

    /// <summary>The first inputs are the corpus itself. The span is valid until the next call.</summary>
    public Span<byte> Make(long index)
    {
        _random = new(unchecked((seed * 0x2545F4914F6CDD1D) + (ulong)index));
        _length = 0;
        Insert(0, index < _corpus.Count ? _corpus[(int)index] : _corpus[_random.Below(_corpus.Count)]);
        if (index < _corpus.Count) return _bytes.AsSpan(0, _length);
        // 1, 2, 4 or 8: few leave most of the input good, many reach far.
        for (var steps = 1 << _random.Below(4); steps > 0; steps--) Step();
        return _bytes.AsSpan(0, _length);
    }

    private void Step()
    {
        switch (_random.Below(target.IsText ? 11 : 9))
        {
            case 0:
                if (_length > 0) _bytes[_random.Below(_length)] ^= (byte)(1 << _random.Below(8));
                break;
            case 1:
                if (_length > 0) _bytes[_random.Below(_length)] = EdgeBytes[_random.Below(EdgeBytes.Length)];
                break;
            case 2:
                InsertRandom();
                break;
            case 3:
                Delete(_random.Below(_length), 1 + _random.Below(16));
                break;
            case 4:
                Splice();
                break;
            case 5:
                TweakLength();
                break;
            case 6:
                AddToken();
                break;
            case 7:
                RepeatRange();
                break;
            case 8:
                _length = _random.Below(_length + 1);
                break;
            case 9:
                MoveLine(remove: true);
                break;
            default:
                MoveLine(remove: false);
                break;
        }
    }

    private void InsertRandom()
    {
        Span<byte> added = stackalloc byte[1 + _random.Below(16)];
        foreach (ref var value in added) value = (byte)_random.Next();
        Insert(_random.Below(_length + 1), added);
    }

    /// <summary>The front of this input and the back of another.</summary>
    private void Splice()
    {
        var other = _corpus[_random.Below(_corpus.Count)];
        _length = _random.Below(_length + 1);
        Insert(_length, other.AsSpan(_random.Below(other.Length + 1)));
    }

    /// <summary>Writes a 16-bit number near what a length at this place would be, in bytes or in words.</summary>
    private void TweakLength()
    {
        if (_length < 2) return;
        var offset = _random.Below(_length - 1);
        var rest = _length - offset - 2;
        var value = _random.Below(6) switch
        {
            0 => rest,
            1 => rest + 1,
            2 => rest - 1,
            3 => rest / 4,
            4 => (rest / 4) + 1,
            _ => ushort.MaxValue,
        };
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(offset), (ushort)value);
    }

    private void AddToken()
    {
        if (_dictionary.Count == 0) return;
        var token = _dictionary[_random.Below(_dictionary.Count)];
        var offset = _random.Below(_length + 1);
        if (_random.Below(2) == 0) Delete(offset, token.Length);
        Insert(Math.Min(offset, _length), token);
    }

    private void RepeatRange()
    {
        var offset = _random.Below(_length);
        var length = Math.Min(1 + _random.Below(256), _length - offset);
        _bytes.AsSpan(offset, length).CopyTo(_scratch);
        Insert(_random.Below(_length + 1), _scratch.AsSpan(0, length));
    }

    /// <summary>Takes a line out, or repeats it, at another place.</summary>
    private void MoveLine(bool remove)
    {
        var near = _random.Below(_length);
        var start = _bytes.AsSpan(0, near).LastIndexOf((byte)'\n') + 1;
        var end = _bytes.AsSpan(near, _length - near).IndexOf((byte)'\n');
        end = end < 0 ? _length : near + end + 1;
        var line = _scratch.AsSpan(0, end - start);
        _bytes.AsSpan(start, line.Length).CopyTo(line);
        if (remove) Delete(start, line.Length);
        if (remove && _random.Below(2) == 0) return;
        Insert(_bytes.AsSpan(0, _random.Below(_length + 1)).LastIndexOf((byte)'\n') + 1, line);
    }

    private void Insert(int offset, ReadOnlySpan<byte> added)
    {
        added = added[..Math.Min(added.Length, LongestInput - _length)];
        _bytes.AsSpan(offset, _length - offset).CopyTo(_bytes.AsSpan(offset + added.Length));
        added.CopyTo(_bytes.AsSpan(offset));
        _length += added.Length;
    }

    private void Delete(int offset, int count)
    {
        count = Math.Min(count, _length - offset);
        _bytes.AsSpan(offset + count, _length - offset - count).CopyTo(_bytes.AsSpan(offset));
        _length -= count;
    }
}
