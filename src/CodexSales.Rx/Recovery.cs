using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Selling;

namespace CodexSales.Rx;

/// <summary>What is left of the process before, its books and the sales that it did not end; and what the chain says
/// beyond that.</summary>
internal sealed class Recovery
{
    private readonly StoredSales _stored;
    private readonly AvailabilityLedger _ledger;
    private readonly Dictionary<long, Hold> _holds;
    private long _lastNumber;

    public Recovery(StoredSales stored, AvailabilityLedger ledger)
    {
        (_stored, _ledger, _lastNumber) = (stored, ledger, stored.LastNumber);
        _holds = ledger.Restore(stored);
    }

    /// <summary>Slots that this host was forced out of are not sold again.</summary>
    public void ShunLostSlots(RequestTracker openSlots)
    {
        foreach (var (slot, endsAt) in _stored.LostSlots)
        {
            openSlots.Shun(slot, endsAt);
        }
    }

    /// <summary>A sale that begins now, under a number that none ever had.</summary>
    public Sale NewSale(OpenSlot offer, UnixSeconds now) => new(++_lastNumber, offer) { StartedAt = now };

    /// <summary>The sales that the store remembers. The agent of each finds out what became of it.</summary>
    public IReadOnlyList<SaleUnknown> Remembered() =>
    [
        .. _stored.Sales.Select(record =>
            new SaleUnknown(record.SaleOf(), _holds.GetValueOrDefault(record.Number), record)),
    ];

    /// <summary>A sale of a slot that the contract says is this host's, and that nobody here knows of.</summary>
    public SaleUnknown Adopt(HostedSlot hosted, UnixSeconds now)
    {
        var sale = NewSale(new OpenSlot(TermsOf(hosted), hosted.Slot.SlotIndex, default), now) with
        {
            Request = hosted.Request, IsAdopted = true,
        };
        return new SaleUnknown(sale, _ledger.ReserveRecovered(sale.Terms, sale.Slot.SlotIndex));
    }

    // A slot that is ours on chain holds what the ask says, however the collateral was made up.
    private static SlotTerms TermsOf(HostedSlot hosted)
    {
        var ask = hosted.Request.Ask;
        return new SlotTerms
        {
            RequestId = hosted.Slot.RequestId,
            Ask = ask,
            Reward = ask.TryGetSlotReward(out var reward) ? reward : UInt256.Zero,
            Collateral = ask.TryGetSlotCollateral(out var collateral) ? collateral : UInt256.Zero,
            ExpiresAt = hosted.ExpiresAt,
            EndsAt = hosted.EndsAt,
        };
    }
}
