namespace CodexSales.Rx.Availabilities;

/// <summary>What the ledger says to an edit. The hierarchy is closed: the cases are those in this file.</summary>
public abstract record LedgerAnswer
{
    private protected LedgerAnswer()
    {
    }
}

/// <summary>It is done.</summary>
public sealed record LedgerChanged : LedgerAnswer;

/// <summary>It can't be done, and nothing has changed.</summary>
/// <param name="Detail">One sentence that says why, with the numbers.</param>
public sealed record LedgerRefused(string Detail) : LedgerAnswer;
