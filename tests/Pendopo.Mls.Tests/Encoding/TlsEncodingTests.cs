using CsCheck;
using Pendopo.Mls.Encoding;
using Xunit;

namespace Pendopo.Mls.Tests.Encoding;

public sealed class TlsEncodingTests
{
    [Fact]
    public void Lengths_agree_with_the_published_vectors()
    {
        foreach (var vector in Vectors.Read("deserialization.json"))
        {
            var header = vector.Hex("vlbytes_header");
            var length = (int)vector.Number("length");
            var reader = new TlsReader(header);
            Assert.True(reader.TryReadLength(out var read));
            Assert.Equal(length, read);
            Assert.True(reader.IsAtEnd);
            var writer = new TlsWriter();
            writer.WriteLength(length);
            Assert.Equal(header, writer.ToArray());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("40")]
    [InlineData("4000")]
    [InlineData("403F")]
    [InlineData("80003FFF")]
    [InlineData("800000")]
    [InlineData("C000000000000000")]
    [InlineData("FF")]
    public void A_length_cut_short_or_not_in_its_shortest_form_is_malformed(string hex)
    {
        var reader = new TlsReader(Convert.FromHexString(hex));
        Assert.False(reader.TryReadLength(out var value));
        Assert.Equal(0, value);
        Assert.Equal(hex.Length / 2, reader.Rest.Length);
    }

    [Fact]
    public void A_vector_longer_than_the_input_is_malformed_and_moves_nothing()
    {
        var reader = new TlsReader([5, 1, 2, 3, 4]);
        Assert.False(reader.TryReadVector(out var value));
        Assert.True(value.IsEmpty);
        Assert.Equal(5, reader.Rest.Length);
        Assert.True(reader.TryReadByte(out _));
    }

    [Fact]
    public void A_presence_byte_is_zero_or_one()
    {
        var reader = new TlsReader([0, 1, 2]);
        Assert.True(reader.TryReadPresence(out var first));
        Assert.True(reader.TryReadPresence(out var second));
        Assert.False(reader.TryReadPresence(out _));
        Assert.Equal((false, true, 1), (first, second, reader.Rest.Length));
    }

    [Fact]
    public void What_is_written_is_read_again() =>
        Gen.Select(Gen.Byte, Gen.UShort, Gen.UInt, Gen.ULong, Gen.Byte.Array[0, 20_000], Gen.Bool).Sample((a, b, c, d, bytes, flag) =>
        {
            var writer = new TlsWriter(capacity: 0);
            writer.WriteByte(a);
            writer.WriteUInt16(b);
            writer.WritePresence(flag);
            writer.WriteVector(bytes, static (inner, value) =>
            {
                inner.WriteVector(value);
                inner.WriteByte(7);
            });
            writer.WriteUInt32(c);
            writer.WriteBytes([1, 2, 3]);
            writer.WriteUInt64(d);

            var reader = new TlsReader(writer.Written);
            return reader.TryReadByte(out var a2) && a2 == a
                && reader.TryReadUInt16(out var b2) && b2 == b
                && reader.TryReadPresence(out var flag2) && flag2 == flag
                && reader.TryReadVector(out var outer)
                && IsInner(outer, bytes)
                && reader.TryReadUInt32(out var c2) && c2 == c
                && reader.TryReadBytes(3, out var fixedBytes) && fixedBytes.SequenceEqual<byte>([1, 2, 3])
                && reader.TryReadUInt64(out var d2) && d2 == d
                && reader.IsAtEnd;
        });

    [Fact]
    public void No_input_makes_the_reader_throw_or_pass_its_end() =>
        Gen.Byte.Array[0, 40].Sample(bytes =>
        {
            var reader = new TlsReader(bytes);
            while (reader.TryReadVector(out var value)) Assert.InRange(value.Length, 0, bytes.Length);
            reader.TryReadPresence(out _);
            reader.TryReadUInt16(out _);
            reader.TryReadUInt32(out _);
            reader.TryReadUInt64(out _);
            return reader.Rest.Length <= bytes.Length;
        });

    [Fact]
    public void A_length_over_30_bits_is_a_bug_of_the_caller()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TlsWriter().WriteLength(VariableInteger.Maximum + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TlsWriter().WriteLength(-1));
    }

    private static bool IsInner(ReadOnlySpan<byte> outer, byte[] bytes)
    {
        var reader = new TlsReader(outer);
        return reader.TryReadVector(out var value) && value.SequenceEqual(bytes) && reader.TryReadByte(out var seven) && seven == 7 && reader.IsAtEnd;
    }
}
