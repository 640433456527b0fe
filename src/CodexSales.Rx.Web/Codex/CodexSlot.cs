using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Hosting;
using Microsoft.AspNetCore.Http;

namespace CodexSales.Rx.Web.Codex;

/// <summary>A slot that the contract says is this host's.</summary>
internal sealed record CodexSlot(SlotId Id, CodexRequest Request, ulong SlotIndex)
{
    public static IEnumerable<CodexSlot> All(ISalesHost host) =>
        from step in host.Sales.Snapshot.Items
        where step.State is SaleStateName.SaleProving or SaleStateName.SalePayout
        let request = step.Sale.Request // The contract has told it by then.
        where request is not null
        let slot = step.Sale.Slot
        select new CodexSlot(slot.SlotId, CodexRequest.Of(slot.RequestId, request), slot.SlotIndex);
}

/// <summary>A slot whose sale is under way.</summary>
internal sealed record CodexSale(
    SaleStateName State, RequestId RequestId, ulong SlotIndex, CodexRequest? Request, CodexReservation? Reservation)
{
    public static async Task<IResult> FindAsync(string id, ISalesHost host)
    {
        if (!SlotId.TryParse(id, out var slotId))
        {
            return CodexAnswers.NoId(id, "slot");
        }

        if (host.Sales.Snapshot.Items.LastOrDefault(step => step.Sale.Slot.SlotId == slotId) is not { Sale: { Slot: var slot } sale } found)
        {
            return CodexAnswers.Refused(StatusCodes.Status404NotFound, $"Slot {slotId} is in no sale of this host.");
        }

        var holds = await host.Availabilities.ReadHoldsAsync().ConfigureAwait(false);
        return CodexAnswers.Found(new CodexSale(
            found.State,
            slot.RequestId,
            slot.SlotIndex,
            sale.Request is { } request ? CodexRequest.Of(slot.RequestId, request) : null,
            holds.LastOrDefault(hold => hold.Slot == slot) is { } hold ? CodexReservation.Of(hold) : null));
    }
}

/// <summary>What an availability holds for a slot.</summary>
internal sealed record CodexReservation(
    Bytes32 Id, Bytes32 AvailabilityId, ulong Size, RequestId RequestId, ulong SlotIndex, ulong ValidUntil)
{
    public static CodexReservation Of(Hold hold) => new(
        CodexIds.Of(hold), CodexIds.Of(hold.AvailabilityId), hold.Bytes, hold.Slot.RequestId, hold.Slot.SlotIndex, hold.EndsAt.Value);
}
