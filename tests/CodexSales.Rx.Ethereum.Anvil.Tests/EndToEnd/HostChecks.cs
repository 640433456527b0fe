using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;

/// <summary>What must hold of a host whose sales are all over.</summary>
internal static class HostChecks
{
    /// <summary>
    /// Nothing is held, something was earned, and the account has what the books say, to the last token.
    /// </summary>
    public static async Task AssertBooksAsync(this SellingHost host, MarketDay day)
    {
        var books = host.Pipeline.Availabilities.Totals;
        Assert.True(books.Earned > 0);
        Assert.Equal(
            new SalesTotals(0, 0, 0, 0, 0, books.Paid, books.Earned, Slashed: 0, Lost: 0),
            books);
        Assert.Equal(MarketDay.HostFunds + books.Earned, await day.Contract.GetBalanceAsync(host.Account));
        Assert.Empty(await day.Contract.GetSlotsOfAsync(host.Account));
        Assert.Empty(host.StoredSlots);
        Assert.Equal(0, host.Pipeline.Sales.Count);
    }

    /// <summary>
    /// The host did nothing twice, and nothing of what the contract refused was a repetition of what it had done.
    /// </summary>
    public static void AssertNothingIsSentTwice(this MarketDay day, Address host)
    {
        var same = day.Transactions
            .Where(sent => sent.From == host)
            .GroupBy(sent => sent.What(MarketDay.PeriodSeconds))
            .Where(group => group.Count() > 1);
        Assert.Empty(same.SelectMany(group => group));
    }

    /// <summary>How many transactions of a kind the contract took from a host.</summary>
    public static int CountSuccesses(this MarketDay day, SellingHost host, string function) => day.Transactions.Count(
        sent => sent.HasSucceeded && sent.From == host.Account && sent.Function == function);
}
