namespace CodexSales.Rx.Domain;

/// <summary>A request's state by the contract, with the contract's numbers. Source: <c>Requests.sol</c>.</summary>
public enum RequestState
{
    /// <summary>Its slots are being filled.</summary>
    New = 0,

    /// <summary>All slots were filled in time; hosts prove and are paid at the end.</summary>
    Started = 1,

    /// <summary>It was not filled in time.</summary>
    Cancelled = 2,

    /// <summary>It ended well.</summary>
    Finished = 3,

    /// <summary>It lost too many slots.</summary>
    Failed = 4,
}
