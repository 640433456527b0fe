namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>A wait after each failure, evenly spread from nothing to a limit that doubles. It begins anew only after a
/// healthy period: a node that accepts and hangs up at once is not healthy.</summary>
internal sealed class BackOff(TimeSpan longest, TimeSpan healthyPeriod, Random random)
{
    private static readonly TimeSpan _first = TimeSpan.FromSeconds(0.5);
    private const int MostDoublings = 16;

    private int _failures;

    /// <summary>The wait after one more failure, before which everything went well for so long.</summary>
    public TimeSpan Next(TimeSpan healthyFor)
    {
        _failures = healthyFor >= healthyPeriod && healthyFor > TimeSpan.Zero ? 0 : _failures;
        var limit = _first * (1 << Math.Min(_failures, MostDoublings));
        _failures++;
        return (limit < longest ? limit : longest) * random.NextDouble();
    }
}
