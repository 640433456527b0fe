using CodexSales.Rx.Ethereum.Eth;

namespace CodexSales.Rx.Ethereum.Signers;

/// <summary>Signs the transactions of one account.</summary>
/// <remarks>
/// Errors of the world are values: a task faults only when its token is cancelled. Threading: the caller asks for one
/// signature at a time, from any thread.
/// </remarks>
public interface ISigner
{
    /// <summary>The account that it signs for.</summary>
    Address Account { get; }

    /// <summary>
    /// Whether it can sign for the account, as far as that can be told without signing anything. Null when it can; else
    /// one sentence that says why it can't.
    /// </summary>
    Task<string?> FindFaultAsync(CancellationToken cancellation);

    /// <summary>Signs a transaction exactly as it is. Nothing is sent.</summary>
    Task<SigningReply> SignAsync(UnsignedTransaction transaction, CancellationToken cancellation);
}
