namespace CodexSales.Rx.Hosting;

/// <summary>
/// A host can't sell as it is set up, and no waiting and no other try will change that: another chain than before, a contract that is
/// none, a key of another account. The message says so in a sentence or two.
/// </summary>
public sealed class CannotSellException : Exception
{
    /// <summary>With a sentence that says why.</summary>
    public CannotSellException(string message)
        : base(message)
    {
    }

    /// <summary>With a sentence that says why, and what was thrown.</summary>
    public CannotSellException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
