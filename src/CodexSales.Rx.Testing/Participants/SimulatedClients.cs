using CodexSales.Rx.Testing.Chain;

namespace CodexSales.Rx.Testing.Participants;

/// <summary>Clients that keep asking for storage on a <see cref="SimulatedChain"/>, with the money for it.</summary>
/// <remarks>Starts at once, and stops when it is disposed, without leaving a timer.</remarks>
public sealed class SimulatedClients : IDisposable
{
    private readonly SimulatedChain _chain;
    private readonly SimulatedClientsOptions _options;
    private readonly RandomAsks _asks;
    private readonly Random _random;
    private readonly CompositeDisposable _timers = [];

    /// <summary>Starts the clients.</summary>
    /// <param name="chain">The chain on which they ask.</param>
    /// <param name="options">The defaults when null.</param>
    public SimulatedClients(SimulatedChain chain, SimulatedClientsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(chain);
        _chain = chain;
        _options = options ?? new SimulatedClientsOptions();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.RequestsPerHour, nameof(options));
        _random = new Random(_options.Seed);
        _asks = new RandomAsks(_random, chain.Options.MaxDurationSeconds);
        _timers.Add(chain.Scheduler.Schedule(DrawPause(), again =>
        {
            Request();
            again(DrawPause());
        }));
    }

    /// <summary>The number of requests sent.</summary>
    public int SentRequests { get; private set; }

    /// <summary>Stops at once, and leaves no timer.</summary>
    public void Dispose() => _timers.Dispose();

    private void Request()
    {
        SentRequests++;
        var ask = _random.NextDouble() < _options.HostileShare ? _asks.DrawHostile() : _asks.Draw();
        var expirySeconds = _asks.DrawExpiry(ask);
        var request = _chain.RequestStorage(ask, expirySeconds);
        if (_random.NextDouble() < _options.WithdrawingShare)
        {
            WithdrawAfter(TimeSpan.FromSeconds(expirySeconds) + DrawPause(), request);
        }
    }

    private void WithdrawAfter(TimeSpan span, RequestId request)
    {
        var timer = new SingleAssignmentDisposable();
        _timers.Add(timer);
        timer.Disposable = _chain.Scheduler.Schedule(span, () =>
        {
            _timers.Remove(timer);
            if (_chain.Contract.FindRequest(request)?.StateAt(_chain.Pending.Time) == RequestState.Cancelled)
            {
                _ = _chain.WithdrawFundsAsync(request);
            }
        });
    }

    // The time between independent events is distributed exponentially.
    private TimeSpan DrawPause() => TimeSpan.FromHours(-Math.Log(1 - _random.NextDouble()) / _options.RequestsPerHour);
}
