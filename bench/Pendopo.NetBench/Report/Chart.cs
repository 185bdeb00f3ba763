using System.Globalization;
using System.Text;

namespace Pendopo.NetBench.Report;

/// <summary>A curve of a chart.</summary>
/// <param name="Style">Class of the style sheet.</param>
/// <param name="Points">Seconds and values; a value that is no number breaks the curve.</param>
/// <param name="Stepped">True for what changes at once, as a capacity.</param>
internal sealed record Curve(string Label, string Style, IReadOnlyList<(double X, double Y)> Points, bool Stepped = false);

/// <summary>A stretch of time behind the curves.</summary>
internal sealed record Band(double From, double To, string Style, string Label = "");

/// <summary>One chart over time as SVG inside HTML: no script, no foreign file.</summary>
/// <param name="Least">The scale reaches at least so far, so that a quiet curve looks quiet.</param>
/// <param name="Most">What is higher is cut off; a bottleneck of 20 Mb/s would flatten everything below.</param>
internal sealed record Chart(string Title, double Seconds, double Least, IReadOnlyList<Curve> Curves, IReadOnlyList<Band> Bands, double Most = double.PositiveInfinity)
{
    private const int Width = 900;
    private const int Height = 116;
    private const int Left = 54;
    private const int Right = 8;
    private const int Top = 20;
    private const int Bottom = 18;

    public string ToSvg()
    {
        var highest = Math.Min(Most, Curves.SelectMany(static curve => curve.Points).Select(static point => point.Y).Where(double.IsFinite).DefaultIfEmpty(0).Max());
        var top = Nice(Math.Max(Least, highest));
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Escape(Title)}\">");
        foreach (var band in Bands)
        {
            text.Append(CultureInfo.InvariantCulture, $"<rect class=\"{band.Style}\" x=\"{X(band.From):0.#}\" y=\"{Top}\" width=\"{Math.Max(1, X(band.To) - X(band.From)):0.#}\" height=\"{Height - Top - Bottom}\"/>");
            if (band.Label.Length > 0) text.Append(CultureInfo.InvariantCulture, $"<text class=\"phase\" x=\"{X(band.From) + 4:0.#}\" y=\"{Top + 11}\">{Escape(band.Label)}</text>");
        }

        foreach (var share in new[] { 0, 0.5, 1 })
        {
            var y = Y(top * share, top);
            text.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\"/><text class=\"tick\" x=\"{Left - 5}\" y=\"{y + 3.5:0.#}\" text-anchor=\"end\">{top * share:0.##}</text>");
        }

        for (var second = 0; second <= Seconds; second += Seconds > 45 ? 10 : 5)
        {
            text.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{X(second):0.#}\" y=\"{Height - 5}\" text-anchor=\"middle\">{second} s</text>");
        }

        foreach (var curve in Curves) text.Append(CultureInfo.InvariantCulture, $"<path class=\"{curve.Style}\" d=\"{PathOf(curve, top)}\"/>");
        text.Append(CultureInfo.InvariantCulture, $"<text class=\"title\" x=\"{Left}\" y=\"13\">{Escape(Title)}</text>");
        var place = Width - Right;
        foreach (var curve in Curves.Reverse())
        {
            // About 5.6 units a letter; the legend stands right of the title and has room enough.
            place -= (int)(curve.Label.Length * 5.6) + 30;
            text.Append(CultureInfo.InvariantCulture, $"<path class=\"{curve.Style}\" d=\"M{place} 9h16\"/><text class=\"legend\" x=\"{place + 20}\" y=\"13\">{Escape(curve.Label)}</text>");
        }

        return text.Append("</svg>").ToString();
    }

    public static string Escape(string text) => System.Net.WebUtility.HtmlEncode(text);

    /// <summary>The next of 1, 2, 2.5, 5 times a power of ten.</summary>
    private static double Nice(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(value, 1e-6))));
        return new[] { 1, 2, 2.5, 5, 10 }.First(step => step * power >= value * 0.999) * power;
    }

    private double X(double seconds) => Left + Math.Clamp(seconds / Seconds, 0, 1) * (Width - Left - Right);

    private static double Y(double value, double top) => Height - Bottom - Math.Clamp(value / top, 0, 1) * (Height - Top - Bottom);

    private string PathOf(Curve curve, double top)
    {
        var text = new StringBuilder();
        var down = false;
        foreach (var (x, y) in curve.Points)
        {
            if (!double.IsFinite(y))
            {
                down = false;
                continue;
            }

            if (down && curve.Stepped) text.Append(CultureInfo.InvariantCulture, $"H{X(x):0.#}");
            text.Append(CultureInfo.InvariantCulture, $"{(down ? 'L' : 'M')}{X(x):0.#} {Y(y, top):0.#}");
            down = true;
        }

        return text.ToString();
    }
}
