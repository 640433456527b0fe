namespace CodexSales.Rx.Tests.Resilience;

public sealed class DeadlineOperatorsTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly VirtualTime _time = new();
    private readonly Subject<int> _work = new();
    private readonly List<string> _told = [];

    [Fact]
    public void Work_that_is_over_in_time_is_passed_on_and_leaves_no_timer()
    {
        Begin();
        _time.AdvanceBy(Deadline - TimeSpan.FromTicks(1));

        _work.OnNext(7);
        _work.OnCompleted();

        Assert.Equal(["7", "over"], _told);
        Assert.Equal(0, _time.PendingCount);
    }

    [Fact]
    public void Work_that_is_not_over_by_its_deadline_fails_and_is_given_up()
    {
        Begin();
        _work.OnNext(1);
        _time.AdvanceBy(Deadline - TimeSpan.FromTicks(1));
        _work.OnNext(2);

        _time.AdvanceBy(TimeSpan.FromTicks(1));

        Assert.Equal(["1", "2", nameof(DeadlineException)], _told);
        Assert.False(_work.HasObservers);
    }

    [Fact]
    public void Whoever_unsubscribes_leaves_neither_work_nor_timer()
    {
        Begin().Dispose();

        Assert.False(_work.HasObservers);
        Assert.Equal(0, _time.PendingCount);
    }

    private IDisposable Begin() => _work.Within(Deadline, _time).Subscribe(
        value => _told.Add($"{value}"), error => _told.Add(error.GetType().Name), () => _told.Add("over"));
}
