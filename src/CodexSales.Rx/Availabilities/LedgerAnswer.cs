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
/// <param name="Reason">Why, for programs.</param>
/// <param name="Detail">One sentence that says why, with the numbers.</param>
public sealed record LedgerRefused(LedgerRefusal Reason, string Detail) : LedgerAnswer;

/// <summary>Why the ledger refuses an edit.</summary>
public enum LedgerRefusal
{
    /// <summary>There is no availability of that name.</summary>
    Unknown = 0,

    /// <summary>The availability has no name.</summary>
    NoName,

    /// <summary>Sales hold some of what would be removed.</summary>
    InUse,

    /// <summary>Sales hold more space or collateral than there would be.</summary>
    BelowWhatIsHeld,

    /// <summary>Its time would be over already.</summary>
    EndsInThePast,

    /// <summary>Its time would be over before its sales end.</summary>
    EndsBeforeItsSales,

    /// <summary>It has no space: no slot would ever fit.</summary>
    NoSpace,

    /// <summary>Its longest duration is 0 s: no slot would ever be taken.</summary>
    NoDuration,

    /// <summary>Its collateral is 0: no slot could ever be filled.</summary>
    NoCollateral,

    /// <summary>There is one of that name already.</summary>
    NameTaken,

    /// <summary>It is being drained, and is removed when its last sale has ended.</summary>
    Draining,
}
