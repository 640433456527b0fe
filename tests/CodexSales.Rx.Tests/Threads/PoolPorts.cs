namespace CodexSales.Rx.Tests.Threads;

/// <summary>A market on a loop that answers, and notifies, from threads of the pool.</summary>
internal sealed class PoolMarket(SimulatedMarket market, HastyLoop loop) : DelegatingMarket(market)
{
    private readonly SimulatedMarket _market = market;

    public override IObservable<MarketEvent> Events => OnLoop(_market.Events);

    public override IObservable<BlockStamp> Heads => OnLoop(_market.Heads);

    public override IObservable<BlockStamp> FinalHeads => OnLoop(_market.FinalHeads);

    public override Task<MarketRules> GetRulesAsync(CancellationToken cancellation) =>
        HopAsync(() => _market.GetRulesAsync(default), cancellation);

    public override Task<SlotView> GetSlotAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) =>
        HopAsync(() => _market.GetSlotAsync(slot, asOf, default), cancellation);

    public override Task<SlotOffer> GetOfferAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) =>
        HopAsync(() => _market.GetOfferAsync(slot, asOf, default), cancellation);

    public override Task<IReadOnlyList<SlotId>> GetMySlotsAsync(BlockStamp asOf, CancellationToken cancellation) =>
        HopAsync(() => _market.GetMySlotsAsync(asOf, default), cancellation);

    public override Task<IReadOnlyList<HostedSlot>> GetHostedSlotsAsync(
        IReadOnlyList<SlotId> slots, BlockStamp asOf, CancellationToken cancellation) =>
        HopAsync(() => _market.GetHostedSlotsAsync(slots, asOf, default), cancellation);

    public override Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        HopAsync(() => _market.ReserveSlotAsync(slot, default), cancellation);

    public override Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) =>
        HopAsync(() => _market.FillSlotAsync(slot, proof, collateral, default), cancellation);

    public override Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellation) =>
        HopAsync(() => _market.SubmitProofAsync(slot, period, proof, default), cancellation);

    public override Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        HopAsync(() => _market.FreeSlotAsync(slot, default), cancellation);

    private IObservable<T> OnLoop<T>(IObservable<T> source) => Observable.Create<T>(observer =>
    {
        var subscription = new SingleAssignmentDisposable();
        loop.Post(() => subscription.Disposable = source.Subscribe(observer));
        return Disposable.Create(() => loop.Post(subscription.Dispose));
    });

    private Task<T> HopAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellation.Register(() => answer.TrySetCanceled(cancellation));
        loop.Post(async () =>
        {
            try
            {
                answer.TrySetResult(await call().ConfigureAwait(false));
            }
            catch (Exception failure)
            {
                answer.TrySetException(failure);
            }
        });
        return answer.Task;
    }
}

/// <summary>Storage that stores at once, on a thread of the pool.</summary>
internal sealed class PoolStorage : ISlotStorage
{
    private int _running;

    public int Running => _running;

    public IObservable<ulong> Store(SlotDownload download) => Observable.Create<ulong>(async (observer, cancellation) =>
    {
        Interlocked.Increment(ref _running);
        try
        {
            await Task.Run(() => observer.OnNext(download.Request.Ask.SlotSizeBytes / 2), cancellation);
            await Task.Run(() => observer.OnNext(download.Request.Ask.SlotSizeBytes), cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    });

    public Task KeepUntilAsync(SlotKey slot, UnixSeconds until, CancellationToken cancellation) =>
        Task.Run(() => { }, cancellation);

    public Task ClearAsync(SlotKey slot, CancellationToken cancellation) => Task.Run(() => { }, cancellation);
}

/// <summary>A prover on the pool.</summary>
internal sealed class PoolProver : IProver
{
    public Task<Groth16Proof> ProveAsync(SlotKey slot, Bytes32 challenge, CancellationToken cancellation) =>
        Task.Run(() => SimulatedProver.AnyProof, cancellation);
}
