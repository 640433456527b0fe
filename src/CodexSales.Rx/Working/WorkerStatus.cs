namespace CodexSales.Rx.Working;

/// <summary>What the workers are doing, at one moment.</summary>
/// <param name="Busy">How many of them acquire a slot.</param>
/// <param name="Limit">The most workers at once. If more are busy, none starts until enough have finished.</param>
/// <param name="IsPaused">Whether nothing new may start.</param>
/// <param name="Idle">Why a worker that may be busy is not; null when as many are busy as may be.</param>
/// <param name="OldestTicket">
/// When the oldest ticket was issued that no worker has taken yet, on the scheduler's clock; null when none waits. An
/// old one while workers are idle means that selling has stalled.
/// </param>
public sealed record WorkerStatus(int Busy, int Limit, bool IsPaused, IdleReason? Idle, DateTimeOffset? OldestTicket)
{
    /// <summary>The host app's own reason why nothing new may start; null when it has none.</summary>
    public string? HeldBecause { get; init; }
}
