using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Hosting.Alerts;

namespace CodexSales.Rx.Hosting.Tests.Alerts;

/// <summary>What causes each alert, and what ends it, on a simulated market in virtual time.</summary>
public sealed class AlertCauseTests
{
    private static readonly UInt256 _ether = 1_000_000_000_000_000_000;

    [Fact]
    public void A_day_on_which_nothing_is_wrong_raises_no_alert()
    {
        using var app = new AlertedApp();
        app.Start();

        app.Pass(hours: 6);

        Assert.Empty(app.Told);
    }

    [Fact]
    public void Blocks_that_stop_and_come_again()
    {
        using var app = new AlertedApp();
        app.Start();
        app.PassMinutes(10);

        app.AreBlocksHeld = true;
        app.PassMinutes(3);

        var alert = app.One(AlertKind.BlocksStopped);
        Assert.Equal((AlertSeverity.Critical, ""), (alert.Severity, alert.Subject));
        app.AreBlocksHeld = false;
        app.PassMinutes(2);
        app.IsOver(AlertKind.BlocksStopped);
    }

    [Fact]
    public void A_prover_that_fails_misses_proofs_loses_slots_and_is_told_of()
    {
        using var app = new AlertedApp();
        app.Start();
        app.Pass(hours: 2);
        Assert.True(app.App.Sales.Health.Pipeline!.Hosted > 0);

        app.ProverFault = WorkFault.Fails;
        app.Pass(hours: 1);

        Assert.Equal("Prover", app.One(AlertKind.HookFailing).Subject);
        var missed = app.Told.Where(told => told.Alert.Kind is AlertKind.ProofMissed).ToList();
        Assert.Contains(missed, told => told is { Change: AlertChange.GoneOn, Alert.Count: > 1 });
        app.Pass(hours: 3);
        Assert.Contains(app.Told, told => told is { Change: AlertChange.Begun, Alert: { Kind: AlertKind.SlotLost, Severity: AlertSeverity.Critical } });

        app.ProverFault = WorkFault.None;
        app.Pass(hours: 8);
        app.IsOver(AlertKind.HookFailing);
        app.IsOver(AlertKind.ProofMissed);
        app.IsOver(AlertKind.SlotLost);
    }

    [Fact]
    public void A_slot_that_missed_a_proof_and_is_paid_has_lost_some_collateral()
    {
        using var app = new AlertedApp();
        app.Start();
        app.Pass(hours: 2);

        app.ProverFault = WorkFault.Fails;
        app.App.Time.RunUntil(() => app.Active(AlertKind.ProofMissed).Count > 0);
        app.ProverFault = WorkFault.None;
        app.Pass(hours: 10);

        var slashed = app.Told.First(told => told.Alert.Kind is AlertKind.CollateralSlashed);
        Assert.Equal((AlertChange.Begun, AlertSeverity.Warning), (slashed.Change, slashed.Alert.Severity));
        app.IsOver(AlertKind.CollateralSlashed);
    }

    [Fact]
    public void Proofs_that_take_nearly_as_long_as_a_period_leaves()
    {
        using var app = new AlertedApp();
        app.Start();
        app.Pass(hours: 2);

        app.TimeToProve = app.App.Sales.Health.Pipeline!.TimeToProve!.Value * 0.9;
        app.Pass(hours: 2);

        Assert.Equal(AlertSeverity.Warning, app.One(AlertKind.ProofInDanger).Severity);
        app.TimeToProve = TimeSpan.FromSeconds(5);
        app.Pass(hours: 6);
        app.IsOver(AlertKind.ProofInDanger);
    }

    [Fact]
    public void Storage_that_fails_and_works_again()
    {
        using var app = new AlertedApp();
        app.DoesStorageFail = true;
        app.Start();

        app.Pass(hours: 1);

        Assert.Equal("Storage", app.One(AlertKind.HookFailing).Subject);
        app.DoesStorageFail = false;
        app.Pass(hours: 6);
        app.IsOver(AlertKind.HookFailing);
    }

    [Fact]
    public void A_market_that_does_not_answer_and_answers_again()
    {
        using var app = new AlertedApp();
        app.DoQuestionsFail = true;
        app.Start();

        app.Pass(hours: 1);

        Assert.Contains("silent", app.One(AlertKind.MarketFailing).Sentence, StringComparison.Ordinal);
        app.DoQuestionsFail = false;
        app.Pass(hours: 1);
        app.IsOver(AlertKind.MarketFailing);
    }

    [Fact]
    public void A_store_that_can_not_be_written_and_can_again()
    {
        using var app = new AlertedApp();
        app.Start();
        app.PassMinutes(1);

        app.StoreFault = StoreFault.Fails;
        app.Pass(hours: 1);

        Assert.Contains("can't be written down", app.One(AlertKind.StoreTrouble).Sentence, StringComparison.Ordinal);
        app.StoreFault = StoreFault.None;
        app.Pass(hours: 1);
        app.IsOver(AlertKind.StoreTrouble);
    }

    [Fact]
    public void A_disk_that_fills_up_and_is_emptied()
    {
        using var app = new AlertedApp();
        app.Start();
        app.FreeBytes = 1_000;
        app.PassMinutes(1);
        Assert.Contains("1000 bytes are free", app.One(AlertKind.DiskLow).Sentence, StringComparison.Ordinal);

        app.FreeBytes = null; // One that doesn't say is not full.
        app.PassMinutes(2);
        app.IsOver(AlertKind.DiskLow);
    }

    [Fact]
    public void Money_that_lasts_for_less_than_the_limits()
    {
        using var app = new AlertedApp();
        app.Money = new AccountMoney(_ether, _ether, _ether / 100, _ether);
        app.Start();
        app.Pass(hours: 4);
        Assert.Empty(app.Told);

        app.Money = new AccountMoney(_ether, 1, _ether / 2, _ether / 100 * 60);
        app.PassMinutes(5);

        Assert.Contains("2 days", app.One(AlertKind.EtherLow).Sentence, StringComparison.Ordinal);
        Assert.Contains("less than a day", app.One(AlertKind.TokensLow).Sentence, StringComparison.Ordinal);
        Assert.Contains("80 %", app.One(AlertKind.FeeLimitNear).Sentence, StringComparison.Ordinal);
        app.Money = new AccountMoney(0, 0, 0, _ether);
        app.PassMinutes(5);
        Assert.Equal(AlertSeverity.Critical, app.One(AlertKind.EtherLow).Severity);
        app.IsOver(AlertKind.FeeLimitNear);
        app.Money = new AccountMoney(_ether * 100, _ether * 100, _ether / 2, _ether);
        app.PassMinutes(5);
        app.IsOver(AlertKind.EtherLow);
        app.IsOver(AlertKind.TokensLow);
    }

    [Fact]
    public void A_node_that_is_of_no_use_for_longer_than_a_moment()
    {
        using var app = new AlertedApp();
        app.Start();
        app.Nodes = [new RpcLinkState("https://a.example/…", 1, "It does not answer."), new RpcLinkState("https://b.example", 1, null)];
        app.PassMinutes(0.5);
        Assert.Empty(app.Active(AlertKind.EndpointDown));

        app.PassMinutes(1);

        Assert.Equal(("https://a.example/…", AlertSeverity.Warning), (app.One(AlertKind.EndpointDown).Subject, app.One(AlertKind.EndpointDown).Severity));
        app.Nodes = [.. app.Nodes.Select(node => node with { Problem = "It does not answer." })];
        app.PassMinutes(2);
        Assert.All(app.Active(AlertKind.EndpointDown), alert => Assert.Equal(AlertSeverity.Critical, alert.Severity));
        Assert.Equal(2, app.Active(AlertKind.EndpointDown).Count);
        app.Nodes = [.. app.Nodes.Select(node => node with { Problem = null })];
        app.PassMinutes(2);
        app.IsOver(AlertKind.EndpointDown);
    }

    [Fact]
    public void A_transaction_that_is_in_no_block_for_long()
    {
        using var app = new AlertedApp();
        app.Start();
        app.PassMinutes(1);
        Tell(app, TransactionNoticeKind.Sent);
        app.PassMinutes(5);
        Tell(app, TransactionNoticeKind.Replaced);
        app.PassMinutes(6);

        Assert.StartsWith("reserveSlot", app.One(AlertKind.TransactionStuck).Subject, StringComparison.Ordinal);
        Tell(app, TransactionNoticeKind.Landed);
        app.PassMinutes(2);
        app.IsOver(AlertKind.TransactionStuck);
    }

    [Fact]
    public void Nothing_sold_although_slots_were_open_until_the_price_is_lower()
    {
        using var app = new AlertedApp([("Availabilities:0:MinPricePerBytePerSecond", "1000000000"), ("Alerts:NothingSoldFor", "02:00:00")]);
        app.Start();
        app.Pass(hours: 6);
        Assert.Equal(AlertSeverity.Warning, app.One(AlertKind.NothingSold).Severity);

        var offer = app.App.Sales.Availabilities.Snapshot[0].Availability with { MinPricePerBytePerSecond = 1 };
        app.App.Sales.Availabilities.SaveAsync(offer);
        app.Pass(hours: 3);

        app.IsOver(AlertKind.NothingSold);
    }

    [Fact]
    public void A_pipeline_that_can_not_sell_at_all()
    {
        using var app = new AlertedApp();
        app.Start();
        app.Problem = "The node has not answered yet.";
        app.PassMinutes(0.5);
        Assert.Empty(app.Active(AlertKind.NotSelling));

        app.PassMinutes(1);

        Assert.Contains("has not answered yet", app.One(AlertKind.NotSelling).Sentence, StringComparison.Ordinal);
        app.Problem = null;
        app.PassMinutes(2);
        app.IsOver(AlertKind.NotSelling);
    }

    private static void Tell(AlertedApp app, TransactionNoticeKind kind)
    {
        var slot = new SlotKey(new RequestId(default), 3);
        app.Transactions.OnNext(new TransactionNotice(
            app.App.Time.Now, kind, new TransactionPurpose(TransactionKind.ReserveSlot, slot, null, 0), 1, null, "It happened."));
    }
}
