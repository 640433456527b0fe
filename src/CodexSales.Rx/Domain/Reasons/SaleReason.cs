namespace CodexSales.Rx.Domain.Reasons;

/// <summary>The reasons for the end of a sale.</summary>
public enum SaleReason
{
    /// <summary>It was paid.</summary>
    Paid,

    /// <summary>No availability takes the slot any more: its room went to another sale, or terms changed.</summary>
    NoAvailability,

    /// <summary>The contract does not know the request.</summary>
    RequestUnknown,

    /// <summary>The slot was not free any more when the sale began.</summary>
    SlotNotFree,

    /// <summary>Expiry is too near to fill the slot safely.</summary>
    TooLate,

    /// <summary>Others have reserved the slot.</summary>
    ReservationNotAllowed,

    /// <summary>Another host filled the slot first.</summary>
    FilledByAnother,

    /// <summary>The account lacks tokens, or allowance, for the collateral.</summary>
    InsufficientFunds,

    /// <summary>The request was not filled in time.</summary>
    RequestExpired,

    /// <summary>The request lost too many slots.</summary>
    RequestFailed,

    /// <summary>The contract took the slot away, after missed proofs.</summary>
    ForcedOut,

    /// <summary>The slot's data could not be fetched.</summary>
    DownloadFailed,

    /// <summary>No proof could be made.</summary>
    ProofFailed,

    /// <summary>The contract refused a transaction.</summary>
    TransactionRefused,

    /// <summary>A stage took longer than its deadline.</summary>
    DeadlinePassed,

    /// <summary>A port of the host's failed in a way that it should not.</summary>
    HostFault,

    /// <summary>As many slots are filled as can be proved in a period: with one more, all would be in danger.</summary>
    ProofsTakeTooLong,
}
