namespace CodexSales.Rx.Web.Page.Recent;

/// <summary>How the host did at one moment, as charts draw it.</summary>
internal sealed record Sample(
    DateTimeOffset At, double Earned, double Queued, double? BestPrice, double ProofsMade, double ProofsMissed);

/// <summary>
/// What was sampled since the start, in so many points at most: when they are full, every other one is dropped, and half as many are
/// taken from then on. Threading: one writer, any readers.
/// </summary>
internal sealed class Samples(int capacity)
{
    private volatile ImmutableList<Sample> _points = [];
    private int _each = 1;
    private int _seen;

    public IReadOnlyList<Sample> Points => _points;

    public void Add(Sample sample)
    {
        if (_seen++ % _each != 0)
        {
            return;
        }

        var points = _points.Add(sample);
        if (points.Count >= capacity)
        {
            points = [.. points.Where((_, place) => place % 2 == 0)];
            _each *= 2;
        }

        _points = points;
    }
}
