namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>What can happen to a transaction.</summary>
public enum TransactionNoticeKind
{
    /// <summary>The node has it in its mempool.</summary>
    Sent,

    /// <summary>It was sent, but the node's answer is missing or unclear.</summary>
    Unanswered,

    /// <summary>A replacement of the same nonce, at a higher price, was sent.</summary>
    Replaced,

    /// <summary>It has become pointless: a cancellation uses its nonce.</summary>
    Cancelled,

    /// <summary>It was mined and succeeded.</summary>
    Landed,

    /// <summary>It was mined, but reverted.</summary>
    Reverted,

    /// <summary>The contract refuses it, or would: it is not sent.</summary>
    Refused,

    /// <summary>It was not sent, for a reason that passes.</summary>
    NotSent,

    /// <summary>A reorganisation took it out of its block.</summary>
    Reorganised,

    /// <summary>Another program's transaction used its nonce.</summary>
    Superseded,

    /// <summary>Something went wrong, and will be tried again.</summary>
    Trouble,
}
