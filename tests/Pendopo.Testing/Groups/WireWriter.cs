using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace Pendopo.Testing.Groups;

/// <summary>Writes the presentation language of RFC 8446 §3 with the vectors of RFC 9420 §2.1.2: an encoder of its own, so that parsers are tested against another reading of the text.</summary>
public sealed class WireWriter
{
    private readonly List<byte> _bytes = [];

    public static byte[] Write(Action<WireWriter> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var writer = new WireWriter();
        write(writer);
        return [.. writer._bytes];
    }

    /// <summary>Base64url without padding, as the wire contract writes bytes.</summary>
    public static string Text(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    public WireWriter Byte(int value) => Fixed((byte)value);

    public WireWriter UInt16(int value) => Fixed((byte)(value >> 8), (byte)value);

    public WireWriter UInt32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return Fixed(bytes);
    }

    public WireWriter UInt64(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return Fixed(bytes);
    }

    public WireWriter Fixed(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public WireWriter Vector(params ReadOnlySpan<byte> bytes) => Length(bytes.Length).Fixed(bytes);

    public WireWriter Vector(string text) => Vector(Encoding.UTF8.GetBytes(text));

    public WireWriter Vector(Action<WireWriter> write) => Vector(Write(write));

    private WireWriter Length(int length) => length switch
    {
        < 1 << 6 => Byte(length),
        < 1 << 14 => UInt16(0x4000 | length),
        _ => UInt32(0x80000000 | (uint)length),
    };
}
