namespace CodexSales.Rx.Testing.Marbles;

/// <summary>Reads the section of lanes: the ruler first, then lanes that have just its columns.</summary>
internal sealed class LanesReader(IReadOnlyList<Fragment> section, TimeSpan tick, TimeSpan? pause)
{
    public (MarbleRuler Ruler, ImmutableArray<MarbleLane> Lanes) Read()
    {
        const string FirstIsRuler = "the first lane is the ruler, as time : 0----5.";
        section[0].ThrowIf(section.Count < 2, FirstIsRuler);
        var (head, body) = Cut(section[1]);
        head.ThrowIf(head.Text.TrimEnd() != "time", FirstIsRuler);
        var ruler = MarbleRuler.Read(body, tick, pause);
        var lanes = ImmutableArray.CreateBuilder<MarbleLane>();
        foreach (var line in section.Skip(2))
        {
            var lane = ReadLane(line);
            CheckColumns(lane, ruler);
            lanes.Add(lanes.All(other => (other.Kind, other.Name) != (lane.Kind, lane.Name))
                ? lane
                : throw line.Error($"the lane {lane.FullName} is there twice."));
        }

        return (ruler, lanes.ToImmutable());
    }

    private static MarbleLane ReadLane(Fragment line)
    {
        var (head, body) = Cut(line);
        if (head.Words() is not [var prefix, var name])
        {
            throw line.Error("time, in NAME, out NAME or run SLOT is expected before the colon.");
        }

        var kind = prefix.Text switch
        {
            "in" => LaneKind.Input,
            "out" => LaneKind.Output,
            "run" => LaneKind.Worker,
            _ => throw prefix.Error($"'{prefix.Text}' is given, but in, out or run is expected."),
        };
        name.ThrowIf(
            kind == LaneKind.Output && !OutputText.LaneNames.Contains(name.Text),
            $"there is no output {name.Text}; {string.Join(", ", OutputText.LaneNames)} are the outputs.");
        return new MarbleLane(
            kind, kind == LaneKind.Worker ? SlotName.Read(name).ToString() : name.Text, head.Text, body);
    }

    private static (Fragment Head, Fragment Body) Cut(Fragment line)
    {
        var colon = line.Text.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && line.Text.Length > colon + 2 && line.Text[colon + 1] == ' ' && line.Text[colon + 2] != ' '
            ? (line.Slice(0, colon), line.From(colon + 2))
            : throw line.Error("a lane is its name, a colon, one space and its columns.");
    }

    private static void CheckColumns(MarbleLane lane, MarbleRuler ruler)
    {
        var body = lane.Body;
        body.ThrowIf(
            body.Column != ruler.Body.Column,
            $"the lane begins in column {body.Column} of the text, but the ruler in column {ruler.Body.Column}.");
        body.ThrowIf(
            body.Text.Length != ruler.Length,
            $"the lane has {body.Text.Length} columns, but the ruler has {ruler.Length}.",
            Math.Min(body.Text.Length, ruler.Length));
        for (var column = 0; column < ruler.Length; column++)
        {
            var sign = body.Text[column];
            body.ThrowIf(ruler.IsBreak(column) && sign != '/', $"column {column} is a break on the ruler, but not here.", column);
            body.ThrowIf(!ruler.IsBreak(column) && sign == '/', $"column {column} is a break here, but not on the ruler.", column);
            body.ThrowIf(
                lane.Kind == LaneKind.Worker && !"-/^!|".Contains(sign, StringComparison.Ordinal),
                $"'{sign}' means nothing in a worker's lane; -, ^, ! and | do.",
                column);
        }
    }
}
