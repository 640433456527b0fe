namespace CodexSales.Rx.Testing.Marbles;

/// <summary>Draws a run: the ruler, a row for each lane, and what the signs stand for.</summary>
internal sealed class MarbleDrawing
{
    private const int ColumnWidth = 26;
    private const int Margin = 20;
    private const int MarbleRow = 34;
    private const int WorkerRow = 24;
    private const int RulerHeight = 26;
    private const int LegendRow = 22;
    private const int LetterWidth = 8;

    private readonly MarbleRun _run;
    private readonly SvgText _svg;
    private readonly int _left;

    public MarbleDrawing(MarbleRun run)
    {
        _run = run;
        _left = Margin + (9 * run.Spec.Lanes.Max(lane => LabelOf(lane).Length)) + 10;
        _svg = new SvgText(Math.Max(_left + (run.Spec.Ruler.Length * ColumnWidth) + Margin, 680));
    }

    private MarbleSpec Spec => _run.Spec;

    private int Right => _left + (Spec.Ruler.Length * ColumnWidth);

    public string Draw()
    {
        var y = _svg.Paragraph(Spec.Title, "title", Margin, Margin + 12, 9, 22);
        var top = y + 6;
        DrawRuler(top);
        y = top + RulerHeight;
        foreach (var lane in Spec.Lanes)
        {
            y += DrawLane(lane, y);
        }

        DrawBreaks(top, y);
        y = DrawLegend(y + 18);
        y = Spec.Source is { } source ? _svg.Paragraph($"Source: {source}", "small", Margin, y + 8, 7, 16) : y;
        return _svg.Close(_run.Title, y + 6);
    }

    private static string LabelOf(MarbleLane lane) => lane.Kind == LaneKind.Worker ? $"worker {lane.Name}" : lane.Name;

    private int X(int column) => _left + (column * ColumnWidth) + (ColumnWidth / 2);

    private void DrawRuler(int y)
    {
        var bottom = y + RulerHeight + Spec.Lanes.Sum(HeightOf);
        for (var column = 0; column < Spec.Ruler.Length; column++)
        {
            if (char.IsAsciiDigit(Spec.Ruler.Body.Text[column])
                && (column == 0 || !char.IsAsciiDigit(Spec.Ruler.Body.Text[column - 1])))
            {
                _svg.Line("grid", X(column), y + 18, X(column), bottom);
                _svg.Text("time", X(column), y + 11, ClockText(Spec.Ruler.StartOf(column)));
            }
            else if (!Spec.Ruler.IsBreak(column))
            {
                _svg.Line("grid", X(column), y + 18, X(column), y + 23);
            }
        }
    }

    private static int HeightOf(MarbleLane lane) => lane.Kind == LaneKind.Worker ? WorkerRow : MarbleRow;

    private int DrawLane(MarbleLane lane, int y)
    {
        var middle = y + (HeightOf(lane) / 2);
        _svg.Text($"label {ClassOf(lane)}", _left - 10, middle + 4, LabelOf(lane));
        _svg.Line("lane", _left, middle, Right, middle);
        if (lane.Kind == LaneKind.Worker)
        {
            DrawWorker(lane, middle);
        }
        else
        {
            DrawMarbles(lane, middle);
        }

        return HeightOf(lane);
    }

    private void DrawMarbles(MarbleLane lane, int y)
    {
        for (var column = 0; column < Spec.Ruler.Length; column++)
        {
            if (Spec.Find(lane.Body.Text[column]) is { } symbol)
            {
                _svg.Marble(ClassOf(lane, symbol), X(column), y, symbol.Sign, symbol.Text.Text);
            }
        }
    }

    // A bar while a worker is busy, and a line while the slot is hosted without one.
    private void DrawWorker(MarbleLane lane, int y)
    {
        foreach (var (from, to) in _run.Hosted(lane.Name))
        {
            _svg.Box("hosted", X(from), y - 2, End(to) - X(from), 4, 2);
        }

        int? busyFrom = null;
        for (var column = 0; column < Spec.Ruler.Length; column++)
        {
            var sign = lane.Body.Text[column];
            busyFrom = sign is '^' or '|' ? column : busyFrom;
            if (busyFrom is { } from && (sign is '!' or '|' || column == Spec.Ruler.Length - 1))
            {
                var end = sign is '!' ? X(column) : sign is '|' ? X(column) + 6 : Right;
                _svg.Box("busy", X(from), y - 7, end - X(from), 14, 4);
                busyFrom = null;
            }
        }
    }

    private int End(int column) => column == Spec.Ruler.Length ? Right : X(column);

    private void DrawBreaks(int top, int bottom)
    {
        for (var column = 0; column < Spec.Ruler.Length; column++)
        {
            if (Spec.Ruler.IsBreak(column) && Spec.Break is { } length)
            {
                _svg.Cut(X(column), top + 18, bottom);
                _svg.Text("time", X(column), top + 11, $"+{ClockText(length)}");
            }
        }
    }

    // Lane by lane, in the columns of the picture: what its signs stand for, in the order of time.
    private int DrawLegend(int y)
    {
        _svg.Line("lane", Margin, y - 10, _svg.Width - Margin, y - 10);
        y += 8;
        foreach (var lane in Spec.Lanes.Where(lane => lane.Kind != LaneKind.Worker))
        {
            var symbols = Spec.Symbols
                .Where(lane.Uses)
                .OrderBy(symbol => lane.Body.Text.IndexOf(symbol.Sign, StringComparison.Ordinal))
                .ToList();
            if (symbols.Count > 0)
            {
                _svg.Text($"label {ClassOf(lane)}", _left - 10, y + 4, LabelOf(lane));
                y = DrawMeanings(lane, symbols, y) + LegendRow;
            }
        }

        return Spec.Lanes.Any(lane => lane.Kind == LaneKind.Worker) ? DrawBarLegend(y) + LegendRow : y;
    }

    private int DrawMeanings(MarbleLane lane, List<MarbleSymbol> symbols, int y)
    {
        var x = _left;
        foreach (var symbol in symbols)
        {
            var width = 24 + (LetterWidth * symbol.Text.Text.Length);
            if (x > _left && x + width > _svg.Width - Margin)
            {
                (x, y) = (_left, y + LegendRow);
            }

            _svg.Marble(ClassOf(lane, symbol), x + 8, y, symbol.Sign, null);
            var next = _svg.Paragraph(symbol.Text.Text, "meaning", x + 22, y + 4, LetterWidth, 17);
            y = next - 17 - 4;
            x += width + 16;
        }

        return y;
    }

    private int DrawBarLegend(int y)
    {
        _svg.Text("label worker", _left - 10, y + 4, "worker");
        _svg.Box("busy", _left, y - 7, ColumnWidth, 14, 4);
        _svg.Text("meaning", _left + ColumnWidth + 8, y + 4, "a worker is busy");
        _svg.Box("hosted", _left + 180, y - 2, ColumnWidth, 4, 2);
        _svg.Text("meaning", _left + 180 + ColumnWidth + 8, y + 4, "the slot is ours, without a worker");
        return y;
    }

    private static string ClassOf(MarbleLane lane, MarbleSymbol? symbol = null) => lane switch
    {
        { Kind: LaneKind.Input } => "in",
        { Kind: LaneKind.Worker } => "worker",
        { Name: "cleanups" } when Ends(symbol, "errored", "failed") => "bad",
        { Name: "cleanups" } when Ends(symbol, "ignored", "cancelled") => "gone",
        _ => "out",
    };

    private static bool Ends(MarbleSymbol? symbol, params string[] outcomes) =>
        symbol is not null && outcomes.Any(outcome => symbol.Text.Text.Contains(outcome, StringComparison.Ordinal));

    private static string ClockText(TimeSpan time)
    {
        (int Count, string Unit)[] parts =
            [(time.Days, "d"), (time.Hours, "h"), (time.Minutes, "m"), (time.Seconds, "s"), (time.Milliseconds, "ms")];
        return time == TimeSpan.Zero ? "0" : string.Join(' ', parts
            .Where(part => part.Count > 0)
            .Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Count} {part.Unit}")));
    }
}
