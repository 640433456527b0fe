using CodexSales.Rx.Ports.Store;

namespace CodexSales.Rx.Selling;

/// <summary>One step in the life of a sale, as it is told to the host app.</summary>
/// <param name="At">The time, on the chain's clock.</param>
/// <param name="Sale">The sale.</param>
/// <param name="State">Its new state.</param>
/// <param name="MissedProofs">The periods so far whose required proof is missing: money is lost.</param>
/// <param name="End">Its end; null while it goes on. By then it is cleaned up, and no more is heard of it.</param>
public sealed record SaleStep(UnixSeconds At, Sale Sale, SaleStateName State, int MissedProofs, SaleEnd? End);
