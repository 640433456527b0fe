using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Selling;

/// <summary>Something failed for now and is tried again. Money may be lost if that goes on.</summary>
/// <param name="At">When, on the chain's clock.</param>
/// <param name="Error">What went wrong.</param>
public sealed record SaleTrouble(UnixSeconds At, Exception Error);
