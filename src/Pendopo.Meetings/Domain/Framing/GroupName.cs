using System.Buffers.Binary;

namespace Pendopo.Meetings.Domain.Framing;

/// <summary>Group ids of docs/e2ee.md §6: H(founding statement) ‖ uint32 generation.</summary>
internal static class GroupName
{
    public const int Length = 36;

    /// <summary>As text.</summary>
    public static string Of(ReadOnlySpan<byte> statementHash, int generation)
    {
        Span<byte> id = stackalloc byte[Length];
        statementHash.CopyTo(id);
        BinaryPrimitives.WriteInt32BigEndian(id[^sizeof(int)..], generation);
        return WireText.Of(id);
    }

    public static string Read(ref WireReader reader) => WireText.Of(reader.ReadVector(Length, Length));
}
