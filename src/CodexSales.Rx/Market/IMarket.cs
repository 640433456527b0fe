using CodexSales.Rx.Domain;
using CodexSales.Rx.Proving;

namespace CodexSales.Rx.Market;

/// <summary>
/// The marketplace as one host sees it: the contract's events, its state, and the transactions that a host sends.
/// </summary>
/// <remarks>
/// <para>Slots are named by <see cref="SlotKey"/>; an implementation derives the contract's slot id itself.</para>
/// <para>
/// Errors of the world: a question that could not be answered faults its task with
/// <see cref="MarketUnavailableException"/>, and may be asked again. What became of a transaction is a value,
/// <see cref="TransactionOutcome"/>; a transaction's task never faults for a reason of the world. A cancelled token
/// cancels the wait, not a transaction that was already sent. A transaction that is asked for again while an earlier one
/// for the same purpose is still on its way, also one that was sent before a restart, is that one.
/// </para>
/// <para>
/// Threading: the pipeline calls from its core scheduler and takes notifications and results on any thread. Observables
/// notify one at a time.
/// </para>
/// </remarks>
public interface IMarket
{
    /// <summary>
    /// Every marketplace event in chain order, each once and without gaps, from far enough back that every request
    /// which can still be filled is among them. Never ends by itself; an error means that the stream can't be trusted
    /// any more.
    /// </summary>
    IObservable<MarketEvent> Events { get; }

    /// <summary>
    /// The newest block, each time that there is a new one. The first one comes as soon as it is known.
    /// </summary>
    IObservable<BlockStamp> Heads { get; }

    /// <summary>What the contract was deployed with. Source: <c>configuration()</c>.</summary>
    Task<MarketRules> GetRulesAsync(CancellationToken cancellation);

    /// <summary>The whole request, or null when the contract does not know it. Source: <c>getRequest</c>.</summary>
    Task<StorageRequest?> GetRequestAsync(RequestId request, CancellationToken cancellation);

    /// <summary>
    /// The state of a request as of the pending block, or null when the contract does not know it. Source:
    /// <c>requestState</c>.
    /// </summary>
    Task<RequestState?> GetRequestStateAsync(RequestId request, CancellationToken cancellation);

    /// <summary>What the contract says of a slot as of the pending block. Source: <c>slotState</c>.</summary>
    Task<SlotState> GetSlotStateAsync(SlotKey slot, CancellationToken cancellation);

    /// <summary>Whether this host fills the slot. Source: <c>getHost</c>.</summary>
    Task<bool> IsMineAsync(SlotKey slot, CancellationToken cancellation);

    /// <summary>
    /// The tokens that this host's account can put down as collateral, in the token's smallest unit. Source:
    /// <c>balanceOf</c> of the contract's token.
    /// </summary>
    Task<UInt256> GetFundsAsync(CancellationToken cancellation);

    /// <summary>
    /// The slots that the contract lists as this host's. Source: <c>mySlots</c>, <c>getActiveSlot</c>.
    /// </summary>
    Task<IReadOnlyList<HostedSlot>> GetMySlotsAsync(CancellationToken cancellation);

    /// <summary>
    /// Whether this host may reserve the slot. True also for slots that can never be filled. Source:
    /// <c>canReserveSlot</c>.
    /// </summary>
    Task<bool> CanReserveSlotAsync(SlotKey slot, CancellationToken cancellation);

    /// <summary>What the slot must prove in the period of the pending block.</summary>
    Task<ProofDemand> GetProofDemandAsync(SlotKey slot, CancellationToken cancellation);

    /// <summary>Reserves the slot for this host. Source: <c>reserveSlot</c>.</summary>
    Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation);

    /// <summary>Fills the slot: approves the collateral for it, then sends <c>fillSlot</c>.</summary>
    Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation);

    /// <summary>Submits the proof of this period. Source: <c>submitProof</c>.</summary>
    Task<TransactionOutcome> SubmitProofAsync(SlotKey slot, Groth16Proof proof, CancellationToken cancellation);

    /// <summary>
    /// Takes the payout of a finished or cancelled slot, and tells it, or takes a failed one off the list. On a slot in
    /// state <see cref="SlotState.Filled"/> it costs the whole collateral. Source: <c>freeSlot</c>.
    /// </summary>
    Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation);
}
