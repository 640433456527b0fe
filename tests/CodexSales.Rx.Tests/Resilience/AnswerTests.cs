namespace CodexSales.Rx.Tests.Resilience;

public sealed class AnswerTests
{
    private readonly VirtualTime _time = new();
    private readonly List<string> _told = [];
    private readonly List<string> _asked = [];

    [Fact]
    public void A_query_asks_one_question_after_the_other_and_gives_one_result()
    {
        Tell(from first in Ask("first", 1)
             from second in Ask($"second after {first}", 2)
             from third in Ask($"third after {first} and {second}", 3)
             select first + second + third);

        Assert.Equal(["first", "second after 1", "third after 1 and 2"], _asked);
        Assert.Equal(["6", "over"], _told);
    }

    [Fact]
    public void All_that_follows_from_an_answer_is_told()
    {
        Tell(from first in Ask("first", 1)
             from many in Observable.Range(10, 2, ImmediateScheduler.Instance)
             select first + many);

        Assert.Equal(["11", "12", "over"], _told);
    }

    [Fact]
    public void A_question_that_fails_ends_the_query_and_the_next_one_is_not_asked()
    {
        Tell(from first in Ask("first", 1)
             from failing in Failing()
             from never in Ask("never", 2)
             select first + failing + never);

        Assert.Equal(["first"], _asked);
        Assert.Equal([nameof(FormatException)], _told);
    }

    [Fact]
    public void What_a_step_of_the_query_throws_is_its_error()
    {
        Tell(from first in Ask("first", 1)
             from thrown in Throw<IObservable<int>>()
             select first + thrown);
        Tell(from first in Ask("first", 1)
             from second in Ask("second", 2)
             select Throw<int>());

        Assert.Equal(
            [nameof(NotSupportedException), nameof(NotSupportedException)], _told.Where(told => told != "over"));
    }

    [Fact]
    public void Whoever_unsubscribes_gives_up_the_question_that_is_open()
    {
        var open = new Subject<int>();
        var subscription = (from first in Ask("first", 1) from second in open select first + second).Subscribe();
        _time.RunDue();
        Assert.True(open.HasObservers);

        subscription.Dispose();

        Assert.False(open.HasObservers);
    }

    private void Tell(IObservable<int> query)
    {
        query.Subscribe(
            value => _told.Add($"{value}"), error => _told.Add(error.GetType().Name), () => _told.Add("over"));
        _time.RunDue();
    }

    private PortCall<int> Ask(string question, int answer) => new(
        _time,
        _ =>
        {
            _asked.Add(question);
            return Task.FromResult(answer);
        },
        TimeSpan.FromMinutes(1),
        (_, _) => null,
        _ => { });

    private PortCall<int> Failing() => new(
        _time,
        _ => Task.FromException<int>(new FormatException()),
        TimeSpan.FromMinutes(1),
        (_, _) => null,
        _ => { });

    private static T Throw<T>() => throw new NotSupportedException();
}
