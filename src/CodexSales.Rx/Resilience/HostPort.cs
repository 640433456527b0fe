namespace CodexSales.Rx.Resilience;

/// <summary>What a host app lends to the pipeline, and what may fail.</summary>
public enum HostPort
{
    /// <summary>Questions to the market.</summary>
    Market = 0,

    /// <summary>Sending transactions: fees, limits, ether for gas, the node.</summary>
    Transactions,

    /// <summary>Storing, keeping and deleting the data of slots.</summary>
    Storage,

    /// <summary>Making proofs.</summary>
    Prover,

    /// <summary>The store of what must not be forgotten.</summary>
    Store,
}
