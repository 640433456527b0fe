namespace CodexSales.Rx.Testing.Marbles;

/// <summary>Writes what a run said into the text of its specification.</summary>
internal static class Acceptance
{
    private const string Signs =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789$%&()*+,.;<=>@[]_`{}~";

    public static string Of(MarbleRun run)
    {
        var spec = run.Spec;
        var lines = spec.Lines.ToArray();
        var made = new List<(char Sign, string Lane, ImmutableArray<string> Notifications)>();
        foreach (var lane in spec.Lanes.Where(lane => lane.Kind != LaneKind.Input))
        {
            var body = run.Actual(
                lane, said => run.SignOf(lane, said) ?? Find(lane.Name, said) ?? Make(lane.Name, said));
            var at = lane.Body.Line - 1;

            // An event in a break can't be written, and stays a difference.
            lines[at] = lines[at][..(lane.Body.Column - 1)] + body.Replace('?', '/');
        }

        var used = spec.Lanes.SelectMany(lane => lines[lane.Body.Line - 1][(lane.Body.Column - 1)..]).ToHashSet();
        var unused = spec.Symbols
            .Where(symbol => !used.Contains(symbol.Sign))
            .Select(symbol => symbol.At.Line)
            .ToHashSet();
        var last = spec.Symbols.Length > 0 ? spec.Symbols[^1].At.Line : lines.IndexOf("symbols") + 1;
        return string.Join('\n', lines.Index().SelectMany(line => WithSymbols(line.Index + 1, line.Item)));

        IEnumerable<string> WithSymbols(int number, string line) =>
        [
            .. unused.Contains(number) ? Array.Empty<string>() : [line],
            .. number == last ? made.Select(each => $"  {each.Sign} = {OutputText.Write(each.Notifications)}") : [],
        ];

        char? Find(string lane, ImmutableArray<string> said) => made
            .Where(each => each.Lane == lane && each.Notifications.SequenceEqual(said))
            .Select(each => (char?)each.Sign)
            .FirstOrDefault();

        char? Make(string lane, ImmutableArray<string> said)
        {
            var free = Signs.FirstOrDefault(
                sign => spec.Find(sign) is null && made.All(each => each.Sign != sign), '\0');
            if (free == '\0')
            {
                throw new InvalidOperationException(
                    $"{spec.File}: there is no sign left for {OutputText.Write(said)}.");
            }

            made.Add((free, lane, said));
            return free;
        }
    }
}
