using System.Text;

namespace CodexSales.Rx.Testing.Marbles;

/// <summary>A specification's run on the real pipeline, and the differences between the two.</summary>
/// <remarks>Runs on virtual time, in the time that its work takes. The same specification gives the same run.</remarks>
public sealed class MarbleRun
{
    private readonly LaneLog _log;

    private MarbleRun(MarbleSpec spec, SpecRun run)
    {
        (Spec, _log, Marks) = (spec, run.Log, [.. run.Marks.Order(StringComparer.Ordinal)]);
        var lanes = spec.Lanes.Where(lane => lane.Kind != LaneKind.Input).Select(DescribeDifference).OfType<string>();
        var uncovered = spec.Covers.Where(mark => !run.Marks.Contains(mark.Text)).Select(mark =>
            mark.Error($"the run does not come across {mark.Text}, only {string.Join(", ", Marks)}.").Message);
        var problems = run.Problems.Distinct().Select(problem => $"{spec.File}: {problem}");
        Differences = [.. lanes, .. uncovered, .. problems];
    }

    /// <summary>The file's name, as in messages.</summary>
    public string File => Spec.File;

    /// <summary>The claim of the specification, in one sentence.</summary>
    public string Title => Spec.Title;

    /// <summary>
    /// Each a text of some lines: a lane as it was wanted above the lane as it was; a mark that was missed; a
    /// subscription, a timer or a byte that was left over. Empty when all is well.
    /// </summary>
    public IReadOnlyList<string> Differences { get; }

    /// <summary>
    /// Marks that the run came across, sorted: <c>queue.</c> and the cause of a change, <c>sale.</c> and the reason of an
    /// end, <c>refused.</c> and the reason of a refusal, and <c>trouble</c>.
    /// </summary>
    public IReadOnlyList<string> Marks { get; }

    internal MarbleSpec Spec { get; }

    /// <summary>Reads a specification and runs it.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="text">What stands in the file.</param>
    /// <exception cref="MarbleFormatException">The text is wrong; the message says where.</exception>
    public static MarbleRun Of(string file, string text)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(text);
        var spec = new MarbleReader(file, text).Read();
        using var run = new SpecRun(spec);
        run.Play();
        return new MarbleRun(spec, run);
    }

    /// <summary>The specification with outputs and workers of this run; symbols come and go as needed.</summary>
    public string Accept() => Acceptance.Of(this);

    /// <summary>This run as SVG, for light and dark backgrounds; the same run gives the same text.</summary>
    public string Draw() => new MarbleDrawing(this).Draw();

    internal ImmutableArray<string> Said(MarbleLane lane, int column) =>
        _log.Read(lane.Kind == LaneKind.Worker ? lane.FullName : lane.Name, column);

    /// <summary>From when to when a slot was hosted, in columns; to the end of the ruler when it goes on.</summary>
    internal IEnumerable<(int From, int To)> Hosted(string slot)
    {
        int? from = null;
        for (var column = 0; column < Spec.Ruler.Length; column++)
        {
            foreach (var sign in _log.Read($"host {slot}", column))
            {
                if (sign == "!" && from is { } begun)
                {
                    yield return (begun, column);
                }

                from = sign == "^" ? from ?? column : null;
            }
        }

        if (from is { } last)
        {
            yield return (last, Spec.Ruler.Length);
        }
    }

    internal ImmutableArray<string> Wanted(MarbleLane lane, int column) => lane.Body.Text[column] switch
    {
        '-' or '/' => [],
        '|' when lane.Kind == LaneKind.Worker => ["^", "!"],
        var sign when lane.Kind == LaneKind.Worker => [sign.ToString()],
        var sign => OutputText.Read(lane.Name, Spec.Find(sign)!.Text, null), // The reader has found it declared.
    };

    /// <summary>A lane as it was, in the alphabet of the specification; ? for what has no sign.</summary>
    internal string Actual(MarbleLane lane, Func<ImmutableArray<string>, char?>? signOf = null)
    {
        var body = new StringBuilder();
        for (var column = 0; column < Spec.Ruler.Length; column++)
        {
            var said = Said(lane, column);
            body.Append(
                said.IsEmpty ? (Spec.Ruler.IsBreak(column) ? '/' : '-')
                : Spec.Ruler.IsBreak(column) ? '?'
                : lane.Kind == LaneKind.Worker ? (said.Length == 1 ? said[0][0] : said is ["^", "!"] ? '|' : '?')
                : said.SequenceEqual(Wanted(lane, column)) ? lane.Body.Text[column]
                : (signOf ?? (text => SignOf(lane, text)))(said) ?? '?');
        }

        return body.ToString();
    }

    /// <summary>The first sign of a lane that stands for these notifications, or null.</summary>
    internal char? SignOf(MarbleLane lane, ImmutableArray<string> notifications) => Spec.Symbols
        .FirstOrDefault(symbol =>
            lane.Uses(symbol) && OutputText.Read(lane.Name, symbol.Text, null).SequenceEqual(notifications))
        ?.Sign;

    private string? DescribeDifference(MarbleLane lane)
    {
        var columns = Enumerable.Range(0, Spec.Ruler.Length)
            .Where(column => !Said(lane, column).SequenceEqual(Wanted(lane, column)))
            .ToList();
        if (columns.Count == 0)
        {
            return null;
        }

        var actual = Actual(lane);
        var text = new StringBuilder()
            .Append($"{Spec.File}: {lane.FullName} column {columns[0]}: ")
            .Append($"wanted «{OutputText.Write(Wanted(lane, columns[0]))}» ")
            .Append($"got «{OutputText.Write(Said(lane, columns[0]))}»")
            .Append($"\n  wanted {lane.Head}: {lane.Body.Text}")
            .Append($"\n  actual {lane.Head}: {actual}");
        foreach (var column in columns.Where(column => actual[column] == '?'))
        {
            text.Append($"\n  ? in column {column}: {OutputText.Write(Said(lane, column))}");
        }

        return text.ToString();
    }
}
