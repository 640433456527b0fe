namespace CodexSales.Rx.Testing.Contract;

/// <content>What hosts do with slots: reserve, fill and free them.</content>
internal sealed partial class SimulatedContract
{
    /// <summary>Source: <c>reserveSlot</c>. Succeeds also for slots and requests that don't exist.</summary>
    public ContractReply ReserveSlot(BlockStamp at, Address host, SlotKey slot)
    {
        if (!CanReserve(at.Time, host, slot))
        {
            return ContractReply.Refused(MarketRefusal.ReservationNotAllowed, $"{host} may not reserve slot {slot.ToShortString()}.");
        }

        _reservations.Add(slot, host);
        return _reservations.IsFull(slot)
            ? ContractReply.Landed(at, [new SlotReservationsFull(at, slot)])
            : ContractReply.Landed(at);
    }

    /// <summary>
    /// Source: <c>fillSlot</c>. The allowance is how much of the host's tokens the contract may take.
    /// </summary>
    public ContractReply FillSlot(BlockStamp at, Address host, SlotKey key, Groth16Proof proof, UInt256 allowance)
    {
        if (FindRequest(key.RequestId) is not { } request)
        {
            return UnknownRequest(key.RequestId);
        }

        if (key.SlotIndex >= request.Ask.Slots)
        {
            return ContractReply.Refused(
                MarketRefusal.InvalidSlot, $"Slot {key} does not exist: the request has {request.Ask.Slots}.");
        }

        if (!_reservations.Has(key, host))
        {
            return ContractReply.Refused(MarketRefusal.ReservationRequired, $"{host} has not reserved slot {key}.");
        }

        // A slot that was never filled has no record and reads Free for ever; its request decides.
        var slot = FindSlot(key) ?? new ContractSlot(key, key.SlotId, request);
        var state = slot.StateAt(at.Time);
        if (state is not (SlotState.Free or SlotState.Repair))
        {
            return ContractReply.Refused(MarketRefusal.SlotNotFree, $"Slot {key} is {state}.");
        }

        if (FindProofFault(at, slot, proof) is { } proofFault)
        {
            return proofFault;
        }

        if (at.Time >= request.EndsAt)
        {
            return ContractReply.Refused(
                MarketRefusal.StartNotBeforeExpiry, $"Slot {key} is filled too late ever to be freed.");
        }

        if (!TryGetCollateral(request.Ask, state, out var collateral, out var payable))
        {
            return Refused("Panic 0x11: the collateral is over 2^256 - 1");
        }

        if (allowance < payable || !Tokens.TryTransfer(host, Account, payable))
        {
            return ContractReply.Refused(
                MarketRefusal.InsufficientFunds,
                $"Slot {key} costs {payable}; {host} owns {Tokens.BalanceOf(host)} and allows {allowance}.");
        }

        return ContractReply.Landed(at, [new ProofSubmitted(at, slot.Id), .. Fill(at, slot, host, collateral)]);
    }

    /// <summary>Source: <c>freeSlot</c>.</summary>
    public ContractReply FreeSlot(BlockStamp at, Address host, SlotKey key)
    {
        if (FindSlot(key) is not { } slot)
        {
            return ContractReply.Refused(MarketRefusal.SlotIsFree, $"Nobody has filled slot {key}.");
        }

        if (slot.Host != host)
        {
            return ContractReply.Refused(MarketRefusal.NotTheHost, $"{host} does not fill slot {key}.");
        }

        switch (slot.StateAt(at.Time))
        {
            case SlotState.Paid:
                return ContractReply.Refused(MarketRefusal.AlreadyPaid, $"Slot {key} was paid out.");

            case SlotState.Finished:
                slot.Request.Stored = RequestState.Finished;
                return PayOut(at, slot, until: slot.Request.EndsAt);

            case SlotState.Cancelled when slot.FilledAt >= slot.Request.ExpiresAt:
                return ContractReply.Refused(
                    MarketRefusal.StartNotBeforeExpiry, $"Slot {key} was filled too late ever to be freed.");

            case SlotState.Cancelled:
                return PayOut(at, slot, until: slot.Request.ExpiresAt);

            case SlotState.Failed:
                Unlist(slot);
                return ContractReply.Landed(at);

            default:
                return ContractReply.Landed(at, Evict(at, slot));
        }
    }

    private List<MarketEvent> Fill(BlockStamp at, ContractSlot slot, Address host, UInt256 collateral)
    {
        var request = slot.Request;
        if (_slots.TryAdd(slot.Key, slot))
        {
            _slotsById.Add(slot.Id, slot);
        }

        slot.Stored = SlotState.Filled;
        slot.Host = host;
        slot.FilledAt = at.Time;
        slot.Collateral = collateral;
        slot.FirstPeriod = _draw.PeriodAt(at.Time);
        slot.AddProof(slot.FirstPeriod);
        List(slot);
        Watch(slot);

        request.SlotsFilled++;
        request.ClientFunds -= request.Pay(at.Time, request.EndsAt);
        List<MarketEvent> events = [new SlotFilled(at, slot.Key)];
        if (request.SlotsFilled == request.Ask.Slots && request.Stored == RequestState.New)
        {
            request.Stored = RequestState.Started;
            events.Add(new RequestFulfilled(at, request.Id));
        }

        return events;
    }

    private ContractReply PayOut(BlockStamp at, ContractSlot slot, UnixSeconds until)
    {
        Unlist(slot);
        slot.Stored = SlotState.Paid;
        var payout = new SlotPayout(slot.Request.Pay(slot.FilledAt, until), slot.Collateral);
        Pay(slot.Host, payout.Reward + payout.Collateral);
        return new ContractReply(new TransactionLanded(at, payout), []);
    }

    /// <summary>
    /// Takes a filled slot from its host, together with all collateral. Source: <c>_forciblyFreeSlot</c>.
    /// </summary>
    private List<MarketEvent> Evict(BlockStamp at, ContractSlot slot)
    {
        var request = slot.Request;
        request.ClientFunds += request.Pay(slot.FilledAt, request.EndsAt);
        request.SlotsFilled--;
        Unlist(slot);
        _reservations.Clear(slot.Key);
        slot.Stored = SlotState.Repair;
        slot.Host = default;
        slot.FilledAt = default;
        slot.Collateral = UInt256.Zero;
        slot.MissedProofs = 0;

        List<MarketEvent> events = [new SlotFreed(at, slot.Key)];
        var slotsLost = request.Ask.Slots - request.SlotsFilled;
        if (slotsLost > request.Ask.MaxSlotLoss && request.Stored == RequestState.Started)
        {
            request.Stored = RequestState.Failed;
            request.EndsAt = new UnixSeconds(at.Time.Value - 1);
            events.Add(new RequestFailed(at, request.Id));
        }

        return events;
    }

    /// <summary>A repair costs less, and counts in full: that is the repair's reward.</summary>
    private bool TryGetCollateral(StorageAsk ask, SlotState state, out UInt256 collateral, out UInt256 payable)
    {
        payable = UInt256.Zero;
        if (!ask.TryGetSlotCollateral(out collateral))
        {
            return false;
        }

        payable = collateral;
        if (state != SlotState.Repair)
        {
            return true;
        }

        if (!UInt256.TryMultiply(collateral, _options.Rules.RepairRewardPercent, out var hundredfold))
        {
            return false;
        }

        payable = collateral - (hundredfold / 100);
        return true;
    }

    private void List(ContractSlot slot)
    {
        if (!_slotsOfHost.TryGetValue(slot.Host, out var slots))
        {
            _slotsOfHost.Add(slot.Host, slots = []);
        }

        slots.Add(slot);
    }

    private void Unlist(ContractSlot slot)
    {
        if (_slotsOfHost.TryGetValue(slot.Host, out var slots))
        {
            slots.Remove(slot);
        }
    }
}
