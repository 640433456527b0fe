using CodexSales.Rx.Ports.Store;

namespace CodexSales.Rx.Selling;

/// <summary>One step in the life of a sale, as it is told to the host app.</summary>
/// <param name="At">When, on the chain's clock.</param>
/// <param name="Sale">The sale.</param>
/// <param name="State">Where it stands now.</param>
/// <param name="MissedProofs">
/// How many periods it had to go so far without the proof that they wanted: money is lost.
/// </param>
/// <param name="End">
/// How it ended; null while it goes on. After it the sale is cleaned up and no more is heard of it.
/// </param>
public sealed record SaleStep(UnixSeconds At, Sale Sale, SaleStateName State, int MissedProofs, SaleEnd? End);
