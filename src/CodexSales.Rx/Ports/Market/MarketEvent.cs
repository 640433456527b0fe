namespace CodexSales.Rx.Ports.Market;

/// <summary>An event of the marketplace. The hierarchy is closed: the cases are those in this file.</summary>
/// <remarks>
/// The chain says nothing when a request expires or ends: that follows from the clock. Source of each case: the
/// contract's event of the same name.
/// </remarks>
public abstract record MarketEvent
{
    private protected MarketEvent(BlockStamp block) => Block = block;

    /// <summary>The block that holds the event.</summary>
    public BlockStamp Block { get; }
}

/// <summary>A client asks for storage.</summary>
/// <param name="Block">The block that holds the event.</param>
/// <param name="RequestId">The new request.</param>
/// <param name="Ask">Its slots, price and conditions.</param>
/// <param name="ExpiresAt">The last second in which its slots may be filled for the first time.</param>
public sealed record StorageRequested(BlockStamp Block, RequestId RequestId, StorageAsk Ask, UnixSeconds ExpiresAt)
    : MarketEvent(Block)
{
    /// <summary>The last second of the request's duration, counted from its block.</summary>
    public UnixSeconds EndsAt => Block.Time.Plus(Ask.DurationSeconds);
}

/// <summary>Some host filled a slot.</summary>
/// <param name="Block">The block that holds the event.</param>
/// <param name="Slot">The slot.</param>
public sealed record SlotFilled(BlockStamp Block, SlotKey Slot) : MarketEvent(Block);

/// <summary>A slot lost its host and waits to be repaired by another one; its reservations are cleared.</summary>
/// <param name="Block">The block that holds the event.</param>
/// <param name="Slot">The slot.</param>
public sealed record SlotFreed(BlockStamp Block, SlotKey Slot) : MarketEvent(Block);

/// <summary>A slot has all the reservations that it may have; also told of ids that never existed.</summary>
/// <param name="Block">The block that holds the event.</param>
/// <param name="Slot">The slot.</param>
public sealed record SlotReservationsFull(BlockStamp Block, SlotKey Slot) : MarketEvent(Block);

/// <summary>All slots of a request are filled: it has started.</summary>
/// <param name="Block">The block that holds the event.</param>
/// <param name="RequestId">The request.</param>
public sealed record RequestFulfilled(BlockStamp Block, RequestId RequestId) : MarketEvent(Block);

/// <summary>A client took its money back after its request expired. Many clients never do.</summary>
/// <param name="Block">The block that holds the event.</param>
/// <param name="RequestId">The request.</param>
public sealed record RequestCancelled(BlockStamp Block, RequestId RequestId) : MarketEvent(Block);

/// <summary>A request lost more slots than it may.</summary>
/// <param name="Block">The block that holds the event.</param>
/// <param name="RequestId">The request.</param>
public sealed record RequestFailed(BlockStamp Block, RequestId RequestId) : MarketEvent(Block);

/// <summary>All events up to a block have been told, those of the block among them: now they may be acted on. This is
/// not an event of the contract.</summary>
/// <param name="Block">The block.</param>
public sealed record BlockTold(BlockStamp Block) : MarketEvent(Block);

/// <summary>A host proved that it holds a slot. The event names the slot by its id alone.</summary>
/// <param name="Block">The block that holds the event.</param>
/// <param name="SlotId">The slot.</param>
public sealed record ProofSubmitted(BlockStamp Block, SlotId SlotId) : MarketEvent(Block);

/// <summary>A reorganisation took an event back. Reverts come newest first, before the new blocks' events.</summary>
/// <param name="Block">The block that replaces the one that held the event, as far as it is known.</param>
/// <param name="Original">The event: neither a <see cref="Reverted"/> nor a <see cref="BlockTold"/>.</param>
public sealed record Reverted(BlockStamp Block, MarketEvent Original) : MarketEvent(Block);
