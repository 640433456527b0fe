using System.Reactive.Linq;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ports.Market;
using CodexSales.Rx.Selling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CodexSales.Rx.Hosting.Tests;

/// <summary>From the start of an app to its end, on a simulated market in virtual time.</summary>
public sealed class HostedLifeTests
{
    [Fact]
    public void An_app_of_two_lines_sells_hosts_and_is_paid()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket());
        app.Start();
        var ends = new List<SaleStep>();
        using var ended = app.Sales.Steps.Ended().Subscribe(ends.Add);

        app.Time.Advance(TimeSpan.FromHours(6));

        Assert.Contains(ends, step => step.End!.Earned > UInt256.Zero);
        Assert.NotEmpty(app.Log.Of(21));
        Assert.Null(app.Sales.Health.Problem);
        app.Stop();
        Assert.Equal(LogLevel.Information, Assert.Single(app.Log.Of(4, 5)).Level);
    }

    [Fact]
    public void Before_the_app_has_started_its_health_says_so_and_nothing_else_is_there()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket());

        Assert.Equal("The app has not started yet.", app.Sales.Health.Sentence);
        Assert.Throws<InvalidOperationException>(() => app.Sales.Queue);
        var report = app.Time.WaitFor(app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync());
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
    }

    [Fact]
    public void The_health_check_has_the_sentence_and_its_figures()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket());
        app.Start();
        app.Time.Advance(TimeSpan.FromHours(1));

        var report = app.Time.WaitFor(app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync());

        var entry = Assert.Single(report.Entries).Value;
        Assert.Equal((HealthStatus.Healthy, app.Sales.Health.Sentence), (entry.Status, entry.Description));
        Assert.True((ulong)entry.Data["block"] > 0);
    }

    [Fact]
    public void Options_that_change_are_taken_while_it_runs_and_wrong_ones_are_told_and_not_taken()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket(), [("MaxWorkers", "5")]);
        app.Start();
        app.Time.Advance(TimeSpan.FromMinutes(1));
        var disabled = app.Sales.Availabilities.Snapshot[0].Availability with { IsDisabled = true };
        app.Sales.Availabilities.SaveAsync(disabled);

        app.Settings["CodexSales:Workers"] = "5";
        app.Settings["CodexSales:QueueCapacity"] = "7";
        Reload(app);
        Assert.Equal(5, app.Sales.Workers.Snapshot.Limit);
        Assert.Equal(disabled, app.Sales.Availabilities.Snapshot[0].Availability); // What the operator has changed meanwhile stays.
        app.Settings["CodexSales:Workers"] = "9"; // More than the pipeline that runs can have.
        app.Settings["CodexSales:Availabilities:0:MinPricePerBytePerSecond"] = "3";
        Reload(app);
        Assert.Equal((5, 3UL), (app.Sales.Workers.Snapshot.Limit, (ulong)app.Sales.Availabilities.Snapshot[0].Availability.MinPricePerBytePerSecond));

        app.Settings["CodexSales:Workers"] = "many";
        Reload(app);

        Assert.Equal(5, app.Sales.Workers.Snapshot.Limit);
        Assert.Contains("CodexSales:Workers: 'many' is given, but a whole number is expected: 0 to 1000.", Assert.Single(app.Log.Of(6)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_option_that_waits_for_the_next_start_is_named_without_its_value_until_it_is_as_before()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket(), [("Web:MaxViewers", "3"), ("Ethereum:Nodes:0", "http://one")]);
        app.Start();
        foreach (var (key, value) in new[]
        {
            ("KeepFreeBytes", "5"), ("Selling:ProveDeadline", "00:07:00"), ("Ethereum:Nodes:0", "http://secret"), ("Alerts:File", "other"),
            ("Web:MaxViewers", "4"), ("Workers", "2"), ("Alerts:EtherLasts", "1.00:00:00"), ("StopWithin", "00:00:03"),
        })
        {
            app.Settings[$"CodexSales:{key}"] = value;
        }

        Reload(app);
        Assert.Equal(
            "Options are changed that wait for the next start: CodexSales:Selling:ProveDeadline, CodexSales:KeepFreeBytes, CodexSales:Alerts:File, "
                + "CodexSales:Ethereum:Nodes, CodexSales:Web:MaxViewers.",
            Assert.Single(app.Log.Of(16)).Text);
        Assert.Equal((2, TimeSpan.FromSeconds(3)), (app.Sales.Options.Pipeline.Workers, app.Sales.Options.StopWithin));
        Assert.Equal((TimeSpan.FromDays(1), null), (app.Sales.Options.Alerts.EtherLasts, app.Sales.Options.Alerts.File));
        Assert.Equal((256UL << 20, "http://one"), (app.Sales.Options.KeepFreeBytes, app.Sales.Options.Ethereum.Nodes[0])); // In force.

        foreach (var (key, value) in new[] { ("Selling:ProveDeadline", "00:30:00"), ("Ethereum:Nodes:0", "http://one"), ("Web:MaxViewers", "3") })
        {
            app.Settings[$"CodexSales:{key}"] = value;
        }

        Reload(app);
        Assert.Equal(
            "Options are changed that wait for the next start: CodexSales:KeepFreeBytes, CodexSales:Alerts:File.", app.Log.Of(16)[1].Text);
    }

    [Fact]
    public void An_availability_that_is_gone_from_the_options_is_told_to_stay()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket());
        app.Start();
        app.Settings["CodexSales:Availabilities:0:Id"] = "disk 2";

        Reload(app);

        Assert.Equal(
            "Availabilities that are gone from the options stay for sale until they are drained or removed: disk 1.", Assert.Single(app.Log.Of(17)).Text);
        Assert.Equal(2, app.Sales.Availabilities.Snapshot.Count);
    }

    private static void Reload(HostedApp app)
    {
        ((Microsoft.Extensions.Configuration.IConfigurationRoot)app.Settings).Reload();
        app.Time.Advance(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void After_an_error_that_may_pass_another_pipeline_takes_its_place_after_pauses_that_double()
    {
        var events = 0;
        using var app = new HostedApp(builder => builder.UseSimulatedMarket(), [("FirstRestartDelay", "00:00:02"), ("LongestRestartDelay", "00:00:05")]);
        app.Break = market => new EndingMarket(market, () => ++events <= 3);
        var steps = 0;
        using var counted = app.Sales.Steps.Subscribe(_ => steps++);
        app.Start();
        app.Sales.Workers.Pause();
        app.Sales.Workers.SetLimit(1);

        app.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((1, true), (app.Sales.Workers.Snapshot.Limit, app.Sales.Workers.Snapshot.IsPaused));
        app.Sales.Workers.Resume();
        Assert.Equal(["00:00:02", "00:00:04", "00:00:05"], app.Log.Of(2).Select(line => line.Text[^9..^1]));
        app.Time.Advance(TimeSpan.FromHours(3));

        Assert.Equal(3, app.Log.Of(2).Count);
        Assert.True(steps > 0);
        Assert.Null(app.Sales.Health.Problem);
        app.Stop();
    }

    [Fact]
    public void Options_that_change_while_a_pipeline_makes_way_for_the_next_one_hold_for_that()
    {
        var (events, markets) = (0, 0);
        using var app = new HostedApp(builder => builder.UseSimulatedMarket());
        app.Break = market =>
        {
            if (++markets == 2)
            {
                app.Settings["CodexSales:Workers"] = "2";
                ((Microsoft.Extensions.Configuration.IConfigurationRoot)app.Settings).Reload();
            }

            return new EndingMarket(market, () => ++events <= 1);
        };
        app.Start();

        app.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(2, markets);
        Assert.Empty(app.Log.Of(6));
        Assert.Equal((2, 2), (app.Sales.Workers.Snapshot.Limit, app.Sales.Options.Pipeline.Workers));
        app.Stop();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_changed_between_two_pipelines_holds_for_the_next_one(bool failsToBegin)
    {
        var (events, markets) = (0, 0);
        using var app = new HostedApp(builder => builder.UseSimulatedMarket());
        app.Break = market => ++markets == 2 && failsToBegin
            ? throw new InvalidOperationException("It is away for a while.")
            : new EndingMarket(market, () => ++events <= 1);
        app.Start();
        while (app.Log.Of(2).Count < (failsToBegin ? 2 : 1))
        {
            app.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        app.Settings["CodexSales:Workers"] = "2";
        app.Settings["CodexSales:Availabilities:0:MinPricePerBytePerSecond"] = "7";
        ((Microsoft.Extensions.Configuration.IConfigurationRoot)app.Settings).Reload();
        app.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Empty(app.Log.Of(6).Concat(app.Log.Of(8)));
        Assert.Equal((2, 2), (app.Sales.Workers.Snapshot.Limit, app.Sales.Options.Pipeline.Workers));
        Assert.Equal<UInt256>(7, app.Sales.Availabilities.Snapshot.Single().Availability.MinPricePerBytePerSecond);
        app.Sales.Workers.SetLimit(3);
        app.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(3, app.Sales.Workers.Snapshot.Limit);
        app.Stop();
    }

    [Fact]
    public void A_start_that_fails_is_one_failure_and_is_tried_again()
    {
        var asked = 0;
        using var app = new HostedApp(builder => builder.UseSimulatedMarket());
        app.Break = market => new OddRules(market, () => ++asked == 1);
        app.Start();

        app.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Contains("proof period of 0 s", Assert.Single(app.Log.Of(2)).Error!.Message, StringComparison.Ordinal);
        Assert.Null(app.Sales.Health.Problem);
        app.Stop();
    }

    [Fact]
    public void An_error_that_does_not_pass_is_critical_is_told_by_health_and_ends_the_app()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket());
        app.Break = market => new EndingMarket(market, () => true) { Error = new ChainUntrustedException("The chain is another one.") };
        app.Start();

        app.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("The chain is another one.", app.Sales.Health.Problem);
        Assert.Equal(LogLevel.Critical, Assert.Single(app.Log.Of(3)).Level);
        Assert.Empty(app.Log.Of(2));
        Assert.Equal(1, Environment.ExitCode);
        Environment.ExitCode = 0; // It is that of the tests, too.
        var stopping = new TaskCompletionSource<bool>();
        app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => stopping.SetResult(true));
        app.Time.WaitFor(stopping.Task);
        app.Stop();
    }

    [Fact]
    public void An_app_whose_time_to_stop_is_over_cuts_off_what_is_on_its_way()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket(), [("StopWithin", "23:00:00")]);
        app.Start();
        app.Time.Advance(TimeSpan.FromHours(2));
        using var hurry = new CancellationTokenSource();
        hurry.Cancel();

        app.Stop(hurry.Token);

        Assert.Equal([11, 5, 4], app.Log.Of(4, 5, 11).Select(line => line.Id));
        Assert.StartsWith(
            "Stopping failed: what was on its way was not done within ",
            Assert.IsType<TimeoutException>(app.Sales.Completion.Exception!.InnerException).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Its_streams_complete_when_the_app_has_stopped_and_its_health_says_so()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket());
        var isComplete = false;
        using var steps = app.Sales.Steps.Subscribe(_ => { }, () => isComplete = true);
        app.Start();
        app.Time.Advance(TimeSpan.FromHours(1));

        app.Stop();

        Assert.True(isComplete);
        Assert.Equal("Not selling: the app is stopping.", app.Sales.Health.Sentence);
    }

    [Fact]
    public void A_choice_that_is_replaced_leaves_nothing_behind()
    {
        var services = new ServiceCollection();
        var builder = services.AddCodexSales(new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build());

        builder.UseSimulatedMarket().UseEthereum();

        Assert.False(builder.IsSimulated);
        Assert.Null(builder.Storage);
        Assert.Null(builder.Prover);
    }

    private sealed class OddRules(IMarket market, Func<bool> areOdd) : DelegatingMarket(market)
    {
        public override async Task<MarketRules> GetRulesAsync(CancellationToken cancellation) =>
            await base.GetRulesAsync(cancellation) is var rules && areOdd() ? rules with { ProofPeriodSeconds = 0 } : rules;
    }
}
