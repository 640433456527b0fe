namespace CodexSales.Rx.Ethereum.Signers;

/// <summary>Signs the transactions of one account.</summary>
/// Errors of the world are values: a task faults only when its token is cancelled. Threading: one signature at a time,
/// from any thread.
public interface ISigner
{
    /// <summary>The account that it signs for.</summary>
    Address Account { get; }

    /// <summary>Why it can't sign for the account, in one sentence; null if it can, as far as that shows.</summary>
    Task<string?> FindFaultAsync(CancellationToken cancellationToken = default);

    /// <summary>Signs a transaction exactly as it is. Nothing is sent.</summary>
    Task<SigningReply> SignAsync(UnsignedTransaction transaction, CancellationToken cancellationToken = default);
}
