namespace CodexSales.Rx.Tests.Time;

/// <summary>Times of a <c>TestScheduler</c>, which counts in ticks of 100 ns.</summary>
internal static class Ticks
{
    /// <summary>So many seconds.</summary>
    public static long Seconds(double seconds) => TimeSpan.FromSeconds(seconds).Ticks;
}
