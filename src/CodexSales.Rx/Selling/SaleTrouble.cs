namespace CodexSales.Rx.Selling;

/// <summary>
/// Something failed: it is tried again, and money may be lost if that goes on; or it has ended a sale of a slot that was not
/// this host's yet.
/// </summary>
/// <param name="At">The time, on the chain's clock.</param>
/// <param name="Error">The error; of a port, the very exception that it threw.</param>
public sealed record SaleTrouble(UnixSeconds At, Exception Error);
