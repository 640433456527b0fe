namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>What can happen to a transaction.</summary>
public enum TransactionNoticeKind
{
    /// <summary>The node has it.</summary>
    Sent,

    /// <summary>It was sent, but whether the node has it is not known.</summary>
    Unanswered,

    /// <summary>A dearer one of the same nonce was sent.</summary>
    Replaced,

    /// <summary>It has become pointless: its nonce is being used up by one that does nothing.</summary>
    Withdrawn,

    /// <summary>It is in a block and did what it should.</summary>
    Landed,

    /// <summary>It is in a block, but the contract refused it.</summary>
    Reverted,

    /// <summary>The contract refuses it, or would: it is not sent.</summary>
    Refused,

    /// <summary>It was not sent, for a reason that passes.</summary>
    NotSent,

    /// <summary>A reorganisation took it out of its block.</summary>
    Reorganised,

    /// <summary>A transaction that is not known here used its nonce.</summary>
    Superseded,

    /// <summary>Something went wrong, and will be tried again.</summary>
    Trouble,
}
