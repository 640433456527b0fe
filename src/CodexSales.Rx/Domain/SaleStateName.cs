namespace CodexSales.Rx.Domain;

/// <summary>The states of a sale. The names are those of nim-codex's REST API (<c>codex/sales/states</c>).</summary>
public enum SaleStateName
{
    /// <summary>Left by the process before: the chain is asked for its state.</summary>
    SaleUnknown,

    /// <summary>The request is fetched, and space and collateral are held for the slot.</summary>
    SalePreparing,

    /// <summary>The slot is being reserved on chain.</summary>
    SaleSlotReserving,

    /// <summary>The slot's data is fetched.</summary>
    SaleDownloading,

    /// <summary>The proof for the fill is made.</summary>
    SaleInitialProving,

    /// <summary>The slot is being filled on chain.</summary>
    SaleFilling,

    /// <summary>The slot is filled: the chain is asked by whom.</summary>
    SaleFilled,

    /// <summary>The slot is hosted: proofs are made as they are required.</summary>
    SaleProving,

    /// <summary>The request has ended: the payout is taken.</summary>
    SalePayout,

    /// <summary>Over: paid.</summary>
    SaleFinished,

    /// <summary>Over: the slot was not filled by this host, and nothing was lost.</summary>
    SaleIgnored,

    /// <summary>The request was not filled in time: the payout is taken.</summary>
    SaleCancelled,

    /// <summary>The request failed: the slot is given up. A sale that went wrong by itself is <see cref="SaleErrored"/>.</summary>
    SaleFailed,

    /// <summary>Over: something went wrong.</summary>
    SaleErrored,
}
