namespace CodexSales.Rx.Testing.Contract;

/// <summary>What the contract says of a request. Source: <c>Requests.sol</c> <c>RequestState</c>.</summary>
internal enum RequestState
{
    New = 0,
    Started = 1,
    Cancelled = 2,
    Finished = 3,
    Failed = 4,
}
