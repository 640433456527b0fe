using System.Reactive.Subjects;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Proving;

namespace CodexSales.Node.Replay;

/// <summary>A record as it is, for a pipeline without workers: nothing is asked of it, nothing sent to it.</summary>
internal sealed class ObservedMarket(MarketRules rules) : IReplayedMarket, IMarket
{
    private readonly Subject<MarketEvent> _events = new();
    private readonly Subject<BlockStamp> _heads = new();

    public IMarket Market => this;

    public IObservable<MarketEvent> Events => _events;

    public IObservable<BlockStamp> Heads => _heads;

    public void Happen(RecordedBlock block)
    {
        _heads.OnNext(block.Stamp);
        foreach (var happened in block.Events)
        {
            _events.OnNext(happened);
        }
    }

    public Task<MarketRules> GetRulesAsync(CancellationToken cancellation) => Task.FromResult(rules);

    public Task<IReadOnlyList<HostedSlot>> GetMySlotsAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<HostedSlot>>([]);

    public Task<StorageRequest?> GetRequestAsync(RequestId request, CancellationToken cancellation) => throw Nobody();

    public Task<RequestState?> GetRequestStateAsync(RequestId request, CancellationToken cancellation) =>
        throw Nobody();

    public Task<SlotState> GetSlotStateAsync(SlotKey slot, CancellationToken cancellation) => throw Nobody();

    public Task<bool> IsMineAsync(SlotKey slot, CancellationToken cancellation) => throw Nobody();

    public Task<UInt256> GetFundsAsync(CancellationToken cancellation) => throw Nobody();

    public Task<bool> CanReserveSlotAsync(SlotKey slot, CancellationToken cancellation) => throw Nobody();

    public Task<ProofDemand> GetProofDemandAsync(SlotKey slot, CancellationToken cancellation) => throw Nobody();

    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) => throw Nobody();

    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) => throw Nobody();

    public Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, Groth16Proof proof, CancellationToken cancellation) => throw Nobody();

    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) => throw Nobody();

    public void Dispose()
    {
        _events.Dispose();
        _heads.Dispose();
    }

    private static NotSupportedException Nobody() => new("Nobody sells on a market that is only observed.");
}
