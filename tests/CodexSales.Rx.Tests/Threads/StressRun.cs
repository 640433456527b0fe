using System.Collections.Concurrent;

namespace CodexSales.Rx.Tests.Threads;

/// <summary>One run of the pipeline on a loop, which another thread ends at some moment.</summary>
internal sealed class StressRun : IDisposable
{
    private readonly Random _random;
    private readonly HastyLoop _loop = new();
    private readonly HastyLoop.View _core;
    private readonly SimulatedChain _chain;
    private readonly PoolStorage _storage = new();
    private readonly HookedStore _store;
    private readonly PoolMarket _market;
    private readonly SalesPipeline _pipeline;
    private readonly CompositeDisposable _watchers = [];
    private readonly ConcurrentQueue<Exception> _errors = [];
    private readonly CancellationTokenSource _token = new();
    private readonly ManualResetEventSlim _moment = new();
    private Task _start = Task.CompletedTask;
    private int _saves;

    public StressRun(int seed)
    {
        _random = new Random(seed);
        _core = _loop.MakeView();
        _chain = new SimulatedChain(_loop.MakeQuietView());
        _market = new PoolMarket(_chain.ConnectHost(SalesFixture.Us), _loop);
        // Done at once now and then, else on a thread of the pool.
        _store = new HookedStore(write => Interlocked.Increment(ref _saves) % 3 == 0 ? write() : Task.Run(write));
        _pipeline = MakePipeline(_core);
        foreach (var watcher in Throwing.WatchAll(_pipeline, _random))
        {
            _watchers.Add(watcher);
        }
    }

    /// <summary>The ways to end it.</summary>
    public enum Way
    {
        DisposeOfPipeline,
        InsideOfAStep,
        CancelStart,
        Stop,
        CancelStop,
        ProcessExit,
    }

    /// <summary>Runs until it is ended, and says what is not as it should be then.</summary>
    public IReadOnlyList<string> FindFaults(Way way)
    {
        var steps = _random.Next(1, 2_000);
        _loop.Stepped = step =>
        {
            if (step >= steps && !_moment.IsSet)
            {
                _moment.Set();
            }
        };
        Begin(way);
        if (!_moment.Wait(TimeSpan.FromSeconds(20)))
        {
            return [$"It came no further than to {_loop.Steps} of {steps} steps. {_loop.Failures.FirstOrDefault()}"];
        }

        End(way);
        _pipeline.Dispose();
        _loop.Post(_chain.Dispose);
        _loop.AwaitTurn();
        _loop.Dispose();
        return [.. Faults()];
    }

    public void Dispose()
    {
        _pipeline.Dispose();
        _watchers.Dispose();
        _token.Dispose();
        _moment.Dispose();
        _chain.Dispose();
        _loop.Dispose();
    }

    private SalesPipeline MakePipeline(IScheduler core) => new(
        _market, _storage, new PoolProver(), new SalesPipelineOptions { Seed = 7 }, core, _store);

    private void Begin(Way way)
    {
        _pipeline.Availabilities.SaveAsync(SalesFixture.Offer()).ContinueWith(
            _ => _loop.Post(() =>
            {
                for (var i = 0; i < 4; i++)
                {
                    _chain.RequestStorage(SalesFixture.Ask(price: 2, slots: 3, durationSeconds: 7_200), 3_600);
                }
            }),
            TaskScheduler.Default);
        var thrownAt = _random.Next(40);
        _watchers.Add(_pipeline.Steps.Subscribe(_ =>
        {
            if (thrownAt-- == 0)
            {
                throw new ThrownOnPurposeException();
            }
        }));
        var disposedAt = way is Way.InsideOfAStep ? _random.Next(20) : int.MaxValue;
        _watchers.Add(_pipeline.Steps.Subscribe(
            _ =>
            {
                if (disposedAt-- == 0)
                {
                    _pipeline.Dispose();
                }
            },
            error =>
            {
                _errors.Enqueue(error);
                _moment.Set();
            },
            _moment.Set));
        _start = _pipeline.StartAsync(_token.Token);
    }

    private void End(Way way)
    {
        switch (way)
        {
            case Way.CancelStart:
                _token.Cancel();
                break;
            case Way.Stop or Way.CancelStop:
                var stop = _pipeline.StopAsync(
                    TimeSpan.FromSeconds(way is Way.Stop ? _random.Next(60) : int.MaxValue), _token.Token);
                _token.CancelAfter(way is Way.Stop ? Timeout.Infinite : 0);
                if (!stop.Wait(TimeSpan.FromSeconds(20)))
                {
                    _errors.Enqueue(new TimeoutException("It does not come to rest."));
                }

                break;
            case Way.ProcessExit:
                _loop.Dispose();
                break;
        }
    }

    private IEnumerable<string> Faults()
    {
        if (!Task.WhenAll(_start, _pipeline.Completion).ContinueWith(_ => { }, TaskScheduler.Default).Wait(TimeSpan.FromSeconds(20)))
        {
            yield return "Its start or its completion is awaited for ever.";
        }

        if (!_pipeline.Completion.IsCompletedSuccessfully)
        {
            yield return $"It has ended with {_pipeline.Completion.Exception?.Message}.";
        }

        if (!_loop.HasEnded())
        {
            yield return "The core's thread goes on.";
        }

        foreach (var failure in _loop.Failures.Concat(_errors.Where(error => error is not ThrownOnPurposeException)))
        {
            yield return failure.ToString();
        }

        // An answer that comes at this very moment is scheduled and cancelled again.
        if (!SpinWait.SpinUntil(() => _core.PendingCount == 0, TimeSpan.FromSeconds(20)))
        {
            yield return $"{_core.PendingCount} timers are left.";
        }

        if (!SpinWait.SpinUntil(() => _storage.Running == 0, TimeSpan.FromSeconds(20)))
        {
            yield return $"{_storage.Running} downloads go on.";
        }

        using var next = MakePipeline(new VirtualTime());
        foreach (var balance in _pipeline.Availabilities.Snapshot.Concat(next.Availabilities.Snapshot))
        {
            if (BooksContract.FindFault(balance) is { } fault)
            {
                yield return fault;
            }
        }
    }
}
