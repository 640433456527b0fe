using System.Reactive.Subjects;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Node.Replay;

/// <summary>A record as it is, for a pipeline without workers: nothing is asked of it, nothing sent to it.</summary>
internal sealed class ObservedMarket(MarketRules rules) : IReplayedMarket, IMarket
{
    private readonly Subject<MarketEvent> _events = new();
    private readonly Subject<BlockStamp> _heads = new();

    public IMarket Market => this;

    public IObservable<MarketEvent> Events => _events;

    public Address Host => default;

    public IObservable<BlockStamp> Heads => _heads;

    public IObservable<BlockStamp> FinalHeads => _heads;

    public void Happen(RecordedBlock block)
    {
        _heads.OnNext(block.Stamp);
        foreach (var happened in block.Events)
        {
            _events.OnNext(happened);
        }

        _events.OnNext(new BlockTold(block.Stamp));
    }

    public Task<MarketRules> GetRulesAsync(CancellationToken cancellation) => Task.FromResult(rules);

    public Task<IReadOnlyList<SlotId>> GetMySlotsAsync(BlockStamp asOf, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<SlotId>>([]);

    public Task<SlotView> GetSlotAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) => throw Nobody();

    public Task<SlotOffer> GetOfferAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) =>
        throw Nobody();

    public Task<IReadOnlyList<HostedSlot>> GetHostedSlotsAsync(
        IReadOnlyList<SlotId> slots, BlockStamp asOf, CancellationToken cancellation) => throw Nobody();

    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) => throw Nobody();

    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) => throw Nobody();

    public Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellation) => throw Nobody();

    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) => throw Nobody();

    public void Dispose()
    {
        _events.Dispose();
        _heads.Dispose();
    }

    private static NotSupportedException Nobody() => new("Nobody sells on a market that is only observed.");
}
