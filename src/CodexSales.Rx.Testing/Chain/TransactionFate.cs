namespace CodexSales.Rx.Testing.Chain;

/// <summary>The fate of a transaction whose block a reorganisation replaces.</summary>
public enum TransactionFate
{
    /// <summary>It is in the new block, too. Its effect there may differ.</summary>
    Kept = 0,

    /// <summary>It is in the new block, too, behind those that are <see cref="Kept"/>.</summary>
    KeptLast,

    /// <summary>It waits again, for the next block.</summary>
    Delayed,

    /// <summary>It is gone for good.</summary>
    Lost,
}
