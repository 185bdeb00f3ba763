using Pendopo.Meetings.Domain;
using Pendopo.Signaling;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain;

public sealed class IdentifierTests
{
    [Fact]
    public void A_meeting_id_has_136_random_bits_and_is_never_shown_by_accident()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => MeetingId.CreateBroadcast()).ToArray();

        Assert.Equal(1000, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Equal((24, 's', MeetingKind.OpenBroadcast), (id.Value.Length, id.Value[0], id.Kind)));
        Assert.All(ids, id => Assert.DoesNotContain(id.Value, $"{id} {id.Key}", StringComparison.Ordinal));
        Assert.True(MeetingId.TryParse(ids[0].Value, out var parsed));
        Assert.Equal(ids[0].Key, parsed.Key);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("é")]
    public void What_is_no_id_is_refused(string? text) => Assert.False(MeetingId.TryParse(text, out _));

    [Fact]
    public void Too_long_an_id_is_refused() => Assert.False(MeetingId.TryParse(new string('a', 65), out _));

    [Fact]
    public void A_token_matches_only_itself()
    {
        var hash = TokenHash.Of("secret");

        Assert.True(hash.Matches("secret"));
        Assert.False(hash.Matches("secreT"));
        Assert.False(hash.Matches(null));
        Assert.DoesNotContain("secret", hash.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("  Sri Mulyani  ", "Sri Mulyani")]
    [InlineData("Ahmad\u0301", "Ahmad\u0301")]
    [InlineData("e\u0301", "\u00e9")]
    public void Names_are_trimmed_and_composed(string text, string expected)
    {
        Assert.True(DisplayName.TryNormalize(text, out var name));
        Assert.Equal(expected, name);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("   ")]
    [InlineData("a\nb")]
    [InlineData("admin\u202Etxt")]
    [InlineData("\ud800")]
    public void Names_that_deceive_or_show_nothing_are_refused(string? text) => Assert.False(DisplayName.TryNormalize(text, out _));

    [Fact]
    public void Names_are_bounded()
    {
        Assert.True(DisplayName.TryNormalize(new string('a', 80), out _));
        Assert.False(DisplayName.TryNormalize(new string('a', 81), out _));
    }
}
