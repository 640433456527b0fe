namespace CodexSales.Rx.Selling;

/// <summary>
/// Something failed: it is tried again, and money may be lost if that goes on; or it has ended a sale of a slot that was not
/// this host's yet.
/// </summary>
/// <param name="At">When, on the chain's clock.</param>
/// <param name="Error">What went wrong: where a port threw, what it threw.</param>
public sealed record SaleTrouble(UnixSeconds At, Exception Error);
