using Pendopo.Rtc;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// A picture's packet that waits for its receiver's line: where it is kept, and the numbers that it was given. It stays in the source's
/// <see cref="Pendopo.Rtc.Congestion.RetransmissionCache"/>, so that waiting costs no copy.
/// </summary>
internal struct WaitingPacket
{
    public PublishedLayer Layer;

    /// <summary>In the source's own count.</summary>
    public long Sequence;

    public RewrittenNumbers Numbers;

    public Instant Since;

    /// <summary>Of the payload.</summary>
    public int Bytes;

    /// <summary>The decode targets that the receiver had when the packet came.</summary>
    public uint ActiveTargets;

    public bool IsMarked;

    /// <summary>A late one that was left out, of which only the number is sent.</summary>
    public bool IsEmpty;

    /// <summary>The next one of the same slot; the queue's.</summary>
    public int Next;
}

/// <summary>The packets of one slot that wait, in order.</summary>
internal struct WaitingLine
{
    /// <summary>Places in the queue.</summary>
    public int First;

    public int Last;

    public int Count;

    public int Bytes;

    /// <summary>It is too long: nothing more is taken until it is gone.</summary>
    public bool IsClosed;

    /// <summary>Of the receiver's numbers, the newest that has left: later ones may be given again.</summary>
    public long SentUntil;
}
