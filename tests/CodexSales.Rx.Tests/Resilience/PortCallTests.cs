namespace CodexSales.Rx.Tests.Resilience;

public sealed class PortCallTests
{
    private readonly VirtualTime _time = new();
    private readonly List<TaskCompletionSource<int>> _calls = [];
    private readonly List<CancellationToken> _tokens = [];
    private readonly List<int> _answers = [];
    private readonly List<Exception> _failures = [];
    private Exception? _error;

    [Fact]
    public void An_answer_comes_on_the_core()
    {
        using var call = Call(retries: 0);
        _calls[0].SetResult(7);
        Assert.Empty(_answers);

        _time.RunDue();

        Assert.Equal([7], _answers);
        Assert.Equal(0, _time.PendingCount);
    }

    [Fact]
    public void A_call_without_an_answer_in_time_is_cancelled_and_made_again()
    {
        using var call = Call(retries: 1);

        _time.AdvanceBy(TimeSpan.FromSeconds(11));

        Assert.True(_tokens[0].IsCancellationRequested);
        Assert.IsType<DeadlineException>(Assert.Single(_failures));
        _calls[1].SetResult(8);
        _time.RunDue();
        Assert.Equal([8], _answers);
        Assert.Equal(0, _time.PendingCount);
    }

    [Theory]
    [InlineData(10.5)]
    [InlineData(12)]
    public void What_a_port_says_to_a_call_that_was_given_up_is_no_answer_to_the_next_one(double seconds)
    {
        using var call = Call(retries: 1);
        _time.AdvanceBy(TimeSpan.FromSeconds(seconds));

        _calls[0].SetCanceled(TestContext.Current.CancellationToken);
        _time.AdvanceBy(TimeSpan.FromSeconds(2));

        Assert.Null(_error);
        _calls[1].SetResult(8);
        _time.RunDue();
        Assert.Equal([8], _answers);
    }

    [Fact]
    public void A_port_that_throws_has_failed()
    {
        using var call = new PortCall<int>(_time, _ => throw new InvalidOperationException("broken"), Deadline, (_, _) => null, _ => { })
            .Subscribe(_answers.Add, error => _error = error);

        _time.RunDue();

        Assert.IsType<InvalidOperationException>(_error);
    }

    [Fact]
    public void To_unsubscribe_cancels_the_call_and_leaves_no_timer()
    {
        var call = Call(retries: 1);

        call.Dispose();
        _calls[0].SetResult(7);
        _time.RunDue();

        Assert.True(_tokens[0].IsCancellationRequested);
        Assert.Empty(_answers);
        Assert.Equal(0, _time.PendingCount);
    }

    [Fact]
    public void To_unsubscribe_between_two_calls_leaves_no_timer()
    {
        var call = Call(retries: 1);
        _time.AdvanceBy(TimeSpan.FromSeconds(10.5));

        call.Dispose();

        Assert.Equal(0, _time.PendingCount);
        Assert.Single(_calls);
    }

    [Fact]
    public void An_answer_at_the_very_moment_of_the_deadline_is_not_too_late()
    {
        _time.Schedule(Deadline, () => _calls[0].SetResult(7));
        using var call = Call(retries: 1);

        _time.AdvanceBy(Deadline);

        Assert.Equal([7], _answers);
        Assert.Single(_calls);
        Assert.Equal(0, _time.PendingCount);
    }

    private static TimeSpan Deadline => TimeSpan.FromSeconds(10);

    private IDisposable Call(int retries) => new PortCall<int>(
        _time,
        cancellation =>
        {
            _tokens.Add(cancellation);
            _calls.Add(new TaskCompletionSource<int>());
            return _calls[^1].Task;
        },
        Deadline,
        (error, failures) =>
        {
            _failures.Add(error);
            return failures < retries ? TimeSpan.FromSeconds(1) : null;
        },
        _ => { }).Subscribe(_answers.Add, error => _error = error);
}
