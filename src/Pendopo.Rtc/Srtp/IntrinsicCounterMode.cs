using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pendopo.Rtc.Srtp;

/// <summary>
/// On the machine's AES, eight blocks at a time. What is left of a packet takes a whole group as well: in the room behind the
/// destination if there is enough, else on the stack.
/// </summary>
internal sealed unsafe class IntrinsicCounterMode : CounterMode
{
    private readonly KeyMemory _memory = new(AesNi.ScheduleLength);
    private readonly int _rounds;

    public IntrinsicCounterMode(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
        : base(salt) => _rounds = AesNi.ExpandKey(key, (Vector128<byte>*)_memory.Pointer);

    public override void Dispose()
    {
        base.Dispose();
        _memory.Dispose();
    }

    [SkipLocalsInit]
    protected override void Apply(ReadOnlySpan<byte> source, Span<byte> destination, Vector128<byte> first)
    {
        if (destination.Length < source.Length) throw new ArgumentException("Shorter than the source.", nameof(destination));
        var scratch = stackalloc byte[AesNi.GroupLength];
        var roundKeys = (Vector128<byte>*)_memory.Pointer;
        fixed (byte* from = source, to = destination)
        {
            var counter = AesNi.ToCounter(first);
            var rest = source.Length & (AesNi.GroupLength - 1);
            var whole = source.Length - rest;
            for (var offset = 0; offset < whole; offset += AesNi.GroupLength)
            {
                AesNi.Xor8(roundKeys, _rounds, counter, from + offset, to + offset);
                counter = AesNi.Add(counter, 8);
            }

            if (rest > 0)
            {
                var inPlace = destination.Length - whole >= AesNi.GroupLength;
                var tail = inPlace ? to + whole : scratch;
                if (tail != from + whole) Unsafe.CopyBlockUnaligned(tail, from + whole, (uint)rest);
                if (rest <= 48) AesNi.Xor3(roundKeys, _rounds, counter, counter, tail);
                else if (rest <= 112) AesNi.Xor7(roundKeys, _rounds, counter, counter, tail);
                else AesNi.Xor8(roundKeys, _rounds, counter, tail, tail);
                if (!inPlace) Unsafe.CopyBlockUnaligned(to + whole, scratch, (uint)rest);
            }
        }

        GC.KeepAlive(this);
    }
}
