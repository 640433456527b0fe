using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Hosting;

/// <summary>
/// A market that is there once its chain was found, so that a pipeline can be looked at and changed before. It is opened before the
/// pipeline is started: nobody asks it earlier.
/// </summary>
internal sealed class LateMarket(Address host) : IMarket
{
    private IMarket? _market;

    public Address Host => host;

    public IObservable<MarketEvent> Events => Market.Events;

    public IObservable<BlockStamp> Heads => Market.Heads;

    public IObservable<BlockStamp> FinalHeads => Market.FinalHeads;

    private IMarket Market => _market ?? throw new InvalidOperationException("The chain was not found yet.");

    public void Open(IMarket market) => _market = market;

    public Task<MarketRules> GetRulesAsync(CancellationToken cancellation) => Market.GetRulesAsync(cancellation);

    public Task<SlotView> GetSlotAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) =>
        Market.GetSlotAsync(slot, asOf, cancellation);

    public Task<SlotOffer> GetOfferAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) =>
        Market.GetOfferAsync(slot, asOf, cancellation);

    public Task<IReadOnlyList<SlotId>> GetMySlotsAsync(BlockStamp asOf, CancellationToken cancellation) =>
        Market.GetMySlotsAsync(asOf, cancellation);

    public Task<IReadOnlyList<HostedSlot>> GetHostedSlotsAsync(
        IReadOnlyList<SlotId> slots, BlockStamp asOf, CancellationToken cancellation) =>
        Market.GetHostedSlotsAsync(slots, asOf, cancellation);

    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        Market.ReserveSlotAsync(slot, cancellation);

    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) =>
        Market.FillSlotAsync(slot, proof, collateral, cancellation);

    public Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellation) =>
        Market.SubmitProofAsync(slot, period, proof, cancellation);

    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) => Market.FreeSlotAsync(slot, cancellation);
}
