using CsCheck;
using Pendopo.Control.Users;
using Xunit;

namespace Pendopo.Control.Tests.Users;

public sealed class AccountValueTests
{
    [Fact]
    public void An_id_has_sixteen_bytes_and_one_text()
    {
        byte[] bytes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
        var id = AccountId.From(bytes);
        Assert.Equal("AAECAwQFBgcICQoLDA0ODw", id.ToString());
        Assert.Equal(bytes, id.ToBytes());
        Assert.True(AccountId.TryParse("AAECAwQFBgcICQoLDA0ODw", out var again));
        Assert.Equal(id, again);
        Assert.NotEqual(AccountId.Create(), AccountId.Create());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAECAwQFBgcICQoLDA0OD")]
    [InlineData("AAECAwQFBgcICQoLDA0ODx")]
    [InlineData("AAECAwQFBgcICQoLDA0ODw==")]
    [InlineData("AAECAwQFBgcICQoLDA0OD+")]
    [InlineData(" AAECAwQFBgcICQoLDA0OD")]
    public void A_text_that_is_not_the_one_form_is_no_id(string? text) => Assert.False(AccountId.TryParse(text, out _));

    [Fact]
    public void Whatever_text_is_read_as_bytes_is_what_those_bytes_are_written_as()
    {
        var alphabet = Gen.Char["ABCZabcz019-_+/= \u00e9"];
        Gen.Select(Gen.String[alphabet, 0, 60], Gen.Int[0, 40]).Sample((text, length) =>
        {
            if (StrictBase64Url.TryDecode(text, length, out var bytes)) return bytes.Length == length && StrictBase64Url.Encode(bytes) == text;
            return bytes.Length == 0;
        });
        Gen.Byte.Array[0, 60].Sample(bytes =>
            StrictBase64Url.TryDecode(StrictBase64Url.Encode(bytes), bytes.Length, out var read) && read.AsSpan().SequenceEqual(bytes));
    }

    [Theory]
    [InlineData("  Sri Mulyani ", "Sri Mulyani")]
    [InlineData("Bud\u0069\u0301", "Bud\u00ed")]
    [InlineData("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937")]
    [InlineData("\u738b\u5c0f\u660e \ud83d\ude42", "\u738b\u5c0f\u660e \ud83d\ude42")]
    public void A_name_is_trimmed_and_composed(string text, string expected)
    {
        Assert.True(PersonName.TryNormalize(text, out var name));
        Assert.Equal(expected, name);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" \u00a0 ")]
    [InlineData("a\nb")]
    [InlineData("a\u2028b")]
    [InlineData("a\u202eb")]
    [InlineData("a\u200bb")]
    [InlineData("a\ue000b")]
    [InlineData("a\u0378b")]
    public void A_name_that_cannot_be_read_is_refused(string? text) => Assert.False(PersonName.TryNormalize(text, out _));

    [Fact]
    public void A_lone_surrogate_is_refused_and_so_is_the_81st_character()
    {
        Assert.False(PersonName.TryNormalize("a" + (char)0xD83D, out _));
        Assert.True(PersonName.TryNormalize(new string('a', 80), out _));
        Assert.False(PersonName.TryNormalize(new string('a', 81), out _));
        Assert.False(PersonName.TryNormalize(new string(' ', 10_000), out _));
    }
}
