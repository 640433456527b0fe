namespace CodexSales.Rx.Domain.Reasons;

/// <summary>The reasons not to sell a request or a slot.</summary>
/// <remarks>
/// Declared in the order of the checks: where availabilities refuse for different reasons, the last of these is told, since that
/// availability came closest.
/// </remarks>
public enum RefusalReason
{
    /// <summary>Price × size × duration is 0: nothing would be paid.</summary>
    PaysNothing,

    /// <summary>Price × size × duration is over 2^256 − 1.</summary>
    RewardOverflows,

    /// <summary>Collateral per byte × size is over 2^256 − 1: the contract can never take it.</summary>
    CollateralOverflows,

    /// <summary>It asks for no slots.</summary>
    NoSlots,

    /// <summary>The time to fill it was over when it came.</summary>
    Expired,

    /// <summary>An event names a request that is not known, or a slot that the request does not have.</summary>
    Unknown,

    /// <summary>More requests are known than are kept, and this one is the least useful of them.</summary>
    TooManyRequests,

    /// <summary>More slots of the request changed hands than are kept track of.</summary>
    TooManySlots,

    /// <summary>There is no availability.</summary>
    NoAvailability,

    /// <summary>Availabilities that would take it are disabled.</summary>
    Disabled,

    /// <summary>It runs longer than any availability allows.</summary>
    TooLong,

    /// <summary>It ends later than any availability allows.</summary>
    EndsTooLate,

    /// <summary>It pays less than any availability wants.</summary>
    PriceTooLow,

    /// <summary>It needs more space than any availability has free.</summary>
    TooLarge,

    /// <summary>It needs more collateral than any availability has free.</summary>
    CollateralTooHigh,
}
