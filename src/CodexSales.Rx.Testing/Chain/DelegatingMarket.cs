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
    public virtual Task<MarketRules> GetRulesAsync(CancellationToken cancellationToken = default) =>
        market.GetRulesAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual Task<SlotView> GetSlotAsync(
        SlotKey slot, BlockStamp asOf, CancellationToken cancellationToken = default) =>
        market.GetSlotAsync(slot, asOf, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<SlotOffer> GetOfferAsync(
        SlotKey slot, BlockStamp asOf, CancellationToken cancellationToken = default) =>
        market.GetOfferAsync(slot, asOf, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<SlotId>> GetMySlotsAsync(
        BlockStamp asOf, CancellationToken cancellationToken = default) =>
        market.GetMySlotsAsync(asOf, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<HostedSlot>> GetHostedSlotsAsync(
        IReadOnlyList<SlotId> slots, BlockStamp asOf, CancellationToken cancellationToken = default) =>
        market.GetHostedSlotsAsync(slots, asOf, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<TransactionOutcome> ReserveSlotAsync(
        SlotKey slot, CancellationToken cancellationToken = default) =>
        market.ReserveSlotAsync(slot, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellationToken = default) =>
        market.FillSlotAsync(slot, proof, collateral, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellationToken = default) =>
        market.SubmitProofAsync(slot, period, proof, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<TransactionOutcome> FreeSlotAsync(
        SlotKey slot, CancellationToken cancellationToken = default) =>
        market.FreeSlotAsync(slot, cancellationToken);
}
