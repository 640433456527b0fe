using System.Reactive;

namespace CodexSales.Rx.Tests.Resilience;

/// <summary>How what failed for now is tried again.</summary>
public sealed class RetryTests
{
    private static readonly SellingOptions Options = new()
    {
        FirstRetryDelay = TimeSpan.FromSeconds(1),
        LongestRetryDelay = TimeSpan.FromMinutes(1),
    };

    private readonly VirtualTime _time = new();
    private readonly List<Exception> _reported = [];

    [Fact]
    public void Each_wait_is_up_to_twice_as_long_as_the_one_before_up_to_the_longest_and_at_least_half_of_that()
    {
        var waits = WaitsOf(seed: 1, tries: 100);

        for (var i = 0; i < waits.Count; i++)
        {
            var ceiling = Math.Min(60, Math.Pow(2, Math.Min(i, 30)));
            Assert.InRange(waits[i].TotalSeconds, ceiling / 2, ceiling);
        }

        Assert.True(waits.Distinct().Count() > 90);
        Assert.Equal(100, _reported.Count);
    }

    [Fact]
    public void Hosts_do_not_try_again_at_the_same_moments_and_the_same_host_does() =>
        Assert.Equal(
            (true, false), (WaitsOf(1, 9).SequenceEqual(WaitsOf(1, 9)), WaitsOf(1, 9).SequenceEqual(WaitsOf(2, 9))));

    [Fact]
    public void A_question_is_asked_again_when_the_market_is_away_or_silent_and_not_when_it_is_broken()
    {
        var calls = 0;
        var notifications = new List<Notification<int>>();

        NewRetry(1).Ask(_ => ++calls switch
        {
            1 => Task.FromException<int>(new MarketUnavailableException("Away.")),
            2 => new TaskCompletionSource<int>().Task,
            _ => Task.FromException<int>(new InvalidOperationException("Broken.")),
        }).Materialize().Subscribe(notifications.Add);
        _time.AdvanceBy(TimeSpan.FromMinutes(5));

        Assert.Equal(3, calls);
        Assert.IsType<InvalidOperationException>(Assert.Single(notifications).Exception);
        Assert.Equal([typeof(MarketUnavailableException), typeof(DeadlineException)], _reported.Select(error => error.GetType()));
    }

    [Fact]
    public void An_attempt_that_finds_that_it_is_too_early_is_no_trouble()
    {
        var attempts = 0;
        var found = "";

        NewRetry(1).UntilDone(() => Observable.Return(++attempts < 5 ? null : "done")).Subscribe(done => found = done);
        _time.AdvanceBy(TimeSpan.FromMinutes(1));

        Assert.Equal(("done", 5), (found, attempts));
        Assert.Empty(_reported);
    }

    [Fact]
    public void What_a_port_does_at_once_says_nothing_of_other_work_of_it_that_fails()
    {
        var ports = new PortWatch(_time);
        var retry = new Retry(Options, new Random(1), _reported.Add, ports, _time);
        ports.NoteFailure(HostPort.Storage, "The disk is full.");

        retry.UntilDone(HostPort.Storage, _ => Task.CompletedTask).Subscribe();
        _time.AdvanceBy(TimeSpan.FromSeconds(1));
        Assert.Equal(1, ports[HostPort.Storage]!.Failures);

        var calls = 0;
        retry.UntilDone(HostPort.Storage, _ => ++calls > 1 ? Task.CompletedTask : Task.FromException(new IOException("Away.")))
            .Subscribe();
        _time.AdvanceBy(TimeSpan.FromSeconds(10));
        Assert.Null(ports[HostPort.Storage]);
    }

    [Fact]
    public void Transactions_that_are_not_sent_are_failures_in_a_row()
    {
        var ports = new PortWatch(_time);
        var retry = new Retry(Options, new Random(1), _reported.Add, ports, _time);

        Send(new TransactionNotSent("The base fee is above the cap."), times: 3);
        Assert.Equal(3, ports[HostPort.Transactions]!.Failures);

        Send(new TransactionRefused(MarketRefusal.SlotNotFree, "Another host fills it."), times: 1);
        Assert.Null(ports[HostPort.Transactions]);

        void Send(TransactionOutcome outcome, int times)
        {
            for (var time = 0; time < times; time++)
            {
                retry.Send(_ => Task.FromResult(outcome)).Subscribe();
                _time.AdvanceBy(TimeSpan.FromSeconds(1));
            }
        }
    }

    private Retry NewRetry(int seed) => new(Options, new Random(seed), _reported.Add, new PortWatch(_time), _time);

    private List<TimeSpan> WaitsOf(int seed, int tries)
    {
        var moments = new List<DateTimeOffset>();
        using var attempts = NewRetry(seed).RetryForever(Observable.Defer(() =>
        {
            moments.Add(_time.Now);
            return moments.Count <= tries
                ? Observable.Throw<Unit>(new InvalidOperationException("Not now."))
                : Observable.Return(Unit.Default);
        })).Subscribe();
        _time.RunUntilIdle(1_000);
        return [.. moments.Zip(moments.Skip(1), (before, after) => after - before)];
    }
}
