namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>What is remembered of alerts over a restart.</summary>
/// <param name="LastId">The highest number that was given to one.</param>
/// <param name="Active">The active ones.</param>
/// <param name="Past">Those that are over, the latest first.</param>
internal sealed record AlertMemory(long LastId, IReadOnlyList<Alert> Active, IReadOnlyList<Alert> Past)
{
    /// <summary>Nothing.</summary>
    public static AlertMemory None { get; } = new(0, [], []);
}
