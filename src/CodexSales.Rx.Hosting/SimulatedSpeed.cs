namespace CodexSales.Rx.Hosting;

/// <summary>How fast time passes for a host on a simulated market. Threading: any thread.</summary>
public sealed class SimulatedSpeed
{
    /// <summary>The highest there is.</summary>
    public const int Highest = 10_000;

    private readonly QuickenedScheduler _scheduler;

    internal SimulatedSpeed(QuickenedScheduler scheduler) => _scheduler = scheduler;

    /// <summary>How many seconds pass in one second, for the market and the host alike.</summary>
    public int Factor => _scheduler.Factor;

    /// <summary>Changes it, from now on; nothing that is due is left out.</summary>
    /// <param name="factor">From 1 to <see cref="Highest"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is outside of that range.</exception>
    public void Set(int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(factor, Highest);
        _scheduler.SetFactor(factor);
    }
}
