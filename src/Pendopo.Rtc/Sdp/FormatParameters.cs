namespace Pendopo.Rtc.Sdp;

/// <summary>Looks up <c>key=value</c> pairs in an <c>a=fmtp</c> value; keys compare without case, the first one wins.</summary>
internal static class FormatParameters
{
    public static bool TryGet(string? format, string key, out ReadOnlySpan<char> value)
    {
        var rest = format.AsSpan();
        while (!rest.IsEmpty)
        {
            var pair = SdpText.Take(ref rest, ';').Trim(' ');
            if (!SdpText.Take(ref pair, '=').TrimEnd(' ').Equals(key, StringComparison.OrdinalIgnoreCase)) continue;
            value = pair.TrimStart(' ');
            return true;
        }

        value = [];
        return false;
    }

    public static bool TryGetNumber(string? format, string key, uint maximum, out uint value)
    {
        value = 0;
        return TryGet(format, key, out var text) && SdpText.TryNumber(text, maximum, out value);
    }
}
