namespace Pendopo.Rtc.Sdp;

/// <summary>Why a description was refused, with the 1-based line it stands in (0 when no single line is at fault).</summary>
public sealed record SdpError(string Message, int Line = 0)
{
    public override string ToString() => Line == 0 ? Message : $"line {Line}: {Message}";
}
