namespace Pendopo.Rtc.Srtp;

/// <summary>
/// One outbound SSRC of an <see cref="SrtpContext"/>: which indices were used, at hand without a look-up. Made by
/// <see cref="SrtpContext.OpenStream"/>; one per context and SSRC. Owned by the context's thread.
/// </summary>
public sealed class SrtpSendStream
{
    private readonly SrtpCipher _cipher;

    internal SrtpSendStream(SrtpContext owner, SrtpCipher cipher, uint ssrc, int window)
    {
        Owner = owner;
        _cipher = cipher;
        Ssrc = ssrc;
        Sent = new ReplayWindow(window);
    }

    public uint Ssrc { get; }

    internal SrtpContext Owner { get; }

    internal ReplayWindow Sent { get; }

    /// <summary>
    /// Asks for the memory that protecting the stream's next packet touches (<see cref="CacheLines"/>), a step of pointers at each call;
    /// the object itself should be there already.
    /// </summary>
    /// <param name="step">0, 1 and 2, with some work in between.</param>
    public void Prefetch(int step)
    {
        if (step == 0)
        {
            CacheLines.Fetch(Owner);
            CacheLines.Fetch(Sent);
        }
        else if (step == 1)
        {
            Sent.Prefetch();
        }

        _cipher.Prefetch(step);
    }
}
