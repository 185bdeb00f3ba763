using System.ComponentModel;
using System.Runtime.InteropServices;
using Pendopo.Rtc.Transport;

namespace Pendopo.Sfu.Network;

/// <summary>
/// Packets on their way to one sendmmsg(2). While packets are added, a run to one destination grows into one message: its vectors are
/// neighbours, so that nothing is moved. A run's packets have one length; a shorter one ends it (udp(7), UDP_SEGMENT).
/// </summary>
internal sealed unsafe class SendBatch(int descriptor, uint addressBytes, bool segment) : IDisposable
{
    /// <summary>Twice what is flushed at once, so that a run begun before the threshold ends in the same batch.</summary>
    private const int Capacity = 2 * UdpEndpoint.BatchSize;

    /// <summary>UDP_MAX_SEGMENTS of kernels before 6.9; later ones take 128.</summary>
    private const int MaximumSegments = 64;

    /// <summary>A datagram before it is cut: 65,535 bytes less the headers of IPv6 and UDP, with room for options.</summary>
    private const int MaximumRunBytes = 65_000;

    /// <summary>EINVAL comes where one path's MTU is below the packets' length, too: only several in a row speak of the system.</summary>
    private const int RefusalsBeforeGivingUp = 16;

    private readonly DatagramBatch _batch = new(Capacity, addressBytes);
    private TransportAddress _destination;
    private int _messages;
    private int _segmentBytes;
    private int _runBytes;
    private bool _isRunOpen;
    private int _refusals;

    /// <summary>Packets added since the last <see cref="Send"/>.</summary>
    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    /// <summary>Messages made of them; fewer than packets where runs were found.</summary>
    public int Messages => _messages;

    public bool Segments { get; private set; } = segment;

    public Span<byte> Rent() => new(_batch.Slot(Count), UdpEndpoint.SlotBytes);

    public void Add(TransportAddress destination, int length)
    {
        _batch.Vectors[Count].Length = (nuint)length;
        if (_isRunOpen && length <= _segmentBytes && _runBytes + length <= MaximumRunBytes && destination == _destination)
        {
            var message = _batch.Messages + (_messages - 1);
            message->VectorCount++;
            if (message->ControlLength == 0)
            {
                var control = (LibC.SegmentControl*)message->Control;
                control->Segment = (ushort)_segmentBytes;
                message->ControlLength = (nuint)sizeof(LibC.SegmentControl);
            }

            _runBytes += length;
            _isRunOpen = length == _segmentBytes && message->VectorCount < MaximumSegments;
        }
        else
        {
            _destination = destination;
            _batch.WriteAddress(_messages, destination);
            var message = _batch.Messages + _messages;
            message->Vectors = _batch.Vectors + Count;
            message->VectorCount = 1;
            message->Control = _batch.Controls + _messages;
            message->ControlLength = 0;
            _messages++;
            (_segmentBytes, _runBytes, _isRunOpen) = (length, length, Segments);
        }

        Count++;
    }

    /// <summary>Hands everything to the system; what it refuses is counted and lost, as on the wire.</summary>
    /// <exception cref="Win32Exception">The socket is unusable.</exception>
    public void Send(out int sent, out int refused, out int overflowed)
    {
        (sent, refused, overflowed) = (0, 0, 0);
        var next = 0;
        while (next < _messages)
        {
            var taken = LibC.SendMany(descriptor, _batch.Messages + next, (uint)(_messages - next), LibC.MsgDontWait | LibC.MsgNoSignal);
            if (taken > 0)
            {
                for (var end = next + taken; next < end; next++)
                {
                    var packets = (int)_batch.Messages[next].VectorCount;
                    if (packets > 1) _refusals = 0;
                    sent += packets;
                }

                continue;
            }

            // sendmmsg reports an error only for the first message it was given, so that one alone is at fault.
            var message = _batch.Messages + next;
            switch (Marshal.GetLastPInvokeError())
            {
                case LibC.Eintr:
                    break;
                case LibC.Eagain or LibC.Enobufs:
                    for (; next < _messages; next++) overflowed += (int)_batch.Messages[next].VectorCount;
                    break;
                case var error and (LibC.Ebadf or LibC.Enotsock or LibC.Efault):
                    Clear();
                    throw new Win32Exception(error);
                case var error and (LibC.Eio or LibC.Einval) when message->VectorCount > 1:
                    // EIO: no checksum offload on the way out, so the system never cuts there.
                    _refusals = error == LibC.Eio ? RefusalsBeforeGivingUp : _refusals + 1;
                    if (_refusals >= RefusalsBeforeGivingUp) Segments = false;
                    SendOneByOne(message, ref sent, ref refused, ref overflowed);
                    next++;
                    break;
                default:
                    refused += (int)message->VectorCount;
                    next++;
                    break;
            }
        }

        Clear();
    }

    public void Dispose() => _batch.Dispose();

    private void SendOneByOne(LibC.MultiMessage* run, ref int sent, ref int refused, ref int overflowed)
    {
        var single = *run;
        single.VectorCount = 1;
        single.ControlLength = 0;
        for (nuint i = 0; i < run->VectorCount; i++)
        {
            single.Vectors = run->Vectors + i;
            if (LibC.SendMany(descriptor, &single, 1, LibC.MsgDontWait | LibC.MsgNoSignal) == 1) sent++;
            else if (Marshal.GetLastPInvokeError() is LibC.Eagain or LibC.Enobufs) overflowed++;
            else refused++;
        }
    }

    private void Clear()
    {
        Count = _messages = 0;
        _isRunOpen = false;
    }
}
