using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Proving;

namespace CodexSales.Rx.Tests.Pipeline;

/// <summary>A market that tells of its events in another way.</summary>
internal sealed class OtherEvents(IMarket market, IObservable<MarketEvent> events) : IMarket
{
    public IObservable<MarketEvent> Events => events;

    public IObservable<BlockStamp> Heads => market.Heads;

    public Task<MarketRules> GetRulesAsync(CancellationToken cancellation) => market.GetRulesAsync(cancellation);

    public Task<StorageRequest?> GetRequestAsync(RequestId request, CancellationToken cancellation) =>
        market.GetRequestAsync(request, cancellation);

    public Task<RequestState?> GetRequestStateAsync(RequestId request, CancellationToken cancellation) =>
        market.GetRequestStateAsync(request, cancellation);

    public Task<SlotState> GetSlotStateAsync(SlotKey slot, CancellationToken cancellation) =>
        market.GetSlotStateAsync(slot, cancellation);

    public Task<bool> IsMineAsync(SlotKey slot, CancellationToken cancellation) => market.IsMineAsync(slot, cancellation);

    public Task<IReadOnlyList<HostedSlot>> GetMySlotsAsync(CancellationToken cancellation) =>
        market.GetMySlotsAsync(cancellation);

    public Task<UInt256> GetFundsAsync(CancellationToken cancellation) => market.GetFundsAsync(cancellation);

    public Task<bool> CanReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        market.CanReserveSlotAsync(slot, cancellation);

    public Task<ProofDemand> GetProofDemandAsync(SlotKey slot, CancellationToken cancellation) =>
        market.GetProofDemandAsync(slot, cancellation);

    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        market.ReserveSlotAsync(slot, cancellation);

    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) =>
        market.FillSlotAsync(slot, proof, collateral, cancellation);

    public Task<TransactionOutcome> SubmitProofAsync(SlotKey slot, Groth16Proof proof, CancellationToken cancellation) =>
        market.SubmitProofAsync(slot, proof, cancellation);

    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        market.FreeSlotAsync(slot, cancellation);
}
