namespace CodexSales.Rx.Tests.Resilience;

public sealed class ConcurrencyLimiterTests
{
    private readonly VirtualTime _time = new();
    private readonly List<int> _begun = [];
    private readonly List<Subject<int>> _works = [];

    [Fact]
    public void No_more_than_the_limit_are_inside_and_the_others_enter_in_order()
    {
        var turnstile = new ConcurrencyLimiter(2, _time);
        var ended = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            var number = i;
            turnstile.Pass(Work(i)).Subscribe(_ => { }, () => ended.Add(number));
        }

        Assert.Equal([0, 1], _begun);
        _works[1].OnCompleted();
        _time.RunDue();
        Assert.Equal([0, 1, 2], _begun);
        _works[0].OnCompleted();
        _works[2].OnCompleted();
        _time.RunDue();

        Assert.Equal([0, 1, 2, 3, 4], _begun);
        Assert.Equal([1, 0, 2], ended);
    }

    [Fact]
    public void A_failure_gives_up_its_turn_too()
    {
        var turnstile = new ConcurrencyLimiter(1, _time);
        Exception? error = null;
        turnstile.Pass(Work(0)).Subscribe(_ => { }, thrown => error = thrown);
        turnstile.Pass(Work(1)).Subscribe();

        _works[0].OnError(new InvalidOperationException("broken"));
        _time.RunDue();

        Assert.NotNull(error);
        Assert.Equal([0, 1], _begun);
    }

    [Fact]
    public void Who_unsubscribes_gives_up_the_turn_or_the_place()
    {
        var turnstile = new ConcurrencyLimiter(1, _time);
        var inside = turnstile.Pass(Work(0)).Subscribe();
        var waiting = turnstile.Pass(Work(1)).Subscribe();
        turnstile.Pass(Work(2)).Subscribe();

        waiting.Dispose();
        inside.Dispose();
        _time.RunDue();

        Assert.Equal([0, 2], _begun);
        Assert.False(_works[0].HasObservers);
    }

    [Fact]
    public void When_all_unsubscribe_no_timer_is_left()
    {
        var turnstile = new ConcurrencyLimiter(1, _time);
        var all = Enumerable.Range(0, 3).Select(i => turnstile.Pass(Work(i)).Subscribe()).ToList();

        all.ForEach(each => each.Dispose());

        Assert.Equal(0, _time.PendingCount);
        Assert.Equal([0], _begun);
    }

    private IObservable<int> Work(int number)
    {
        var work = new Subject<int>();
        _works.Add(work);
        return Observable.Defer(() =>
        {
            _begun.Add(number);
            return work;
        });
    }
}
