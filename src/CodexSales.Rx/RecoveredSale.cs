using CodexSales.Rx.Selling;

namespace CodexSales.Rx;

/// <summary>How a sale that was under way when the process before ended goes on.</summary>
/// <param name="At">When that was settled, on the chain's clock.</param>
/// <param name="Sale">The sale, under its old number where the store knows it.</param>
/// <param name="Remembered">The state in the store; null when only the chain knows it as this host's.</param>
/// <param name="Next">Where it goes on, given what the chain says.</param>
public sealed record RecoveredSale(UnixSeconds At, Sale Sale, SaleStateName? Remembered, SaleStateName Next);
