namespace CodexSales.Rx.Resilience;

/// <summary>A port that has failed, and has not worked since.</summary>
/// <param name="Port">Which.</param>
/// <param name="Failures">How often in a row; at least 1.</param>
/// <param name="LastError">What it said last, in one sentence.</param>
/// <param name="Since">When it failed first, on the scheduler's clock.</param>
public sealed record FailingPort(HostPort Port, int Failures, string LastError, DateTimeOffset Since);
