namespace CodexSales.Rx.Ports.Market;

/// <summary>The state on which to decide whether to reserve a slot, all as of one block.</summary>
/// <param name="View">The slot.</param>
/// <param name="Request">Its whole request; null when the contract does not know it. Source: <c>getRequest</c>.</param>
/// <param name="MayReserve">
/// Whether this host may reserve the slot. True also for slots that can never be filled. Source:
/// <c>canReserveSlot</c>.
/// </param>
/// <param name="Funds">
/// The tokens that this host's account can put down as collateral, in the token's smallest unit. Source:
/// <c>balanceOf</c> of the contract's token.
/// </param>
public sealed record SlotOffer(SlotView View, StorageRequest? Request, bool MayReserve, UInt256 Funds);
