using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;

public sealed class OneRequestTests
{
    [Fact]
    public async Task A_request_is_filled_proved_and_paid_and_the_books_are_what_the_chain_says()
    {
        using var folder = new TemporaryFolder();
        await using var day = await MarketDay.StartAsync();
        using var host = new SellingHost(
            day.SettingsFor(account: 1, folder.File("sales.db")) with { Node = day.Node.WebSocketUrl });
        day.Followers = host.ReachAsync;
        await host.RunAsync();

        await day.RequestAsync(slots: 4, periods: 10, periodsUntilExpiry: 9);
        await day.UntilAsync(() => host.Steps.Count(step => step.End is not null) == 4, Cancel);

        Assert.All(
            host.Steps.Where(step => step.End is not null),
            step => Assert.Equal((SaleStateName.SaleFinished, SaleReason.Paid), (step.State, step.End!.Reason)));
        await host.AssertBooksAsync(day);
        Assert.True(day.Transactions.Count(sent => sent.Function == "submitProof") > 4 * 3);
        Assert.All(day.Transactions, sent => Assert.True(sent.HasSucceeded, $"{sent}"));
        day.AssertNothingIsSentTwice(host.Account);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
