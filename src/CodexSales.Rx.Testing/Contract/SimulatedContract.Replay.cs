namespace CodexSales.Rx.Testing.Contract;

/// <content>Acts of others in a record: they happen though their reservations, proofs and money are unknown.</content>
internal sealed partial class SimulatedContract
{
    /// <summary>Stands for every host and client of a record.</summary>
    public static readonly Address Outsider = Address.Parse("0x00000000000000000000000000000000c0de0004");

    /// <summary>The effect of a recorded event: nothing if it has happened, null if it contradicts that.</summary>
    public IReadOnlyList<MarketEvent>? Replay(MarketEvent recorded)
    {
        _draw.CountsByTime = true;
        return Happen(recorded);
    }

    private IReadOnlyList<MarketEvent>? Happen(MarketEvent recorded) => recorded switch
    {
        StorageRequested requested => ReplayRequest(requested),
        SlotFilled filled => ReplayFill(filled),
        SlotFreed freed => ReplayEviction(freed),
        SlotReservationsFull full => ReplayReservations(full),
        ProofSubmitted proof => ReplayProof(proof),
        RequestFulfilled fulfilled => IfStored(fulfilled.RequestId, RequestState.Started),
        RequestFailed failed => IfStored(failed.RequestId, RequestState.Failed),
        RequestCancelled cancelled => ReplayCancellation(cancelled),
        _ => null,
    };

    private StorageRequested[]? ReplayRequest(StorageRequested requested)
    {
        if (_requests.ContainsKey(requested.RequestId) || !TryGetPrice(requested.Ask, out var price))
        {
            return null;
        }

        // The event has no content, client or nonce: what stands here instead does not hash to the id.
        var request = new StorageRequest
        {
            Client = Outsider,
            Ask = requested.Ask,
            Cid = SomeClient.Cid,
            MerkleRoot = default,
            ExpirySeconds = requested.ExpiresAt.SecondsSince(requested.Block.Time),
            Nonce = default,
        };
        AddRequest(requested.RequestId, request, requested.ExpiresAt, requested.EndsAt, price);
        Tokens.Mint(Account, price);
        return [requested];
    }

    private List<MarketEvent>? ReplayFill(SlotFilled filled)
    {
        var at = filled.Block;
        if (FindRequest(filled.Slot.RequestId) is not { } request
            || filled.Slot.SlotIndex >= request.Ask.Slots
            || at.Time >= request.EndsAt)
        {
            return null;
        }

        var slot = FindSlot(filled.Slot) ?? new ContractSlot(filled.Slot, filled.Slot.SlotId, request);
        var state = slot.StateAt(at.Time);
        if (state is not (SlotState.Free or SlotState.Repair)
            || !TryGetCollateral(request.Ask, state, out var collateral, out var payable))
        {
            return null;
        }

        Tokens.Mint(Account, payable);
        return Fill(at, slot, Outsider, collateral);
    }

    private List<MarketEvent>? ReplayEviction(SlotFreed freed) =>
        FindSlot(freed.Slot) is { } slot
        && slot.Host == Outsider
        && slot.StateAt(freed.Block.Time) == SlotState.Filled
            ? Evict(freed.Block, slot)
            : null;

    private SlotReservationsFull[]? ReplayReservations(SlotReservationsFull full)
    {
        if (GetSlotState(full.Block.Time, full.Slot) is not (SlotState.Free or SlotState.Repair)
            || _reservations.IsFull(full.Slot))
        {
            return null;
        }

        _reservations.AddUntilFull(full.Slot, Outsider);
        return [full];
    }

    // A fill's proof comes before the fill: nothing is known of the slot then.
    private ProofSubmitted[]? ReplayProof(ProofSubmitted proof) =>
        !_slotsById.TryGetValue(proof.SlotId, out var slot) || slot.Host == Outsider || slot.Host == default
            ? [proof]
            : null;

    private IReadOnlyList<MarketEvent>? ReplayCancellation(RequestCancelled cancelled) =>
        FindRequest(cancelled.RequestId)?.StateAt(cancelled.Block.Time) == RequestState.Cancelled
        && WithdrawFunds(cancelled.Block, Outsider, cancelled.RequestId) is { Outcome: TransactionLanded } reply
            ? reply.Events
            : null;

    private MarketEvent[]? IfStored(RequestId id, RequestState state) =>
        FindRequest(id)?.Stored == state ? [] : null;
}
