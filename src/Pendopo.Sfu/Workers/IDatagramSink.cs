using Pendopo.Rtc.Srtp;
using Pendopo.Rtc.Transport;

namespace Pendopo.Sfu.Workers;

/// <summary>Where a worker puts what it sends: it rents a slot, writes the packet in place, and commits it.</summary>
internal interface IDatagramSink
{
    /// <summary>A slot of at least 1600 bytes, valid until <see cref="Commit"/> or the next call.</summary>
    Span<byte> Rent();

    /// <summary>Queues the first <paramref name="length"/> bytes of the rented slot.</summary>
    void Commit(TransportAddress destination, int length);

    /// <summary>
    /// Where tags of UDP packets may wait until they are sent; null where rented memory may move, or packets leave at once.
    /// </summary>
    SrtpTagBatch? Tags { get; }

    /// <summary>Says that what follows goes to somebody else: a good place to send what is queued.</summary>
    void EndRun();

    /// <summary>A TCP path that nobody uses any more, or that is used for something else than a known peer.</summary>
    void Close(TransportAddress path);
}
