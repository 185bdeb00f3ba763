using System.Buffers.Binary;
using System.Numerics;

namespace Pendopo.Rtc.Congestion;

/// <summary>Constants of draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1.</summary>
internal static class TransportFeedbackFormat
{
    public const byte NotReceived = 0;
    public const byte SmallDelta = 1;
    public const byte LargeDelta = 2;

    /// <summary>Base sequence number, status count, reference time and feedback count.</summary>
    public const int ControlHeaderLength = 8;

    public const int OneBitSymbols = 14;
    public const int TwoBitSymbols = 7;
    public const int MaximumRun = 0x1fff;

    /// <summary>250 µs in ticks.</summary>
    public const long DeltaTicks = 250 * TimeSpan.TicksPerMicrosecond;

    /// <summary>64 ms in ticks; the field has 24 bits.</summary>
    public const long ReferenceTicks = 64 * TimeSpan.TicksPerMillisecond;

    /// <summary>After this time, about 12 days, the reference time starts again from zero.</summary>
    public const long WrapTicks = ReferenceTicks << 24;
}

/// <summary>
/// Walks the FCI of a received feedback message: <c>while (reader.MoveNext())</c>, then <see cref="Sequence"/>,
/// <see cref="IsReceived"/> and <see cref="ArrivalTicks"/> (100 ns, on the receiver's clock; relative values are what counts).
/// A message is checked as a whole first: a malformed one gives nothing.
/// </summary>
public ref struct TransportFeedbackReader
{
    private ReadOnlySpan<byte> _chunks;
    private ReadOnlySpan<byte> _deltas;
    private int _remaining;
    private ushort _next;

    // What is left of the current chunk: symbols of _symbolBits each, the next one topmost; a run repeats one symbol.
    private int _chunkRemaining;
    private int _symbolBits;
    private int _symbols;

    public TransportFeedbackReader(ReadOnlySpan<byte> feedbackControl)
    {
        IsMalformed = true;
        if (feedbackControl.Length < TransportFeedbackFormat.ControlHeaderLength + 2) return;
        _next = BinaryPrimitives.ReadUInt16BigEndian(feedbackControl);
        var count = BinaryPrimitives.ReadUInt16BigEndian(feedbackControl[2..]);
        if (count == 0) return;
        ArrivalTicks = (BinaryPrimitives.ReadUInt32BigEndian(feedbackControl[4..]) >> 8) * TransportFeedbackFormat.ReferenceTicks;
        FeedbackCount = feedbackControl[7];

        _chunks = feedbackControl[TransportFeedbackFormat.ControlHeaderLength..];
        if (!TryMeasure(_chunks, count, out var chunkBytes, out var deltaBytes)) return;
        if (_chunks.Length - chunkBytes < deltaBytes) return;
        _deltas = _chunks.Slice(chunkBytes, deltaBytes);
        _chunks = _chunks[..chunkBytes];
        _remaining = count;
        IsMalformed = false;
    }

    public readonly bool IsMalformed { get; }

    /// <summary>Counts the messages of one receiver, modulo 256; a gap tells of lost feedback.</summary>
    public readonly byte FeedbackCount { get; }

    /// <summary>Goes to the next packet of the transport, received or not.</summary>
    public bool MoveNext()
    {
        if (_remaining == 0) return false;
        _remaining--;
        Sequence = _next++;
        switch (NextSymbol())
        {
            case TransportFeedbackFormat.SmallDelta:
                ArrivalTicks += _deltas[0] * TransportFeedbackFormat.DeltaTicks;
                _deltas = _deltas[1..];
                IsReceived = true;
                break;
            case TransportFeedbackFormat.LargeDelta:
                ArrivalTicks += BinaryPrimitives.ReadInt16BigEndian(_deltas) * TransportFeedbackFormat.DeltaTicks;
                _deltas = _deltas[2..];
                IsReceived = true;
                break;
            default:
                IsReceived = false;
                break;
        }

        return true;
    }

    public ushort Sequence { readonly get; private set; }

    public bool IsReceived { readonly get; private set; }

    /// <summary>When it arrived; for a packet that did not, when the last one before it did.</summary>
    public long ArrivalTicks { readonly get; private set; }

    private int NextSymbol()
    {
        if (_chunkRemaining == 0)
        {
            Open(BinaryPrimitives.ReadUInt16BigEndian(_chunks), out _chunkRemaining, out _symbolBits, out _symbols);
            _chunks = _chunks[2..];
        }

        _chunkRemaining--;
        if (_symbolBits == 0) return _symbols;
        return (_symbols >> (_chunkRemaining * _symbolBits)) & ((1 << _symbolBits) - 1);
    }

    private static void Open(int chunk, out int length, out int symbolBits, out int symbols)
    {
        if ((chunk & 0x8000) == 0)
        {
            (length, symbolBits, symbols) = (chunk & TransportFeedbackFormat.MaximumRun, 0, (chunk >> 13) & 3);
            return;
        }

        symbols = chunk & 0x3fff;
        (length, symbolBits) = (chunk & 0x4000) == 0
            ? (TransportFeedbackFormat.OneBitSymbols, 1)
            : (TransportFeedbackFormat.TwoBitSymbols, 2);
    }

    // How many bytes the chunks and the deltas take. False where chunks are missing, empty, or use the reserved symbol 3.
    private static bool TryMeasure(ReadOnlySpan<byte> control, int count, out int chunkBytes, out int deltaBytes)
    {
        (chunkBytes, deltaBytes) = (0, 0);
        while (count > 0)
        {
            if (control.Length < chunkBytes + 2) return false;
            Open(BinaryPrimitives.ReadUInt16BigEndian(control[chunkBytes..]), out var length, out var symbolBits, out var symbols);
            chunkBytes += 2;
            if (length == 0) return false;
            var used = Math.Min(length, count);
            count -= used;
            if (symbolBits == 0)
            {
                if (symbols == 3) return false;
                deltaBytes += used * symbols;
                continue;
            }

            // Symbols beyond the count say nothing.
            symbols >>= (length - used) * symbolBits;
            if (symbolBits == 1)
            {
                deltaBytes += BitOperations.PopCount((uint)symbols);
                continue;
            }

            var small = symbols & 0x1555;
            var large = symbols >> 1 & 0x1555;
            if ((small & large) != 0) return false;
            deltaBytes += BitOperations.PopCount((uint)small) + 2 * BitOperations.PopCount((uint)large);
        }

        return true;
    }
}
