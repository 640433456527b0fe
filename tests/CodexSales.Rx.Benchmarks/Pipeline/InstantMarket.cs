using System.Reactive.Linq;
using System.Reactive.Subjects;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Market;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Benchmarks.Pipeline;

/// <summary>A market that answers at once, and on which no slot can be reserved any more.</summary>
internal sealed class InstantMarket : IMarket
{
    private static readonly Task<MarketRules> Rules = Task.FromResult(new MarketRules
    {
        RepairRewardPercent = 10,
        ProofPeriodSeconds = 60,
        ProofTimeoutSeconds = 30,
        ProofDowntimeBlocks = 0,
        MaxMissedProofs = 5,
    });

    private static readonly BlockStamp Block = new(1, new UnixSeconds(1));

    private static readonly SlotOffer Offer = new(
        new SlotView
        {
            AsOf = Block,
            State = SlotState.Free,
            Host = null,
            RequestState = RequestState.New,
            Demand = null,
            Collateral = 0,
            MissedProofs = 0,
        },
        new StorageRequest
        {
            Client = default,
            Ask = SampleGroups.Terms(0, 4, new Random(1)).Ask,
            Cid = [1],
            MerkleRoot = default,
            ExpirySeconds = 1_000,
            Nonce = default,
        },
        MayReserve: false,
        Funds: UInt256.MaxValue);

    private readonly Subject<MarketEvent> _events = new();
    private readonly BehaviorSubject<BlockStamp> _heads = new(Block);
    private readonly HashSet<SlotKey> _asked = [];

    public Address Host => default;

    public IObservable<MarketEvent> Events => _events.StartWith(new BlockTold(Block));

    public IObservable<BlockStamp> Heads => _heads;

    public IObservable<BlockStamp> FinalHeads => Observable.Never<BlockStamp>().StartWith(Block);

    /// <summary>One more block, and all that it holds. With its end a worker may choose.</summary>
    public void Mine(UnixSeconds time, Func<BlockStamp, IEnumerable<MarketEvent>> eventsOf)
    {
        var block = new BlockStamp(_heads.Value.Number + 1, time);
        _heads.OnNext(block);
        foreach (var happened in eventsOf(block))
        {
            _events.OnNext(happened);
        }

        _events.OnNext(new BlockTold(block));
    }

    public Task<MarketRules> GetRulesAsync(CancellationToken cancellation) => Rules;

    public Task<SlotOffer> GetOfferAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation)
    {
        // The news that another host was faster, without which a sale would take the reservation for its own.
        if (!_asked.Remove(slot))
        {
            _asked.Add(slot);
            Mine(_heads.Value.Time, block => [new SlotReservationsFull(block, slot)]);
        }

        return Task.FromResult(Offer with { View = Offer.View with { AsOf = _heads.Value } });
    }

    public Task<IReadOnlyList<SlotId>> GetMySlotsAsync(BlockStamp asOf, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<SlotId>>([]);

    public Task<SlotView> GetSlotAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<HostedSlot>> GetHostedSlotsAsync(
        IReadOnlyList<SlotId> slots, BlockStamp asOf, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
