using System.Diagnostics;
using System.Reactive.Subjects;
using CodexSales.Rx.Ports.Market;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Storage;

namespace CodexSales.Rx.Web.Browser.Tests;

/// <summary>
/// A market that tells a request at a time, of one slot, and notes how long it takes until the sale of it asks the first question. The
/// answer is that another host was faster, which ends the sale.
/// </summary>
internal sealed class TimedMarket : IMarket
{
    private const ulong Start = 1_700_000_000;

    private static readonly Address _another = Address.Parse($"0x{1:x40}");

    private readonly Subject<MarketEvent> _events = new();
    private readonly BehaviorSubject<BlockStamp> _heads = new(new BlockStamp(1, new UnixSeconds(Start)));
    private readonly Lock _gate = new();
    private readonly Lock _mining = new();
    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly Dictionary<RequestId, long> _told = [];
    private readonly List<double> _microseconds = [];
    private long _requests;

    public Address Host => default;

    public IObservable<MarketEvent> Events => _events.StartWith(new BlockTold(_heads.Value));

    public IObservable<BlockStamp> Heads => _heads;

    public IObservable<BlockStamp> FinalHeads => _heads;

    /// <summary>From each told request to the first question of its sale, since it was asked last.</summary>
    public double[] TakeTimes()
    {
        lock (_gate)
        {
            double[] times = [.. _microseconds];
            _microseconds.Clear();
            return times;
        }
    }

    /// <summary>A block with one request.</summary>
    public void Request()
    {
        Span<byte> id = stackalloc byte[Bytes32.Size];
        BitConverter.TryWriteBytes(id, ++_requests);
        var request = new RequestId(new Bytes32(id));
        lock (_gate)
        {
            _told[request] = Stopwatch.GetTimestamp();
        }

        Mine(block => new StorageRequested(block, request, AskOf(_requests), block.Time.Plus(600)));
    }

    public Task<SlotOffer> GetOfferAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellationToken = default)
    {
        var now = Stopwatch.GetTimestamp();
        var isFirst = false;
        lock (_gate)
        {
            if (_told.Remove(slot.RequestId, out var told))
            {
                isFirst = true;
                _microseconds.Add(Stopwatch.GetElapsedTime(told, now).TotalMicroseconds);
            }
        }

        if (isFirst)
        {
            asOf = Mine(block => new SlotFilled(block, slot));
        }

        return Task.FromResult(new SlotOffer(
            Taken(asOf),
            new StorageRequest { Client = default, Ask = AskOf(1), Cid = [1], MerkleRoot = default, ExpirySeconds = 600, Nonce = default },
            MayReserve: false,
            Funds: UInt256.MaxValue));
    }

    public Task<SlotView> GetSlotAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellationToken = default) =>
        Task.FromResult(Taken(asOf));

    public Task<MarketRules> GetRulesAsync(CancellationToken cancellationToken = default) => Task.FromResult(new MarketRules
    {
        RepairRewardPercent = 10, ProofPeriodSeconds = 60, ProofTimeoutSeconds = 30, ProofDowntimeBlocks = 0, MaxMissedProofs = 5,
    });

    public Task<IReadOnlyList<SlotId>> GetMySlotsAsync(BlockStamp asOf, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<SlotId>>([]);

    public Task<IReadOnlyList<HostedSlot>> GetHostedSlotsAsync(
        IReadOnlyList<SlotId> slots, BlockStamp asOf, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<HostedSlot>>([]);

    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    private BlockStamp Mine(Func<BlockStamp, MarketEvent> happen)
    {
        lock (_mining)
        {
            var time = new UnixSeconds(Start + (ulong)Stopwatch.GetElapsedTime(_begun).TotalSeconds);
            var block = new BlockStamp(_heads.Value.Number + 1, time);
            _heads.OnNext(block);
            _events.OnNext(happen(block));
            _events.OnNext(new BlockTold(block));
            return block;
        }
    }

    private static SlotView Taken(BlockStamp asOf) => new()
    {
        AsOf = asOf, State = SlotState.Filled, Host = _another, RequestState = RequestState.New, Demand = null, Collateral = 0, MissedProofs = 0,
    };

    private static StorageAsk AskOf(long number) => new()
    {
        ProofProbability = 3,
        PricePerBytePerSecond = (ulong)(1 + (number % 1_000)),
        CollateralPerByte = 1,
        Slots = 1,
        SlotSizeBytes = 1_000_000,
        DurationSeconds = 3_600,
        MaxSlotLoss = 0,
    };

    /// <summary>A prover that no sale gets to, and a storage in which there is nothing to clear.</summary>
    internal sealed class Unused : IProver, ISlotStorage
    {
        public Task<Groth16Proof> ProveAsync(SlotKey slot, Bytes32 challenge, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IObservable<ulong> Store(SlotDownload download) => throw new NotSupportedException();

        public Task KeepUntilAsync(SlotKey slot, UnixSeconds until, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task ClearAsync(SlotKey slot, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
