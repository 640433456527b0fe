namespace CodexSales.Rx.Ethereum.Store;

/// <summary>The ways in which a transaction can end. The numbers are kept in journals: they never change.</summary>
public enum TransactionEndKind
{
    /// <summary>It is in a block and did what it should.</summary>
    Landed = 0,

    /// <summary>It is in a block, but the contract refused it.</summary>
    Reverted = 1,

    /// <summary>The node refused to take it. Its nonce was given back.</summary>
    Rejected = 2,

    /// <summary>Its nonce was used up on purpose, because it had become pointless.</summary>
    Withdrawn = 3,

    /// <summary>A transaction that this journal does not know used its nonce.</summary>
    Superseded = 4,
}
