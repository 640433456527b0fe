using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Ports.Market;

/// <summary>The marketplace as a host sees it: the contract's events and state, and the host's transactions.</summary>
/// <remarks>
/// <para>Slots are named by <see cref="SlotKey"/>; an implementation derives the contract's slot id itself.</para>
/// <para>
/// Every question about the contract's state is asked as of a block that <see cref="Heads"/> or
/// <see cref="FinalHeads"/> has told, by its hash where that is known, and all of one answer is of that block. A node
/// that does not know the block is behind, or the block was replaced: that is no answer. No other block is asked about
/// in its place.
/// </para>
/// <para>
/// Errors of the world: a question that could not be answered faults its task with
/// <see cref="MarketUnavailableException"/>, and may be asked again. A transaction's outcome is a value,
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
    /// <summary>This host's account.</summary>
    Address Host { get; }

    /// <summary>
    /// Every marketplace event in chain order, each once and without gaps, from far enough back that every request
    /// which can still be filled is among them; and a <see cref="BlockTold"/> when the past has been told, and after
    /// each block since. Never ends by itself; an error means that the stream can't be trusted any more.
    /// </summary>
    IObservable<MarketEvent> Events { get; }

    /// <summary>
    /// The newest block, each time that there is another one, whether or not its events have been told. The first one
    /// comes as soon as it is known. After a reorganisation, the last block that stays is told first, then the new
    /// ones: a head whose number is not above the one before it tells of a reorganisation.
    /// </summary>
    IObservable<BlockStamp> Heads { get; }

    /// <summary>
    /// The newest block that no reorganisation takes back any more, each time that there is another one. The first one
    /// comes as soon as it is known, none before <see cref="Heads"/> has told of it, or of a reorganisation below it.
    /// Decisions that can't be undone are made as of such a block.
    /// </summary>
    IObservable<BlockStamp> FinalHeads { get; }

    /// <summary>The contract's constants. Source: <c>configuration()</c>.</summary>
    Task<MarketRules> GetRulesAsync(CancellationToken cancellationToken = default);

    /// <summary>The contract's state of a slot.</summary>
    Task<SlotView> GetSlotAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellationToken = default);

    /// <summary>The state on which to decide whether to reserve a slot.</summary>
    Task<SlotOffer> GetOfferAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellationToken = default);

    /// <summary>The slots that the contract lists as this host's. Source: <c>mySlots</c>.</summary>
    Task<IReadOnlyList<SlotId>> GetMySlotsAsync(BlockStamp asOf, CancellationToken cancellationToken = default);

    /// <summary>
    /// Those of the slots that some host fills, with their requests. Source: <c>getActiveSlot</c>,
    /// <c>requestExpiry</c>, <c>requestEnd</c>.
    /// </summary>
    Task<IReadOnlyList<HostedSlot>> GetHostedSlotsAsync(
        IReadOnlyList<SlotId> slots, BlockStamp asOf, CancellationToken cancellationToken = default);

    /// <summary>Reserves the slot for this host. Source: <c>reserveSlot</c>.</summary>
    Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellationToken = default);

    /// <summary>Fills the slot: approves the collateral for it, then sends <c>fillSlot</c>.</summary>
    Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellationToken = default);

    /// <summary>Submits the proof of a period. Source: <c>submitProof</c>.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="period">The period whose challenge is proved: in a block of a later one the proof is void.</param>
    /// <param name="proof">The proof.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes the payout of a finished or cancelled slot, and tells it, or takes a failed one off the list. On a slot in
    /// state <see cref="SlotState.Filled"/> it costs the whole collateral. Source: <c>freeSlot</c>.
    /// </summary>
    Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellationToken = default);
}
