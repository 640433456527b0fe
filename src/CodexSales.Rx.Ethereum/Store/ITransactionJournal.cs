namespace CodexSales.Rx.Ethereum.Store;

/// <summary>Remembers which transactions were sent: without it, a killed host could send one twice.</summary>
/// <remarks>
/// <para>
/// The account's manager of transactions notes each one before it sends it, again with each replacement, and once more
/// when it has ended. The raw bytes are kept because resending the same bytes is always safe.
/// </para>
/// <para>
/// Errors: an exception means that nothing was noted. Then the manager sends nothing but proofs: a proof that is sent
/// twice costs gas, one that is not sent costs collateral. Threading: one call at a time for an account, from any
/// thread; managers of different accounts may share a journal.
/// </para>
/// </remarks>
public interface ITransactionJournal
{
    /// <summary>The entries of an account in flight, and those that ended lately, by nonce. Called first.</summary>
    /// <param name="sender">The account, on its chain.</param>
    /// <param name="endedSince">Entries that ended before are never asked for again, and may be deleted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<JournalEntry>> LoadAsync(
        SendingAccount sender, DateTimeOffset endedSince, CancellationToken cancellationToken = default);

    /// <summary>
    /// Keeps entries, all or none, each in place of the one with the same sender and nonce. When the task completes, a
    /// crash of the process or the machine must not lose them.
    /// </summary>
    /// <param name="entries">Whole entries of one sender; of two with the same nonce the later one stays.</param>
    /// <param name="endedSince">Entries that ended before must be deleted at times: the journal stays small.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task NoteAsync(
        IReadOnlyList<JournalEntry> entries, DateTimeOffset endedSince, CancellationToken cancellationToken = default);
}
