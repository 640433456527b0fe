namespace CodexSales.Rx.Ethereum.Store;

/// <summary>
/// Remembers over a restart which transactions were sent: without it, a host that was killed could send one twice.
/// </summary>
/// <remarks>
/// <para>
/// The manager that sends an account's transactions notes each one before it sends it, again with each replacement, and
/// once more when it has ended. The raw bytes are kept because sending the very same bytes again is always safe.
/// </para>
/// <para>
/// Errors: what a method throws means that nothing was noted. Then the manager says so, and sends nothing but proofs: a
/// proof that is sent twice costs gas, one that is not sent costs collateral.
/// </para>
/// <para>
/// Threading: a manager calls one method at a time, from any thread; two managers of different accounts may share a journal.
/// </para>
/// </remarks>
public interface ITransactionJournal
{
    /// <summary>
    /// What an account has in flight, and what it spent lately: every entry without an end, and every entry whose end
    /// is not before a moment, in the order of their nonces. Called once, before anything else.
    /// </summary>
    /// <param name="sender">The account, on its chain.</param>
    /// <param name="endedSince">
    /// Entries that ended before this moment are not asked for now and never will be again: they may be deleted.
    /// </param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyList<JournalEntry>> LoadAsync(
        SendingAccount sender, DateTimeOffset endedSince, CancellationToken cancellation);

    /// <summary>
    /// Keeps entries, all or none, each in place of the one with the same <see cref="JournalEntry.Sender"/> and
    /// <see cref="JournalEntry.Nonce"/>, if there is one. When the task completes, they are there for good: a crash of
    /// the process or the machine must not lose them.
    /// </summary>
    /// <param name="entries">
    /// The whole entries as they are to be kept, of one sender; of two with the same nonce the later one stays.
    /// </param>
    /// <param name="endedSince">
    /// Entries that ended before this moment will not be asked for again: they may be deleted, and have to be now and
    /// then, so that the journal doesn't grow for ever.
    /// </param>
    /// <param name="cancellation">Ends the wait.</param>
    Task NoteAsync(
        IReadOnlyList<JournalEntry> entries, DateTimeOffset endedSince, CancellationToken cancellation);
}
