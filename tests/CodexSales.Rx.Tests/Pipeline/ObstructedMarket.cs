using System.Runtime.CompilerServices;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Proving;

namespace CodexSales.Rx.Tests.Pipeline;

/// <summary>
/// A market whose calls may hang, throw what no market should throw, or be told something else than is.
/// </summary>
internal sealed class ObstructedMarket(IMarket market) : IMarket
{
    /// <summary>What a call waits for before it is made, by the name of its method; null for nothing.</summary>
    public Func<string, Task?> Before { get; set; } = _ => null;

    /// <summary>Changes what is said of a request's state.</summary>
    public Func<RequestState?, RequestState?> RequestStateSeen { get; set; } = state => state;

    /// <summary>Changes what is said of a request.</summary>
    public Func<StorageRequest?, StorageRequest?> RequestSeen { get; set; } = request => request;

    /// <summary>Changes what is said of a slot's state.</summary>
    public Func<SlotState, SlotState> SlotStateSeen { get; set; } = state => state;

    /// <summary>Changes what is said of what a slot must prove.</summary>
    public Func<SlotKey, ProofDemand, ProofDemand> ProofDemandSeen { get; set; } = (_, demand) => demand;

    /// <summary>Why a transaction is refused, by the name of its method; null where it is sent.</summary>
    public Func<string, MarketRefusal?> Refusal { get; set; } = _ => null;

    /// <summary>Changes when events are told.</summary>
    public Func<IObservable<MarketEvent>, IObservable<MarketEvent>> EventsSeen { get; set; } = events => events;

    public IObservable<MarketEvent> Events => EventsSeen(market.Events);

    public IObservable<BlockStamp> Heads => market.Heads;

    /// <summary>Calls of this name never answer.</summary>
    public static Func<string, Task?> Hangs(string name) => called => called == name ? new TaskCompletionSource().Task : null;

    /// <summary>Calls of this name throw.</summary>
    public static Func<string, Task?> Throws(string name) => called =>
        called == name ? Task.FromException(new InvalidOperationException($"{name} is broken.")) : null;

    public Task<MarketRules> GetRulesAsync(CancellationToken cancellation) => Call(() => market.GetRulesAsync(cancellation));

    public Task<StorageRequest?> GetRequestAsync(RequestId request, CancellationToken cancellation) =>
        Call(async () => RequestSeen(await market.GetRequestAsync(request, cancellation)));

    public Task<RequestState?> GetRequestStateAsync(RequestId request, CancellationToken cancellation) =>
        Call(async () => RequestStateSeen(await market.GetRequestStateAsync(request, cancellation)));

    public Task<SlotState> GetSlotStateAsync(SlotKey slot, CancellationToken cancellation) =>
        Call(async () => SlotStateSeen(await market.GetSlotStateAsync(slot, cancellation)));

    public Task<bool> IsMineAsync(SlotKey slot, CancellationToken cancellation) =>
        Call(() => market.IsMineAsync(slot, cancellation));

    public Task<IReadOnlyList<HostedSlot>> GetMySlotsAsync(CancellationToken cancellation) =>
        Call(() => market.GetMySlotsAsync(cancellation));

    public Task<UInt256> GetFundsAsync(CancellationToken cancellation) => Call(() => market.GetFundsAsync(cancellation));

    public Task<bool> CanReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        Call(() => market.CanReserveSlotAsync(slot, cancellation));

    public Task<ProofDemand> GetProofDemandAsync(SlotKey slot, CancellationToken cancellation) =>
        Call(async () => ProofDemandSeen(slot, await market.GetProofDemandAsync(slot, cancellation)));

    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        Send(() => market.ReserveSlotAsync(slot, cancellation));

    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) =>
        Send(() => market.FillSlotAsync(slot, proof, collateral, cancellation));

    public Task<TransactionOutcome> SubmitProofAsync(SlotKey slot, Groth16Proof proof, CancellationToken cancellation) =>
        Send(() => market.SubmitProofAsync(slot, proof, cancellation));

    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        Send(() => market.FreeSlotAsync(slot, cancellation));

    private Task<TransactionOutcome> Send(
        Func<Task<TransactionOutcome>> transaction, [CallerMemberName] string name = "") =>
        Refusal(name) is { } refusal
            ? Task.FromResult<TransactionOutcome>(new TransactionRefused(refusal, $"{name} is refused."))
            : Call(transaction, name);

    private async Task<T> Call<T>(Func<Task<T>> call, [CallerMemberName] string name = "")
    {
        if (Before(name) is { } obstacle)
        {
            await obstacle;
        }

        return await call();
    }
}
