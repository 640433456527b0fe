using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Proving;

namespace CodexSales.Rx.Sqlite.Tests.Crashes;

/// <summary>The market of a <see cref="ChainFile"/>: questions go to the chain, transactions through the file.</summary>
internal sealed class FiledMarket(ChainFile file) : IMarket
{
    public IObservable<MarketEvent> Events => file.Market.Events;

    public IObservable<BlockStamp> Heads => file.Market.Heads;

    public Task<MarketRules> GetRulesAsync(CancellationToken cancellation) => file.Market.GetRulesAsync(cancellation);

    public Task<StorageRequest?> GetRequestAsync(RequestId request, CancellationToken cancellation) =>
        file.Market.GetRequestAsync(request, cancellation);

    public Task<RequestState?> GetRequestStateAsync(RequestId request, CancellationToken cancellation) =>
        file.Market.GetRequestStateAsync(request, cancellation);

    public Task<SlotState> GetSlotStateAsync(SlotKey slot, CancellationToken cancellation) =>
        file.Market.GetSlotStateAsync(slot, cancellation);

    public Task<bool> IsMineAsync(SlotKey slot, CancellationToken cancellation) =>
        file.Market.IsMineAsync(slot, cancellation);

    public Task<UInt256> GetFundsAsync(CancellationToken cancellation) => file.Market.GetFundsAsync(cancellation);

    public Task<IReadOnlyList<HostedSlot>> GetMySlotsAsync(CancellationToken cancellation) =>
        file.Market.GetMySlotsAsync(cancellation);

    public Task<bool> CanReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        file.Market.CanReserveSlotAsync(slot, cancellation);

    public Task<ProofDemand> GetProofDemandAsync(SlotKey slot, CancellationToken cancellation) =>
        file.Market.GetProofDemandAsync(slot, cancellation);

    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        file.SendAsync(new Sent("reserve", slot, 0));

    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) =>
        file.SendAsync(new Sent("fill", slot, 0));

    // The proof of a period that has one already is that one.
    public Task<TransactionOutcome> SubmitProofAsync(SlotKey slot, Groth16Proof proof, CancellationToken cancellation)
    {
        var sent = new Sent("prove", slot, file.Time.ChainTime.Value / file.Chain.Options.Rules.ProofPeriodSeconds);
        return file.Transactions.TryGetValue(sent, out var before) ? before : file.SendAsync(sent);
    }

    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        file.SendAsync(new Sent("free", slot, 0));
}
