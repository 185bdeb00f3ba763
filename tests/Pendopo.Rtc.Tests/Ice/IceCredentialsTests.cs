using Pendopo.Rtc.Ice;
using Xunit;

namespace Pendopo.Rtc.Tests.Ice;

public class IceCredentialsTests
{
    [Fact]
    public void Generated_credentials_are_well_formed_and_follow_the_randomness()
    {
        RandomBytes Seeded() => new Random(1).NextBytes;
        var credentials = IceCredentials.Generate(Seeded());
        Assert.True(credentials.IsWellFormed);
        Assert.Equal(credentials, IceCredentials.Generate(Seeded()));
        Assert.NotEqual(IceCredentials.Generate(), IceCredentials.Generate());
    }

    [Fact]
    public void All_64_characters_occur_equally_often()
    {
        var counts = new int[128];
        var random = new Random(2);
        for (var i = 0; i < 4000; i++)
        {
            foreach (var character in IceCredentials.Generate(random.NextBytes).Password) counts[character]++;
        }

        Assert.Equal(64, counts.Count(count => count > 0));
        Assert.All(counts.Where(count => count > 0), count => Assert.InRange(count, 1300, 1700));
    }

    [Theory]
    [InlineData("abc", "abcdefghijklmnopqrstuv", false)]
    [InlineData("abcd", "abcdefghijklmnopqrstu", false)]
    [InlineData("ab:d", "abcdefghijklmnopqrstuv", false)]
    [InlineData("ab+/", "abcdefghijklmnopqrstuv", true)]
    public void Lengths_and_characters_are_checked(string fragment, string password, bool wellFormed) =>
        Assert.Equal(wellFormed, new IceCredentials(fragment, password).IsWellFormed);

    [Fact]
    public void A_log_never_sees_the_password() => Assert.DoesNotContain("secret", $"{new IceCredentials("abcd", "secret")}");
}
