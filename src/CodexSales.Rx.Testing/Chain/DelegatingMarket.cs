namespace CodexSales.Rx.Testing.Chain;

/// <summary>A market that is another one, but for what a derived class does in its own way.</summary>
/// <param name="market">The other one.</param>
public abstract class DelegatingMarket(IMarket market) : IMarket
{
    /// <inheritdoc/>
    public Address Host => market.Host;

    /// <inheritdoc/>
    public virtual IObservable<MarketEvent> Events => market.Events;

    /// <inheritdoc/>
    public virtual IObservable<BlockStamp> Heads => market.Heads;

    /// <inheritdoc/>
    public virtual IObservable<BlockStamp> FinalHeads => market.FinalHeads;

    /// <inheritdoc/>
    public virtual Task<MarketRules> GetRulesAsync(CancellationToken cancellation) => market.GetRulesAsync(cancellation);

    /// <inheritdoc/>
    public virtual Task<SlotView> GetSlotAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) =>
        market.GetSlotAsync(slot, asOf, cancellation);

    /// <inheritdoc/>
    public virtual Task<SlotOffer> GetOfferAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) =>
        market.GetOfferAsync(slot, asOf, cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<SlotId>> GetMySlotsAsync(BlockStamp asOf, CancellationToken cancellation) =>
        market.GetMySlotsAsync(asOf, cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<HostedSlot>> GetHostedSlotsAsync(
        IReadOnlyList<SlotId> slots, BlockStamp asOf, CancellationToken cancellation) =>
        market.GetHostedSlotsAsync(slots, asOf, cancellation);

    /// <inheritdoc/>
    public virtual Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        market.ReserveSlotAsync(slot, cancellation);

    /// <inheritdoc/>
    public virtual Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) =>
        market.FillSlotAsync(slot, proof, collateral, cancellation);

    /// <inheritdoc/>
    public virtual Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellation) =>
        market.SubmitProofAsync(slot, period, proof, cancellation);

    /// <inheritdoc/>
    public virtual Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        market.FreeSlotAsync(slot, cancellation);
}
