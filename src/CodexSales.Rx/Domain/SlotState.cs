namespace CodexSales.Rx.Domain;

/// <summary>A slot's state by the contract, with the contract's numbers. Source: <c>Requests.sol</c>.</summary>
/// <remarks>A slot that was never filled stays <see cref="Free"/>, also after its request expired or ended.</remarks>
public enum SlotState
{
    /// <summary>Nobody fills it.</summary>
    Free = 0,

    /// <summary>A host stores it.</summary>
    Filled = 1,

    /// <summary>The request ended well; the host may be paid.</summary>
    Finished = 2,

    /// <summary>The request failed; nothing is paid and nothing comes back.</summary>
    Failed = 3,

    /// <summary>The host was paid.</summary>
    Paid = 4,

    /// <summary>The request was not filled in time; the host is paid for the time until expiry.</summary>
    Cancelled = 5,

    /// <summary>A host lost or gave up the slot; another one may fill it for less collateral.</summary>
    Repair = 6,
}
