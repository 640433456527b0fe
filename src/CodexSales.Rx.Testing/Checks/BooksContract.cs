using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Testing.Ports;

namespace CodexSales.Rx.Testing.Checks;

/// <summary>Checks that the books of what is for sale balance.</summary>
public static class BooksContract
{
    /// <summary>Checks that free, held, used and lost add up, and that nothing is held without a sale.</summary>
    /// <param name="books">What the ledger's <c>Current</c> gives.</param>
    /// <exception cref="ContractViolationException">They don't balance; the message has the numbers.</exception>
    public static void AssertBalanced(IEnumerable<AvailabilityBalance> books)
    {
        ArgumentNullException.ThrowIfNull(books);
        foreach (var balance in books)
        {
            if (FindFault(balance) is { } fault)
            {
                throw new ContractViolationException(fault);
            }
        }
    }

    /// <summary>Checks that nothing is held: what should be so once all sales are over.</summary>
    /// <param name="books">What the ledger's <c>Current</c> gives.</param>
    /// <exception cref="ContractViolationException">Something is; the message has the numbers.</exception>
    public static void AssertNothingHeld(IEnumerable<AvailabilityBalance> books)
    {
        ArgumentNullException.ThrowIfNull(books);
        if (books.FirstOrDefault(HoldsSomething) is { } balance)
        {
            throw new ContractViolationException($"Something is still held. {Describe(balance)}");
        }
    }

    /// <summary>The fault of a balance, with its numbers; null when it balances.</summary>
    public static string? FindFault(AvailabilityBalance balance)
    {
        ArgumentNullException.ThrowIfNull(balance);
        var offer = balance.Availability;
        return (UInt128)balance.HeldBytes + balance.UsedBytes > offer.TotalBytes
            || balance.HeldCollateral > offer.TotalCollateral
                ? $"More is held than there is. {Describe(balance)}"
            : balance.FreeBytes + balance.HeldBytes + balance.UsedBytes != offer.TotalBytes
            || balance.FreeCollateral != FreeCollateral(balance)
                ? $"Free, held and used don't add up: {balance.FreeBytes} bytes and a collateral of "
                    + $"{balance.FreeCollateral} are free. {Describe(balance)}"
            : balance.Sales < 0 || (balance.Sales == 0 && HoldsSomething(balance))
                ? $"Something is held without a sale. {Describe(balance)}"
            : null;
    }

    // Losses come off it, down to zero.
    private static UInt256 FreeCollateral(AvailabilityBalance balance)
    {
        var unheld = balance.Availability.TotalCollateral - balance.HeldCollateral;
        return balance.Past.Slashed > unheld || balance.Past.Lost > unheld - balance.Past.Slashed
            ? UInt256.Zero
            : unheld - balance.Past.Slashed - balance.Past.Lost;
    }

    private static bool HoldsSomething(AvailabilityBalance balance) =>
        balance.HeldBytes > 0 || balance.UsedBytes > 0 || balance.HeldCollateral > UInt256.Zero
        || balance.ExpectedReward > UInt256.Zero;

    private static string Describe(AvailabilityBalance balance) => string.Create(
        CultureInfo.InvariantCulture,
        $"'{balance.Availability.Id}': {balance.HeldBytes} bytes held and {balance.UsedBytes} used of "
        + $"{balance.Availability.TotalBytes}, collateral {balance.HeldCollateral} of "
        + $"{balance.Availability.TotalCollateral}{DescribeLost(balance)}, {balance.Sales} sales.");

    private static string DescribeLost(AvailabilityBalance balance) =>
        balance.LostCollateral > UInt256.Zero ? $", of which {balance.LostCollateral} is lost" : "";
}
