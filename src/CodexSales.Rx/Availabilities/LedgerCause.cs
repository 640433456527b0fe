namespace CodexSales.Rx.Availabilities;

/// <summary>Why an availability's balance changed.</summary>
public enum LedgerCause
{
    /// <summary>None: the ordered snapshot that a new subscriber gets first.</summary>
    Snapshot = 0,

    /// <summary>The provider added or changed the availability.</summary>
    Saved,

    /// <summary>The provider removed it.</summary>
    Removed,

    /// <summary>A sale took hold of space and collateral.</summary>
    Held,

    /// <summary>A sale wrote some of what it holds.</summary>
    Written,

    /// <summary>The slot of a sale is filled: a reward is expected from now on.</summary>
    Filled,

    /// <summary>A sale gave back what it held.</summary>
    Released,
}
