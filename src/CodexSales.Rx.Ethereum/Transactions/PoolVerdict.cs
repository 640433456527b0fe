namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>The meaning of a node's answer to a transaction that it was sent.</summary>
internal enum PoolVerdict
{
    /// <summary>The node has it now.</summary>
    Accepted,

    /// <summary>The node had it already.</summary>
    AlreadyKnown,

    /// <summary>The nonce is used in a block: by this transaction, by one that it replaces, or by another's.</summary>
    NonceTooLow,

    /// <summary>The node lacks transactions before it. That passes, when they are sent again.</summary>
    NonceTooHigh,

    /// <summary>The node has another one of the nonce, and wants more for this one.</summary>
    ReplacementTooCheap,

    /// <summary>It pays too little to be taken.</summary>
    TooCheap,

    /// <summary>The node can't take it now, for lack of space, of state or of the account's money: passes.</summary>
    NotNow,

    /// <summary>The node does not take it, and never will as it is.</summary>
    Rejected,

    /// <summary>The node answers with an error that is not known here.</summary>
    UnrecognisedError,

    /// <summary>It certainly did not reach the node.</summary>
    NotSent,

    /// <summary>There is no answer, and it may have reached the node.</summary>
    NoResponse,
}
