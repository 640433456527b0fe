namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>
/// How long to wait after a failure: evenly spread from nothing to a limit that doubles with each one. Begins anew only
/// after a healthy period: a node that accepts and hangs up at once is not healthy.
/// </summary>
internal sealed class BackOff(TimeSpan longest, TimeSpan healthyPeriod, Random random)
{
    private static readonly TimeSpan _first = TimeSpan.FromSeconds(0.5);
    private const int MostDoublings = 16;

    private int _failures;

    /// <summary>The wait after one more failure.</summary>
    /// <param name="healthyFor">How long everything went well before it.</param>
    public TimeSpan Next(TimeSpan healthyFor)
    {
        _failures = healthyFor >= healthyPeriod && healthyFor > TimeSpan.Zero ? 0 : _failures;
        var limit = _first * (1 << Math.Min(_failures, MostDoublings));
        _failures++;
        return (limit < longest ? limit : longest) * random.NextDouble();
    }
}
