namespace CodexSales.Rx.Local.Files;

/// <summary>A slot's data could not be fetched, kept or deleted. The message is a sentence for the operator.</summary>
public sealed class SlotStorageException : Exception
{
    /// <summary>Says what happened.</summary>
    public SlotStorageException(string message)
        : base(message)
    {
    }

    /// <summary>Says what happened, and what caused it.</summary>
    public SlotStorageException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
