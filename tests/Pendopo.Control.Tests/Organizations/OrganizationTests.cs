using Pendopo.Control.Organizations;
using Xunit;

namespace Pendopo.Control.Tests.Organizations;

public sealed class OrganizationTests
{
    [Fact]
    public void A_path_names_every_organization_from_the_root_down()
    {
        var root = Create("Kementerian Luar Negeri", null);
        var child = Create("Direktorat Jenderal", root);
        Assert.Equal($"{root.Id:N}/{child.Id:N}/", child.Path);
        Assert.Equal([0, 1], new[] { root.Level, child.Level });
        Assert.True(root.Contains(child));
        Assert.True(root.Contains(root));
        Assert.False(child.Contains(root));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\nb")]
    [InlineData("Kementerian\u200bLuar")]
    public void A_name_that_cannot_be_read_is_refused(string name)
    {
        Assert.Equal(ControlError.InvalidName, Organization.TryCreate(Guid.NewGuid(), name, null, out var organization));
        Assert.Null(organization);
        Assert.Equal(ControlError.InvalidName, Create("ok", null).TryRename(name));
    }

    [Fact]
    public void A_name_of_120_characters_is_taken_and_one_of_121_is_not()
    {
        Assert.Equal(ControlError.None, Organization.TryCreate(Guid.NewGuid(), new string('a', 120), null, out _));
        Assert.Equal(ControlError.InvalidName, Organization.TryCreate(Guid.NewGuid(), new string('a', 121), null, out _));
    }

    [Fact]
    public void The_tree_ends_at_its_deepest_level()
    {
        var organization = Create("0", null);
        for (var level = 1; level <= Organization.DeepestLevel; level++) organization = Create(level.ToString(System.Globalization.CultureInfo.InvariantCulture), organization);
        Assert.Equal(ControlError.TooDeep, Organization.TryCreate(Guid.NewGuid(), "deeper", organization, out _));
        Assert.True(organization.Path.Length <= 512);
    }

    private static Organization Create(string name, Organization? parent)
    {
        Assert.Equal(ControlError.None, Organization.TryCreate(Guid.NewGuid(), name, parent, out var organization));
        return organization!;
    }
}
