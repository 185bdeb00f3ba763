using System.Text.Json;
using Pendopo.Mls.Tree;
using Xunit;

namespace Pendopo.Mls.Tests.Tree;

public sealed class TreeMathTests
{
    [Fact]
    public void It_agrees_with_the_published_vectors()
    {
        foreach (var vector in Vectors.Read("tree-math.json"))
        {
            var leaves = vector.Number("n_leaves");
            Assert.Equal(vector.Number("n_nodes"), TreeMath.NodeCount(leaves));
            Assert.Equal(vector.Number("root"), TreeMath.Root(leaves));
            for (uint node = 0; node < TreeMath.NodeCount(leaves); node++)
            {
                Assert.Equal(Optional(vector, "left", node), TreeMath.Left(node));
                Assert.Equal(Optional(vector, "right", node), TreeMath.Right(node));
                Assert.Equal(Optional(vector, "parent", node), TreeMath.Parent(node, leaves));
                Assert.Equal(Optional(vector, "sibling", node), TreeMath.Sibling(node, leaves));
            }
        }
    }

    [Fact]
    public void Paths_lead_to_the_root_and_the_copath_covers_all_other_leaves()
    {
        const uint leaves = 32;
        for (uint leaf = 0; leaf < leaves; leaf++)
        {
            var path = TreeMath.DirectPath(2 * leaf, leaves);
            Assert.Equal(5, path.Count);
            Assert.Equal(TreeMath.Root(leaves), path[^1]);
            Assert.All(path, parent => Assert.True(TreeMath.IsInSubtree(2 * leaf, parent)));
            var copath = TreeMath.Copath(2 * leaf, leaves);
            Assert.Equal(5, copath.Count);
            for (uint other = 0; other < leaves; other++)
            {
                Assert.Equal(other == leaf ? 0 : 1, copath.Count(node => TreeMath.IsInSubtree(2 * other, node)));
            }
        }

        Assert.Empty(TreeMath.DirectPath(TreeMath.Root(leaves), leaves));
        Assert.Empty(TreeMath.Copath(TreeMath.Root(leaves), leaves));
    }

    [Fact]
    public void The_largest_tree_has_no_overflow()
    {
        Assert.Equal(uint.MaxValue, TreeMath.NodeCount(TreeMath.MaximumLeafCount));
        Assert.Equal(int.MaxValue, (long)TreeMath.Root(TreeMath.MaximumLeafCount));
        Assert.Equal(31, TreeMath.DirectPath(uint.MaxValue - 1, TreeMath.MaximumLeafCount).Count);
        Assert.True(TreeMath.IsInSubtree(uint.MaxValue - 1, TreeMath.Root(TreeMath.MaximumLeafCount)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(33)]
    public void A_tree_that_is_not_full_is_refused(uint leaves) => Assert.Throws<ArgumentException>(() => TreeMath.NodeCount(leaves));

    private static uint? Optional(JsonElement vector, string name, uint node)
    {
        var value = vector.GetProperty(name)[(int)node];
        return value.ValueKind == JsonValueKind.Null ? null : value.GetUInt32();
    }
}
