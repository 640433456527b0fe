namespace CodexSales.Rx.Testing.Contract;

/// <content>What the contract says of a slot as of a block.</content>
internal sealed partial class SimulatedContract
{
    public SlotView GetView(BlockStamp at, SlotKey key)
    {
        var slot = FindSlot(key);
        return new SlotView
        {
            AsOf = at,
            State = slot?.StateAt(at.Time) ?? SlotState.Free,
            Host = slot is { Host: var host } && host != default ? host : null,
            RequestState = FindRequest(key.RequestId)?.StateAt(at.Time),
            Demand = FindProofDemand(at, key),
            Collateral = slot?.Collateral ?? UInt256.Zero,
            MissedProofs = (ulong)(slot?.MissedProofs ?? 0),
        };
    }

    public SlotOffer GetOffer(BlockStamp at, Address host, SlotKey key) => new(
        GetView(at, key), FindRequest(key.RequestId)?.Request, CanReserve(at.Time, host, key), Tokens.BalanceOf(host));

    public IReadOnlyList<SlotId> GetSlotIdsOf(Address host) =>
        [.. _slotsOfHost.GetValueOrDefault(host, []).Select(slot => slot.Id)];

    public IReadOnlyList<HostedSlot> GetHostedSlots(UnixSeconds now, IReadOnlyList<SlotId> ids) =>
    [
        .. ids.Select(id => _slotsById.GetValueOrDefault(id))
            .Where(slot => slot is not null && slot.Host != default)
            .Select(slot => new HostedSlot(
                slot!.Key, slot.Request.Request, slot.Request.ExpiresAt, slot.Request.EndAt(now))),
    ];
}
