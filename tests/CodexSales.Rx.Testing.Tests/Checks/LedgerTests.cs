namespace CodexSales.Rx.Testing.Tests.Checks;

public sealed class LedgerTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public void A_subscription_counts_until_it_is_disposed_of()
    {
        var ledger = new SubscriptionLedger();
        var first = ledger.Watch(Observable.Never<int>(), "numbers").Subscribe();
        using var second = ledger.Watch(Observable.Return(1, ImmediateScheduler.Instance), "one").Subscribe();

        Assert.Equal(1, ledger.LiveCount);
        var violation = Assert.Throws<ContractViolationException>(ledger.AssertAllGone);
        Assert.Equal("Still subscribed to: numbers (1).", violation.Message);

        first.Dispose();
        ledger.AssertAllGone();
    }

    [Fact]
    public void What_waits_on_a_scheduler_counts_until_it_runs_or_is_cancelled()
    {
        var ledger = new SchedulerLedger(_time);
        ledger.Schedule(TimeSpan.FromSeconds(1), () => { });
        var cancelled = ledger.Schedule(TimeSpan.FromSeconds(9), () => { });
        _time.Schedule(TimeSpan.FromSeconds(9), () => { });
        Assert.Equal(2, ledger.PendingCount);

        cancelled.Dispose();
        cancelled.Dispose();
        Assert.Equal(1, ledger.PendingCount);

        _time.AdvanceBy(TimeSpan.FromSeconds(1));
        Assert.Equal((0, 1), (ledger.PendingCount, _time.PendingCount));
    }

    [Fact]
    public void What_work_schedules_in_its_turn_counts_too()
    {
        var ledger = new SchedulerLedger(_time);
        using var ticks = Observable.Interval(TimeSpan.FromSeconds(1), ledger).Subscribe();

        _time.AdvanceBy(TimeSpan.FromSeconds(5));

        Assert.Equal(1, ledger.PendingCount);
        ticks.Dispose();
        Assert.Equal((0, 0), (ledger.PendingCount, _time.PendingCount));
    }

    [Fact]
    public void Whoever_touches_forbidden_time_is_told()
    {
        Assert.Throws<ContractViolationException>(() => ForbiddenScheduler.Instance.Now);
        Assert.Throws<ContractViolationException>(() => ForbiddenScheduler.Instance.Schedule(() => { }));
        var violation = Assert.Throws<ContractViolationException>(() =>
            Observable.Timer(TimeSpan.FromSeconds(3), ForbiddenScheduler.Instance).Subscribe());
        Assert.Equal(
            "Time must not be touched here: it was asked to run something after 00:00:03.", violation.Message);
    }
}
