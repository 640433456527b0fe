namespace CodexSales.Rx.Sqlite.Sql;

/// <summary>A store is of a version that only a newer program knows.</summary>
public sealed class StoreIsNewerException : SalesStoreException
{
    /// <summary>With both versions in a sentence.</summary>
    public StoreIsNewerException(string message)
        : base(message)
    {
    }

    /// <summary>The same, and what caused it.</summary>
    public StoreIsNewerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
