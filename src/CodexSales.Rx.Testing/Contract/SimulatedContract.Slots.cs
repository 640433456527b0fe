using System.Runtime.InteropServices;

namespace CodexSales.Rx.Testing.Contract;

/// <content>What hosts do with slots: reserve, fill and free them.</content>
internal sealed partial class SimulatedContract
{
    /// <summary>Source: <c>reserveSlot</c>. Succeeds also for slots and requests that don't exist.</summary>
    public ContractReply ReserveSlot(BlockStamp at, Address host, SlotKey slot)
    {
        if (!CanReserve(at.Time, host, slot))
        {
            return Refused(MarketRefusal.ReservationNotAllowed, $"{host} may not reserve slot {slot.ToShortString()}.");
        }

        _reservations.Add(slot, host);
        return _reservations.IsFull(slot)
            ? ContractReply.Landed(at, [new SlotReservationsFull(at, slot)])
            : ContractReply.Landed(at);
    }

    /// <summary>Source: <c>fillSlot</c>. The allowance is how much of the host's tokens the contract may take.</summary>
    public ContractReply FillSlot(BlockStamp at, Address host, SlotKey key, Groth16Proof proof, UInt256 allowance)
    {
        if (FindRequest(key.RequestId) is not { } request)
        {
            return UnknownRequest(key.RequestId);
        }

        // A slot that was never filled has no record and reads Free for ever; its request decides.
        var slot = FindSlot(key) ?? new ContractSlot(key, key.SlotId, request);
        var state = slot.StateAt(at.Time);
        return key.SlotIndex >= request.Ask.Slots
                ? Refused(MarketRefusal.InvalidSlot, $"Slot {key} does not exist: the request has {request.Ask.Slots}.")
            : !_reservations.Has(key, host)
                ? Refused(MarketRefusal.ReservationRequired, $"{host} has not reserved slot {key}.")
            : state is not (SlotState.Free or SlotState.Repair)
                ? Refused(MarketRefusal.SlotNotFree, $"Slot {key} is {state}.")
            : FindProofFault(at, slot, proof) is { } proofFault
                ? proofFault
            : at.Time >= request.EndsAt
                ? Refused(MarketRefusal.StartNotBeforeExpiry, $"Slot {key} is filled too late ever to be freed.")
            : !TryGetCollateral(request.Ask, state, out var collateral, out var payable)
                ? Refused(MarketRefusal.Other, "Panic 0x11: the collateral is over 2^256 - 1.")
            : allowance < payable || !Tokens.TryTransfer(host, Account, payable)
                ? Refused(
                    MarketRefusal.InsufficientFunds,
                    $"Slot {key} costs {payable}; {host} owns {Tokens.BalanceOf(host)} and allows {allowance}.")
            : ContractReply.Landed(at, [new ProofSubmitted(at, slot.Id), .. Fill(at, slot, host, collateral)]);
    }

    /// <summary>Source: <c>freeSlot</c>.</summary>
    public ContractReply FreeSlot(BlockStamp at, Address host, SlotKey key)
    {
        if (FindSlot(key) is not { } slot)
        {
            return Refused(MarketRefusal.SlotIsFree, $"Nobody has filled slot {key}.");
        }

        if (slot.Host != host)
        {
            return Refused(MarketRefusal.NotTheHost, $"{host} does not fill slot {key}.");
        }

        switch (slot.StateAt(at.Time))
        {
            case SlotState.Paid:
                return Refused(MarketRefusal.AlreadyPaid, $"Slot {key} was paid out.");

            case SlotState.Finished:
                slot.Request.Stored = RequestState.Finished;
                return PayOut(at, slot, until: slot.Request.EndsAt);

            case SlotState.Cancelled:
                return slot.FilledAt >= slot.Request.ExpiresAt
                    ? Refused(MarketRefusal.StartNotBeforeExpiry, $"Slot {key} was filled too late ever to be freed.")
                    : PayOut(at, slot, until: slot.Request.ExpiresAt);

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

    // Takes a filled slot from its host, together with all collateral. Source: _forciblyFreeSlot.
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

    // A repair costs less, and counts in full: that is the repair's reward.
    private bool TryGetCollateral(StorageAsk ask, SlotState state, out UInt256 collateral, out UInt256 payable)
    {
        var percent = state == SlotState.Repair ? _options.Rules.RepairRewardPercent : 0UL;
        var isInRange = ask.TryGetSlotCollateral(out collateral);
        var isPayable = UInt256.TryMultiply(collateral, percent, out var hundredfold);
        payable = isInRange && isPayable ? collateral - (hundredfold / 100) : UInt256.Zero;
        return isInRange && isPayable;
    }

    private void List(ContractSlot slot) =>
        (CollectionsMarshal.GetValueRefOrAddDefault(_slotsOfHost, slot.Host, out _) ??= []).Add(slot);

    private void Unlist(ContractSlot slot) => _slotsOfHost.GetValueOrDefault(slot.Host)?.Remove(slot);
}
