namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>What follows from a node's answer to a transaction that it was sent.</summary>
internal enum PoolVerdict
{
    /// <summary>The node has it.</summary>
    Accepted,

    /// <summary>The node had it already.</summary>
    AlreadyKnown,

    /// <summary>A transaction of the nonce is in a block: this one, one that it replaces, or another's.</summary>
    NonceTooLow,

    /// <summary>Transactions before it are missing at the node. That passes, when they are sent again.</summary>
    NonceTooHigh,

    /// <summary>The node has another one of the nonce, and wants more for this one.</summary>
    ReplacementTooCheap,

    /// <summary>It pays too little to be taken.</summary>
    TooCheap,

    /// <summary>
    /// The node does not take it now: it has no place for it, can't look at it, or the account has too little. That passes.
    /// </summary>
    NotNow,

    /// <summary>It is not taken, and never will be as it is.</summary>
    Rejected,

    /// <summary>The node says something that is not known here.</summary>
    Unclear,

    /// <summary>It certainly did not reach the node.</summary>
    NotSent,

    /// <summary>It may have reached the node.</summary>
    Unknown,
}
