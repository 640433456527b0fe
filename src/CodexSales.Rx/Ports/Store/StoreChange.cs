namespace CodexSales.Rx.Ports.Store;

/// <summary>One decision to remember. The hierarchy is closed: the cases are those in this file.</summary>
public abstract record StoreChange
{
    private protected StoreChange()
    {
    }
}

/// <summary>An availability is new, or changed.</summary>
/// <param name="Availability">Its new state.</param>
public sealed record AvailabilitySaved(StoredAvailability Availability) : StoreChange;

/// <summary>An availability is gone; its totals stay.</summary>
/// <param name="Id">Its name.</param>
public sealed record AvailabilityRemoved(AvailabilityId Id) : StoreChange;

/// <summary>A sale that runs took a step, its end among them. Replaces what was saved under its number.</summary>
/// <param name="Sale">Its new state.</param>
public sealed record SaleSaved(SaleRecord Sale) : StoreChange;

/// <summary>A sale is over and cleaned up: it leaves the running ones and enters history.</summary>
/// <param name="Sale">The sale with its end.</param>
/// <param name="Totals">The totals of the availability that it was sold from, this sale among them.</param>
public sealed record SaleClosed(PastSale Sale, SoldTotals Totals) : StoreChange;
