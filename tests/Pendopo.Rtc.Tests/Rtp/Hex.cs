namespace Pendopo.Rtc.Tests.Rtp;

/// <summary>Bytes written by hand, in groups.</summary>
internal static class Hex
{
    public static byte[] Bytes(string text) => Convert.FromHexString(text.Replace(" ", ""));
}
