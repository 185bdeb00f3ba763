namespace Pendopo.Rtc.Srtp;

/// <summary>
/// One outbound SSRC of an <see cref="SrtpContext"/>: which indices were used, at hand without a look-up. Made by
/// <see cref="SrtpContext.OpenStream"/>; one per context and SSRC. Owned by the context's thread.
/// </summary>
public sealed class SrtpSendStream
{
    internal SrtpSendStream(SrtpContext owner, uint ssrc, int window)
    {
        Owner = owner;
        Ssrc = ssrc;
        Sent = new ReplayWindow(window);
    }

    public uint Ssrc { get; }

    internal SrtpContext Owner { get; }

    internal ReplayWindow Sent { get; }
}
