namespace Pendopo.Rtc.Rtp;

/// <summary>
/// The abs-send-time extension: seconds as 6.18 bits of fixed point, so it wraps every 64 s
/// (http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time).
/// </summary>
public static class AbsoluteSendTime
{
    /// <summary>Bytes of the extension's value.</summary>
    public const int Length = 3;

    private const int FractionBits = 18;
    private const long WrapTicks = 64 * TimeSpan.TicksPerSecond;

    /// <summary>Writes the moment into three bytes. Only differences of such values mean something.</summary>
    public static void Write(Span<byte> value, Instant now)
    {
        var ticks = now.Ticks % WrapTicks;
        if (ticks < 0) ticks += WrapTicks;
        var fixedPoint = (uint)((ticks << FractionBits) / TimeSpan.TicksPerSecond);
        value[0] = (byte)(fixedPoint >> 16);
        value[1] = (byte)(fixedPoint >> 8);
        value[2] = (byte)fixedPoint;
    }

    /// <summary>The time since the sender's last wrap; false unless the value has three bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out TimeSpan time)
    {
        time = default;
        if (value.Length != Length) return false;
        var fixedPoint = ((long)value[0] << 16) | ((long)value[1] << 8) | value[2];
        time = new TimeSpan(fixedPoint * TimeSpan.TicksPerSecond >> FractionBits);
        return true;
    }
}
