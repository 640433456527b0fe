namespace CodexSales.Rx.Ethereum.Store;

/// <summary>The ways in which a transaction can end. The numbers are kept in journals: they never change.</summary>
public enum TransactionEndKind
{
    /// <summary>It was mined and succeeded.</summary>
    Landed = 0,

    /// <summary>It was mined, but reverted.</summary>
    Reverted = 1,

    /// <summary>The node refused to take it. Its nonce was given back.</summary>
    Rejected = 2,

    /// <summary>It had become pointless: a cancellation used its nonce.</summary>
    Cancelled = 3,

    /// <summary>A transaction that this journal does not know used its nonce.</summary>
    Superseded = 4,
}
