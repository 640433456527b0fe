using System.Runtime.CompilerServices;

namespace CodexSales.Rx.Tests.Pipeline;

/// <summary>
/// A market whose calls may hang, throw what no market should throw, or be told something else than is.
/// </summary>
internal sealed class ObstructedMarket(IMarket market) : DelegatingMarket(market)
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

    /// <summary>Changes what is said of a slot, in whole.</summary>
    public Func<SlotKey, SlotView, SlotView> ViewSeen { get; set; } = (_, view) => view;

    /// <summary>Changes when blocks are told.</summary>
    public Func<IObservable<BlockStamp>, IObservable<BlockStamp>> HeadsSeen { get; set; } = heads => heads;

    /// <summary>Changes when blocks are told that stay for good.</summary>
    public Func<IObservable<BlockStamp>, IObservable<BlockStamp>> FinalHeadsSeen { get; set; } = finals => finals;

    public override IObservable<MarketEvent> Events => EventsSeen(base.Events);

    public override IObservable<BlockStamp> Heads => HeadsSeen(base.Heads);

    public override IObservable<BlockStamp> FinalHeads => FinalHeadsSeen(base.FinalHeads);

    /// <summary>Calls of this name never answer.</summary>
    public static Func<string, Task?> Hangs(string name) => called => called == name ? new TaskCompletionSource().Task : null;

    /// <summary>Calls of this name throw.</summary>
    public static Func<string, Task?> Throws(string name) => called =>
        called == name ? Task.FromException(new InvalidOperationException($"{name} is broken.")) : null;

    public override Task<MarketRules> GetRulesAsync(CancellationToken cancellation) =>
        Call(() => base.GetRulesAsync(cancellation));

    public override Task<SlotView> GetSlotAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) =>
        Call(async () => See(slot, await base.GetSlotAsync(slot, asOf, cancellation)));

    public override Task<SlotOffer> GetOfferAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) =>
        Call(async () =>
        {
            var offer = await base.GetOfferAsync(slot, asOf, cancellation);
            return offer with { View = See(slot, offer.View), Request = RequestSeen(offer.Request) };
        });

    public override Task<IReadOnlyList<SlotId>> GetMySlotsAsync(BlockStamp asOf, CancellationToken cancellation) =>
        Call(() => base.GetMySlotsAsync(asOf, cancellation));

    public override Task<IReadOnlyList<HostedSlot>> GetHostedSlotsAsync(
        IReadOnlyList<SlotId> slots, BlockStamp asOf, CancellationToken cancellation) =>
        Call(() => base.GetHostedSlotsAsync(slots, asOf, cancellation));

    public override Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        Send(() => base.ReserveSlotAsync(slot, cancellation));

    public override Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) =>
        Send(() => base.FillSlotAsync(slot, proof, collateral, cancellation));

    public override Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellation) =>
        Send(() => base.SubmitProofAsync(slot, period, proof, cancellation));

    public override Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        Send(() => base.FreeSlotAsync(slot, cancellation));

    private SlotView See(SlotKey slot, SlotView view) => ViewSeen(slot, view with
    {
        State = SlotStateSeen(view.State),
        RequestState = RequestStateSeen(view.RequestState),
        Demand = view.Demand is { } demand ? ProofDemandSeen(slot, demand) : null,
    });

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
