using System.Text;
using CodexSales.Rx.Web.Page.Text;

namespace CodexSales.Rx.Web.Page.Parts;

/// <summary>Lines over time.</summary>
public partial class Chart
{
    private const int Width = 600;
    private const int Height = 120;

    /// <summary>A line of a chart.</summary>
    /// <param name="Name">What it shows.</param>
    /// <param name="Kind">Its class.</param>
    /// <param name="Points">Its points, in order.</param>
    /// <param name="Format">A value with its unit.</param>
    /// <param name="IsFilled">Whether the area below it is filled.</param>
    /// <param name="SharesScale">Whether it has the scale of the first line.</param>
    public sealed record Line(
        string Name, string Kind, IReadOnlyList<(DateTimeOffset At, double Value)> Points, Func<double, string> Format, bool IsFilled = false, bool SharesScale = false);

    /// <summary>
    /// A chart as it is drawn, so that it is worked out once, however many look at it. The first line has its scale at the left; a second one
    /// has its own at the right, unless it shares the first one's. Immutable.
    /// </summary>
    public sealed class Picture
    {
        /// <summary>Works it out.</summary>
        /// <param name="title">What it shows.</param>
        /// <param name="lines">Its lines, at least one.</param>
        public Picture(string title, params Line[] lines)
        {
            Title = title;
            Lines = [.. lines.Select(line => (line.Name, line.Kind, line.Points.Count == 0 ? "–" : line.Format(line.Points[^1].Value)))];
            if (lines.All(line => line.Points.Count < 2))
            {
                return;
            }

            var points = lines.SelectMany(line => line.Points).ToList();
            var (first, last) = (points.Min(point => point.At), points.Max(point => point.At));
            var shared = MostOf(lines.Where(line => line == lines[0] || line.SharesScale));
            Span = Times.Span((last - first).TotalSeconds);
            Most = lines[0].Format(shared);
            MostRight = lines is [_, { SharesScale: false } other] ? other.Format(MostOf([other])) : null;
            Summary = $"{title}. " + string.Join(' ', lines.Where(line => line.Points.Count > 0).Select(line =>
                $"{line.Name}: now {line.Format(line.Points[^1].Value)}, from {line.Format(line.Points.Min(point => point.Value))} to {line.Format(line.Points.Max(point => point.Value))}."));
            foreach (var line in lines.Where(line => line.Points.Count > 1))
            {
                var (path, area) = Draw(line, first, Math.Max(1, (last - first).TotalSeconds), line == lines[0] || line.SharesScale ? shared : MostOf([line]));
                Paths = [.. Paths, .. line.IsFilled ? [($"area {line.Kind}", area)] : Array.Empty<(string, string)>(), ($"line {line.Kind}", path)];
            }
        }

        /// <summary>What it shows.</summary>
        public string Title { get; }

        /// <summary>Each line, with what it shows now.</summary>
        public IReadOnlyList<(string Name, string Kind, string Now)> Lines { get; }

        /// <summary>What is drawn; none where there are too few points.</summary>
        public ImmutableArray<(string Kind, string Path)> Paths { get; } = [];

        /// <summary>The chart in words.</summary>
        public string Summary { get; } = "";

        /// <summary>How long ago it begins.</summary>
        public string Span { get; } = "";

        /// <summary>The upper end of the scale at the left.</summary>
        public string Most { get; } = "";

        /// <summary>That of the scale at the right, if there is one.</summary>
        public string? MostRight { get; }

        private static double MostOf(IEnumerable<Line> lines)
        {
            var most = lines.SelectMany(line => line.Points).Select(point => point.Value).DefaultIfEmpty(0).Max();
            return most > 0 ? most : 1;
        }

        private static (string Line, string Area) Draw(Line line, DateTimeOffset first, double span, double most)
        {
            var path = new StringBuilder();
            var (x, begin) = (0.0, 0.0);
            foreach (var (at, value) in line.Points)
            {
                x = (at - first).TotalSeconds / span * Width;
                begin = path.Length == 0 ? x : begin;
                path.Append(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? 'M' : 'L')}{x:0.#} {Height - 2 - (value / most * (Height - 6)):0.#}");
            }

            return ($"{path}", string.Create(CultureInfo.InvariantCulture, $"{path}L{x:0.#} {Height}L{begin:0.#} {Height}Z"));
        }
    }
}
