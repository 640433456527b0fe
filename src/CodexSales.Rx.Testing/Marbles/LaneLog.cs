namespace CodexSales.Rx.Testing.Marbles;

/// <summary>The notifications of a run in each lane, column by column.</summary>
internal sealed class LaneLog(VirtualTime time, MarbleRuler ruler)
{
    private readonly Dictionary<(string Lane, int Column), List<string>> _said = [];

    public int Column => ruler.ColumnAt(time.Elapsed);

    public void Say(string lane, string notification) => At(lane).Add(notification);

    /// <summary>Says what belongs to the same subject as the notification before, in one with it.</summary>
    public void SayOn(string lane, string subject, string words)
    {
        var said = At(lane);
        if (said.Count > 0 && said[^1].StartsWith(subject + " ", StringComparison.Ordinal))
        {
            said[^1] += " " + words;
        }
        else
        {
            said.Add($"{subject} {words}");
        }
    }

    public ImmutableArray<string> Read(string lane, int column) =>
        _said.TryGetValue((lane, column), out var said) ? [.. said] : [];

    private List<string> At(string lane)
    {
        var key = (lane, Column);
        if (!_said.TryGetValue(key, out var said))
        {
            _said.Add(key, said = []);
        }

        return said;
    }
}
