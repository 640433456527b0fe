using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Hosting.Chain;
using CodexSales.Rx.Hosting.Refusals;

namespace CodexSales.Rx.Hosting.Tests;

/// <summary>What a host can be asked beside selling.</summary>
public sealed class HostReadingTests
{
    private static readonly (string, string)[] _tooDear = [("Availabilities:0:MinPricePerBytePerSecond", "1000000000")];

    [Fact]
    public void The_chain_is_told_as_of_the_newest_block_and_a_simulated_one_has_no_nodes()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket());
        app.Start();
        app.Time.Advance(TimeSpan.FromMinutes(10));

        var chain = app.Sales.Chain;

        Assert.Equal(app.Sales.Health.Pipeline!.Head, chain.Block);
        Assert.NotNull(chain.Block);
        Assert.Equal((false, null, null), (chain.IsBlockOverdue, chain.Problem, chain.ChainId));
        Assert.Empty(chain.Endpoints);
        Assert.Empty(app.Time.WaitFor(app.Sales.ReadTransactionsAsync()));
        app.Stop();
    }

    [Fact]
    public void Balances_are_those_of_the_account_and_proofs_those_that_hosted_slots_want()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket());
        app.Start();
        Assert.Null(app.Time.WaitFor(app.Sales.ReadBalancesAsync())); // No block yet.
        app.Time.Advance(TimeSpan.FromHours(3));

        var reading = app.Sales.ReadBalancesAsync();
        app.Time.Advance(TimeSpan.FromSeconds(1));
        var balances = app.Time.WaitFor(reading)!;

        Assert.True(balances.Tokens > UInt256.Zero);
        Assert.Null(balances.Ether);
        Assert.True(app.Sales.Health.Pipeline!.Hosted > 0);
        Assert.True(balances.ProofsPerDay > 0);
        app.Stop();
    }

    [Fact]
    public void The_ether_lasts_for_as_many_days_as_the_proofs_of_hosted_slots_cost()
    {
        var balances = new HostBalances(default, 6_000, 0, 0) { ProofsPerDay = 4, WeiPerProof = 100 };

        Assert.Equal(15, balances.DaysOfProofs!.Value, 6);
        Assert.Null((balances with { ProofsPerDay = 0 }).DaysOfProofs);
        Assert.Null((balances with { WeiPerProof = null }).DaysOfProofs);
        Assert.Null((balances with { Ether = null }).DaysOfProofs);
    }

    [Fact]
    public void Refusals_are_counted_by_reason_with_the_nearest_miss_also_over_a_restart_of_the_pipeline()
    {
        var events = 0;
        using var app = new HostedApp(builder => builder.UseSimulatedMarket(), _tooDear);
        app.Break = market => new EndingMarket(market, () => ++events <= 1);
        var told = new List<Refusal>();
        using var heard = app.Sales.Refusals.Subscribe(told.Add);
        app.Start();
        app.Time.Advance(TimeSpan.FromHours(6));

        var tally = Assert.Single(app.Sales.RefusalTallies, tally => tally.Reason == RefusalReason.PriceTooLow);

        var all = told.Where(refusal => refusal.Reason == RefusalReason.PriceTooLow).ToList();
        Assert.Equal((all.Count, all[^1]), (tally.Count, tally.Last));
        Assert.Equal(1_000_000_000UL, tally.Nearest.Limit);
        Assert.Equal(all.Max(refusal => refusal.Offered), tally.Nearest.Offered);
        app.Stop();
    }

    [Fact]
    public void A_limit_that_is_nothing_is_missed_by_more_than_any_other()
    {
        var book = new RefusalBook();
        var near = Missed(offered: 11, limit: 10);

        book.Note(near);
        book.Note(Missed(offered: 12, limit: 10));
        book.Note(Missed(offered: 1, limit: 0));

        Assert.Equal(near, Assert.Single(book.Tallies).Nearest);
        Assert.Equal(3, book.Take().Count);
        Assert.Empty(book.Take());
    }

    [Fact]
    public void Of_more_refusals_than_can_wait_for_the_store_some_are_only_counted()
    {
        var book = new RefusalBook();

        var first = Enumerable.Range(0, 5_000).Count(_ => book.Note(Missed(2, 1)));

        Assert.Equal((1, 5_000L, 1_000), (first, Assert.Single(book.Tallies).Count, book.Take().Count));
    }

    [Fact]
    public void Refusals_are_read_from_the_store_in_pages_also_by_the_next_process()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            (string, string)[] settings = [.. _tooDear, ("Sqlite:Path", Path.Combine(folder.FullName, "sales.sqlite"))];
            long count;
            using (var app = new HostedApp(builder => builder.UseSimulatedMarket().UseSqlite(), settings))
            {
                app.Start();
                app.Time.RunUntil(() => app.Sales.RefusalTallies.Sum(tally => tally.Count) > 30);
                app.Sales.Workers.Pause();
                app.Time.Advance(TimeSpan.FromSeconds(11));
                count = app.Sales.RefusalTallies.Sum(tally => tally.Count);
                app.Time.Advance(TimeSpan.FromSeconds(11));
                app.Stop();
            }

            using var next = new HostedApp(builder => builder.UseSimulatedMarket().UseSqlite(), settings);
            next.Start();
            var page = next.Time.WaitFor(next.Sales.ReadRefusalsAsync(count: 20));
            var rest = next.Time.WaitFor(next.Sales.ReadRefusalsAsync(before: page[^1].Number, count: 100_000));

            Assert.Equal(20, page.Count);
            Assert.True(page.Count + rest.Count >= count);
            Assert.Equal(page.Concat(rest).Select(each => each.Number).OrderDescending(), page.Concat(rest).Select(each => each.Number));
            Assert.Contains(page, each => each.Refusal is { Reason: RefusalReason.PriceTooLow, Limit: not null, Offered: not null });
            next.Stop();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Past_sales_are_read_with_what_they_have_cost_which_is_nothing_on_no_chain()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            using var app = new HostedApp(
                builder => builder.UseSimulatedMarket().UseSqlite(), [("Sqlite:Path", Path.Combine(folder.FullName, "sales.sqlite"))]);
            app.Start();
            app.Time.RunUntil(() => app.Time.WaitFor(app.Sales.ReadHistoryAsync()).Count > 0);

            Assert.All(app.Time.WaitFor(app.Sales.ReadHistoryAsync()), past => Assert.Equal(UInt256.Zero, past.SpentWei));
            app.Stop();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Without_a_store_refusals_and_past_sales_can_not_be_read_and_a_sentence_says_so()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket());
        app.Start();

        Assert.Contains("no store", Assert.Throws<InvalidOperationException>(() => app.Time.WaitFor(app.Sales.ReadRefusalsAsync())).Message, StringComparison.Ordinal);
        Assert.Contains("no store", Assert.Throws<InvalidOperationException>(() => app.Time.WaitFor(app.Sales.ReadHistoryAsync())).Message, StringComparison.Ordinal);
        app.Stop();
    }

    private static Refusal Missed(ulong offered, ulong limit) =>
        new(default, default, null, RefusalReason.TooLarge, "Too large.") { Offered = offered, Limit = limit };
}
