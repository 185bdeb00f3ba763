namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// Sorts the streams of a source by size, as measured: the order in which a sender names them is its own affair (browsers by this
/// project's client from small to large, others the other way round). Pure.
/// </summary>
internal static class LayerOrder
{
    /// <summary>Rates that differ by less say nothing about which is larger: pictures of one size waver by as much.</summary>
    private const double ClearDifference = 1.3;

    /// <summary>Sorts in place; what cannot be told apart stays where it is.</summary>
    /// <returns>True if anything moved.</returns>
    public static bool Sort(List<PublishedLayer> layers)
    {
        var moved = false;
        for (var i = 1; i < layers.Count; i++)
        {
            for (var j = i; j > 0 && IsLarger(layers[j - 1], layers[j]); j--)
            {
                (layers[j - 1], layers[j]) = (layers[j], layers[j - 1]);
                moved = true;
            }
        }

        return moved;
    }

    private static bool IsLarger(PublishedLayer one, PublishedLayer other)
    {
        if (one.Points.TopHeight > 0 && other.Points.TopHeight > 0 && one.Points.TopHeight != other.Points.TopHeight)
        {
            return one.Points.TopHeight > other.Points.TopHeight;
        }

        return other.Points.TopBitsPerSecond > 0 && one.Points.TopBitsPerSecond > other.Points.TopBitsPerSecond * ClearDifference;
    }
}
