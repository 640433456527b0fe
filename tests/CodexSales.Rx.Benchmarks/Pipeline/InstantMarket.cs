using System.Reactive.Linq;
using System.Reactive.Subjects;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Proving;

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
    });

    private static readonly Task<StorageRequest?> Request = Task.FromResult<StorageRequest?>(new StorageRequest
    {
        Client = default,
        Ask = SampleLots.Terms(0, 4, new Random(1)).Ask,
        Cid = [1],
        MerkleRoot = default,
        ExpirySeconds = 1_000,
        Nonce = default,
    });

    private static readonly Task<UInt256> Funds = Task.FromResult(UInt256.MaxValue);

    private readonly Subject<MarketEvent> _events = new();

    public IObservable<MarketEvent> Events => _events;

    public IObservable<BlockStamp> Heads => Observable.Never<BlockStamp>().StartWith(new BlockStamp(1, new UnixSeconds(1)));

    public void Raise(MarketEvent happened) => _events.OnNext(happened);

    public Task<MarketRules> GetRulesAsync(CancellationToken cancellation) => Rules;

    public Task<StorageRequest?> GetRequestAsync(RequestId request, CancellationToken cancellation) => Request;

    public Task<RequestState?> GetRequestStateAsync(RequestId request, CancellationToken cancellation) =>
        Task.FromResult<RequestState?>(RequestState.New);

    public Task<SlotState> GetSlotStateAsync(SlotKey slot, CancellationToken cancellation) =>
        Task.FromResult(SlotState.Free);

    public Task<IReadOnlyList<HostedSlot>> GetMySlotsAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<HostedSlot>>([]);

    public Task<bool> CanReserveSlotAsync(SlotKey slot, CancellationToken cancellation)
    {
        // The news that another host was faster, without which a sale would take the reservation for its own.
        Raise(new SlotReservationsFull(default, slot));
        return Task.FromResult(false);
    }

    public Task<bool> IsMineAsync(SlotKey slot, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<UInt256> GetFundsAsync(CancellationToken cancellation) => Funds;

    public Task<ProofDemand> GetProofDemandAsync(SlotKey slot, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, Groth16Proof proof, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
