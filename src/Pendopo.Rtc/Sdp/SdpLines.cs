namespace Pendopo.Rtc.Sdp;

/// <summary>Walks the <c>x=value</c> lines of a description (RFC 8866 §5); LF and CRLF both end a line.</summary>
internal ref struct SdpLines(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> _rest = text;

    public char Type { get; private set; }

    public ReadOnlySpan<char> Value { get; private set; }

    /// <summary>1-based.</summary>
    public int Number { get; private set; }

    public string? Problem { get; private set; }

    /// <summary>False at the end, and at a line that is none: then <see cref="Problem"/> says why.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty) return false;
        Number++;
        var line = SdpText.Take(ref _rest, '\n');
        if (line is [.., '\r']) line = line[..^1];
        if (line.IsEmpty && _rest.Trim("\r\n").IsEmpty)
        {
            _rest = [];
            return false;
        }

        if (line is not [>= 'a' and <= 'z', '=', ..])
        {
            Problem = $"{SdpText.Quote(line)} is not a line of the form x=value";
            return false;
        }

        if (line.ContainsAnyInRange('\u0000', '\u001f'))
        {
            Problem = "control characters are not allowed";
            return false;
        }

        Type = line[0];
        Value = line[2..];
        return true;
    }
}
