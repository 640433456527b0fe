using System.Reactive;
using System.Reactive.Subjects;

namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>Asks a node over a WebSocket, and hears of new blocks as they come.</summary>
/// <remarks>
/// <para>
/// Connects when it is made and after each loss, later each time (full jitter, to
/// <see cref="RpcOptions.LongestBackOff"/>). A question without a connection gets <see cref="RpcNoAnswer"/> at once;
/// during an attempt to connect it waits for that.
/// </para>
/// <para>
/// After <see cref="RpcOptions.Silence"/> the node is asked for its block number; without an answer it is dead. Broken
/// messages are told in <see cref="States"/> and harm nothing else.
/// </para>
/// <para>Threading: any thread. Answers and notifications come on the scheduler, timers run on it.</para>
/// </remarks>
public sealed class WebSocketRpcTransport : IRpcLink
{
    private static readonly RpcRequest _subscribeToHeads = new("eth_subscribe", "[\"newHeads\"]"u8.ToArray());

    private readonly RpcEndpoint _endpoint;
    private readonly RpcOptions _options;
    private readonly IScheduler _scheduler;
    private readonly Func<CancellationToken, Task<IWire>> _connect;
    private readonly RpcGate _gate;
    private readonly RpcBatches _batches;
    private readonly BackOff _backOff;
    private readonly CancellationTokenSource _life = new();
    private readonly CancellationToken _ended;
    private readonly ISubject<Unit> _wakes = Subject.Synchronize(new Subject<Unit>());
    private readonly Latest<RpcLinkState> _states;

    // The session, or its absence, at the end of an attempt to connect; null between two attempts.
    private volatile TaskCompletionSource<RpcSession?> _session = new();

    /// <summary>Begins to connect.</summary>
    /// <param name="endpoint">A URL of scheme ws or wss.</param>
    /// <param name="options">The defaults when null.</param>
    /// <param name="scheduler">Where time passes and everything is told.</param>
    /// <exception cref="ArgumentException">The URL is of another scheme, or an option outside of its range.</exception>
    public WebSocketRpcTransport(RpcEndpoint endpoint, RpcOptions? options, IScheduler scheduler)
        : this(
            endpoint,
            options ?? new RpcOptions(),
            scheduler,
            cancellation => WebSocketWire.ConnectAsync(endpoint, options ?? new RpcOptions(), cancellation))
    {
    }

    internal WebSocketRpcTransport(
        RpcEndpoint endpoint, RpcOptions options, IScheduler scheduler, Func<CancellationToken, Task<IWire>> connect)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(scheduler);
        options = options with { }; // Later changes would not be validated.
        OptionErrors.ThrowAny(options.FindErrors());
        if (!endpoint.IsWebSocket)
        {
            throw new ArgumentException("The URL's scheme is neither ws nor wss.", nameof(endpoint));
        }

        (_endpoint, _options, _scheduler, _connect) = (endpoint, options, scheduler, connect);
        _ended = _life.Token;
        _gate = new RpcGate(options, scheduler);
        _backOff = new BackOff(
            options.LongestBackOff, options.HealthyPeriod, new Random((int)(scheduler.Now.Ticks & int.MaxValue)));
        _states = new Latest<RpcLinkState>(new RpcLinkState(endpoint.Name, 0, "There is no connection yet."));
        _batches = new RpcBatches(options.MaxBatch);
        scheduler.Schedule(() => _ = StayConnectedAsync());
    }

    /// <inheritdoc/>
    public RpcLinkState State => _states.Value;

    /// <inheritdoc/>
    public IObservable<RpcLinkState> States => _states.Values;

    /// <inheritdoc/>
    public IObservable<Unit> Wakes => _wakes.AsObservable();

    /// <inheritdoc/>
    public async Task<RpcReply> AskAsync(RpcRequest request, CancellationToken cancellationToken = default) =>
        (await AskMessageAsync([request], cancellationToken).ConfigureAwait(false))[0];

    /// <inheritdoc/>
    public Task<IReadOnlyList<RpcReply>> AskAsync(
        IReadOnlyList<RpcRequest> requests, CancellationToken cancellationToken = default) =>
        _batches.AskAsync(requests, batch => AskMessageAsync(batch, cancellationToken));

    /// <inheritdoc/>
    public void Suspect(string reason)
    {
        if (_session.Task is { IsCompletedSuccessfully: true } connected)
        {
            _ = EndAsync(connected, reason);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_ended.IsCancellationRequested)
        {
            _life.Cancel();
            _life.Dispose();
            Suspect("The transport was closed.");
        }
    }

    private void Notified()
    {
        // Its earlier messages may not have been understood, but it makes sense again.
        if (State.Problem is not null)
        {
            _states.Value = State with { Problem = null };
        }

        _wakes.OnNext(Unit.Default);
    }

    private void Complained(string problem) => _states.Value = State with { Problem = problem };

    private async Task<IReadOnlyList<RpcReply>> AskMessageAsync(
        IReadOnlyList<RpcRequest> requests, CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(requests.Count, cancellationToken).ConfigureAwait(false);
        try
        {
            var session = await _session.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return session is null
                ? [.. requests.Select(_ => new RpcNoAnswer($"There is no connection to {_endpoint}.", false))]
                : await session.AskAsync(requests, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Leave();
        }
    }

    private async Task StayConnectedAsync()
    {
        try
        {
            while (true)
            {
                var (heldFor, problem) = await HoldConnectionAsync().ConfigureAwait(false);
                _states.Value = State with { Problem = problem };
                await _scheduler.Sleep(_backOff.Next(heldFor), _ended).ConfigureAwait(false);
                _session = new TaskCompletionSource<RpcSession?>();
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            _session.TrySetResult(null);
        }
    }

    // Connects, stays until the connection ends, and says how long it held and why it ended.
    private async Task<(TimeSpan HeldFor, string Problem)> HoldConnectionAsync()
    {
        var attempt = _session;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_ended);
        var timer = _scheduler.Schedule(_options.Timeout, deadline.Cancel);
        IWire wire;
        try
        {
            wire = await _connect(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is IOException or OperationCanceledException)
        {
            timer.Dispose();
            await _scheduler.Yield(_ended).ConfigureAwait(false);
            attempt.TrySetResult(null);
            var why = failed is IOException ? failed.Message : "it takes too long.";
            return (TimeSpan.Zero, $"There is no connection to {_endpoint}: {_endpoint.Scrub(why)}");
        }

        timer.Dispose();
        using var session = new RpcSession(wire, _endpoint, _options, _scheduler, Notified, Complained);
        return await HoldAsync(session, attempt).ConfigureAwait(false);
    }

    private async Task<(TimeSpan HeldFor, string Problem)> HoldAsync(
        RpcSession session, TaskCompletionSource<RpcSession?> attempt)
    {
        var end = session.RunAsync();
        await _scheduler.Yield(_ended).ConfigureAwait(false);
        var begun = _scheduler.Now;
        _batches.Forget();
        _states.Value = new RpcLinkState(_endpoint.Name, State.Connections + 1, null);
        attempt.TrySetResult(session);

        // A node that can't push heads is asked by timers.
        await session.AskAsync([_subscribeToHeads], _ended).ConfigureAwait(false);
        _wakes.OnNext(Unit.Default);

        var reason = await end.ConfigureAwait(false);
        _session = new TaskCompletionSource<RpcSession?>();
        _session.SetResult(null);
        await _scheduler.Yield(_ended).ConfigureAwait(false);
        return (_scheduler.Now - begun, reason);
    }

    private static async Task EndAsync(Task<RpcSession?> connected, string reason) =>
        (await connected.ConfigureAwait(false))?.End(reason);
}
