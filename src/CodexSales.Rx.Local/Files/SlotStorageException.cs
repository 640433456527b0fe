namespace CodexSales.Rx.Local.Files;

/// <summary>A slot's data could not be fetched, kept or deleted.</summary>
/// <param name="message">A sentence for the operator.</param>
/// <param name="cause">Its cause, if there is an exception for it.</param>
public sealed class SlotStorageException(string message, Exception? cause = null) : Exception(message, cause);
