namespace CodexSales.Rx.Ports.Store;

/// <summary>The store can't do what it was asked to: an error of the world, told in one sentence.</summary>
public class SalesStoreException : Exception
{
    /// <summary>Without a reason.</summary>
    public SalesStoreException()
        : this("The store can't be used.")
    {
    }

    /// <summary>With a reason.</summary>
    public SalesStoreException(string message)
        : base(message)
    {
    }

    /// <summary>With a reason, and what caused it.</summary>
    public SalesStoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
